using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Settings;

/// <summary>login.toml: whose login begins a session of which profile. Whom it does not have gets no shell.</summary>
internal sealed record LoginMap(ImmutableArray<LoginEntry> Entries)
{
    public const string FileName = "login.toml";
}

/// <summary>One [[map]].</summary>
/// <param name="Location">Where the profile is named.</param>
internal sealed record LoginEntry(ImmutableArray<PrincipalRule> Users, ImmutableArray<PrincipalRule> Groups, ProfileName Profile, SourceLocation Location);
