namespace NsHelper.Planning.Registry;

/// <summary>How many sessions there may be.</summary>
/// <param name="OfProfile">Of one user and one profile.</param>
/// <param name="OfUser">Of one user.</param>
/// <param name="InTotal">On the host; null without a bound.</param>
internal sealed record SessionLimits(long OfProfile, long OfUser, long? InTotal)
{
    public const long UsualOfProfile = 32;
    public const long UsualOfUser = 128;

    /// <summary>Why a user with so many sessions may not have one more; null: he may.</summary>
    /// <param name="others">How many all other users have; of no meaning without a bound in total.</param>
    public string? Reached(SessionCount count, string? label, long others) =>
        count.HasLabel ? $"you have a session named {label} already"
        : count.OfProfile >= OfProfile ? $"you have as many sessions of it as the profile allows ({OfProfile})"
        : count.OfUser >= OfUser ? $"you have as many sessions as this host allows a user ({OfUser})"
        : others + count.OfUser >= InTotal ? $"there are as many sessions as this host allows ({InTotal})"
        : null;
}
