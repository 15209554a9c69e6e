using System.Buffers;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Registry;

/// <summary>
/// A session as the registry names it: PROFILE.ID, or PROFILE.ID.LABEL. So counting, and looking for a label, takes no more than the names in a directory.
/// </summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Label">--name, or the profile's; null for none.</param>
internal sealed record SessionName(ProfileName Profile, string Id, string? Label)
{
    public const int IdDigits = 32;

    /// <summary>Digits of an id that are enough to mean it, if no other session has the same.</summary>
    private const int FewestDigits = 4;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Null for any other name.</summary>
    public static SessionName? Parse(string name)
    {
        string[] parts = name.Split('.');
        bool isSession = parts.Length is 2 or 3 && IsId(parts[1]) && (parts.Length == 2 || IsLabel(parts[2]));
        return isSession && ProfileName.TryParse(parts[0], out ProfileName? profile) && profile is { } known
            ? new SessionName(known, parts[1], parts.Length == 3 ? parts[2] : null)
            : null;
    }

    public static bool IsId(string text) => text.Length == IdDigits && !text.AsSpan().ContainsAnyExcept(Digits);

    /// <summary>A label looks as the name of a profile does.</summary>
    public static bool IsLabel(string text) => ProfileName.TryParse(text, out _);

    /// <summary>
    /// Which of these an operand means: that label, else that id or the only one that begins so, else the only session of that profile.
    /// Null for none.
    /// </summary>
    /// <param name="isAmbiguous">More than one, and none of them more than the others.</param>
    public static SessionName? Find(IReadOnlyList<SessionName> names, string word, out bool isAmbiguous)
    {
        bool isPrefix = word.Length >= FewestDigits && !word.AsSpan().ContainsAnyExcept(Digits);
        foreach (Predicate<SessionName> means in (ReadOnlySpan<Predicate<SessionName>>)
        [
            name => name.Label == word,
            name => isPrefix && name.Id.StartsWith(word, StringComparison.Ordinal),
            name => name.Profile.Text == word,
        ])
        {
            List<SessionName> meant = [];
            foreach (SessionName name in names)
            {
                if (means(name))
                {
                    meant.Add(name);
                }
            }

            isAmbiguous = meant.Count > 1;
            if (meant.Count > 0)
            {
                return isAmbiguous ? null : meant[0];
            }
        }

        isAmbiguous = false;
        return null;
    }

    public override string ToString() => Label is null ? string.Concat(Profile.Text, ".", Id) : string.Concat(string.Concat(Profile.Text, ".", Id), ".", Label);
}
