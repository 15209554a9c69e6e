using System.Diagnostics.CodeAnalysis;

namespace NsHelper.Planning.Profiles;

/// <summary>The name of a profile (and the form of share names and labels): ^[a-z0-9][a-z0-9_-]{0,62}$, so it can never be a path.</summary>
internal readonly record struct ProfileName
{
    private const int MaxLength = 63;
    private readonly string? text;

    private ProfileName(string text) => this.text = text;

    public string Text => text ?? throw new InvalidOperationException("default(ProfileName) names nothing");

    public static bool TryParse(string text, [NotNullWhen(true)] out ProfileName? name)
    {
        name = null;
        if (text.Length is 0 or > MaxLength || text[0] is '_' or '-')
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-'))
            {
                return false;
            }
        }

        name = new ProfileName(text);
        return true;
    }

    public static ProfileName Parse(string text) =>
        TryParse(text, out ProfileName? name) ? name.Value : throw new ArgumentException("not a profile name", nameof(text));

    public override string ToString() => Text;
}
