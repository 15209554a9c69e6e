using System.Collections.Immutable;
using NsHelper.Planning.Identity;

namespace NsHelper.Planning.Access;

/// <summary>
/// What the account databases said about the names a profile uses, looked up once, before the first namespace change.
/// A name that is not here is unknown and matches nobody.
/// </summary>
internal sealed record AccountNames
{
    public required ImmutableDictionary<string, UserId> Users { get; init; }
    public required ImmutableDictionary<string, GroupId> Groups { get; init; }

    /// <summary>The groups the group database lists the caller in (getgrouplist(3)); looked up only when a profile denies groups, else empty.</summary>
    public required ImmutableArray<GroupId> DatabaseGroups { get; init; }

    public static AccountNames None { get; } = new()
    {
        Users = ImmutableDictionary<string, UserId>.Empty,
        Groups = ImmutableDictionary<string, GroupId>.Empty,
        DatabaseGroups = [],
    };
}
