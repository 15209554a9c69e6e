using System.Collections.Immutable;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Identity;

/// <summary>
/// The real user who invoked nshelper: ids and groups are the kernel's word, names come from the password entry of
/// the real uid. Nothing here comes from the environment or the command line.
/// </summary>
internal sealed record Caller
{
    public required UserId UserId { get; init; }

    /// <summary>The real group id.</summary>
    public required GroupId GroupId { get; init; }

    /// <summary>getgroups(2), exactly: order and duplicates kept.</summary>
    public required ImmutableArray<GroupId> SupplementaryGroups { get; init; }

    /// <summary>pw_name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the real group; its number where the database does not know it, or nobody asked for the name.</summary>
    public required string GroupName { get; init; }

    /// <summary>pw_dir; a password entry whose home is not a normalised absolute path makes no Caller.</summary>
    public required AbsolutePath Home { get; init; }

    /// <summary>pw_shell; /bin/sh when the entry has none, as login(1) does.</summary>
    public required AbsolutePath Shell { get; init; }

    /// <summary>Whether the kernel counts the caller into this group (real group id or a supplementary group).</summary>
    public bool IsIn(GroupId group) => GroupId == group || SupplementaryGroups.Contains(group);
}
