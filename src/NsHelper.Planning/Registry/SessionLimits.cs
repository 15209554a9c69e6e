namespace NsHelper.Planning.Registry;

/// <summary>How many sessions there may be.</summary>
/// <param name="OfProfile">Of one user and one profile.</param>
/// <param name="OfUser">Of one user.</param>
/// <param name="InTotal">On the host; null without a bound.</param>
internal sealed record SessionLimits(long OfProfile, long OfUser, long? InTotal)
{
    public const long UsualOfProfile = 32;
    public const long UsualOfUser = 128;

    /// <summary>Why a user with these sessions may not have one more; null: he may.</summary>
    public string? Reached(IReadOnlyList<SessionName> names, SessionName wanted)
    {
        int ofProfile = 0;
        foreach (SessionName name in names)
        {
            if (wanted.Label is { } label && name.Label == label)
            {
                return $"you have a session named {label} already";
            }

            ofProfile += name.Profile == wanted.Profile ? 1 : 0;
        }

        return ofProfile >= OfProfile ? $"you have as many sessions of it as the profile allows ({OfProfile})"
            : names.Count >= OfUser ? $"you have as many sessions as this host allows a user ({OfUser})"
            : null;
    }

    /// <summary>The same of the host; null: there may be one more.</summary>
    public string? ReachedInTotal(long sessions) => sessions >= InTotal ? $"there are as many sessions as this host allows ({InTotal})" : null;
}
