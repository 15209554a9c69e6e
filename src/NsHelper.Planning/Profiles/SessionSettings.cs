using NsHelper.Planning.Registry;

namespace NsHelper.Planning.Profiles;

/// <summary>What sessions of a profile are to each other and to those who start them.</summary>
internal sealed record SessionSettings
{
    /// <summary>What each is called where the command line does not say; so there is one at a time. Null for nothing.</summary>
    public required string? Label { get; init; }

    /// <summary>Whether its user may enter one that is running.</summary>
    public required bool MayBeJoined { get; init; }
    public required SessionLimits Limits { get; init; }
    public required SourceLocation Location { get; init; }
}
