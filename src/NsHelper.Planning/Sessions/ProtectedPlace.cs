using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Who says what a place is; of two that speak of the same place the later of these is heard.</summary>
internal enum PlaceAuthority
{
    Preset,
    Listed,

    /// <summary>What is mounted there has restrictions of its own.</summary>
    Mount,
}

/// <summary>One rule about a place and what is below it.</summary>
internal sealed record ProtectedPlace(AbsolutePath Path, PlaceRule Rule, PlaceAuthority Authority, SourceLocation Location);
