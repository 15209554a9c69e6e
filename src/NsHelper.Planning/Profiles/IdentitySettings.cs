namespace NsHelper.Planning.Profiles;

/// <summary>[identity]: the user is always the caller.</summary>
internal sealed record IdentitySettings
{
    /// <summary>Of the command; null for the caller's.</summary>
    public required uint? Umask { get; init; }

    public static IdentitySettings OfCaller { get; } = new() { Umask = null };
}
