using System.Collections.Immutable;
using NsHelper.Planning.Identity;

namespace NsHelper.Planning.Access;

/// <summary>
/// What the account databases said about the names a profile uses, looked up once, before the first namespace change.
/// A name that is not here is unknown and matches nobody. The lists are short: they are searched from the front.
/// </summary>
internal sealed record AccountNames
{
    public required ImmutableArray<NamedUser> Users { get; init; }
    public required ImmutableArray<NamedGroup> Groups { get; init; }

    /// <summary>The groups the group database lists the caller in (getgrouplist(3)); looked up only when a profile denies groups, else empty.</summary>
    public required ImmutableArray<GroupId> DatabaseGroups { get; init; }

    public static AccountNames None { get; } = new() { Users = [], Groups = [], DatabaseGroups = [] };

    public UserId? UserOf(string name)
    {
        foreach (NamedUser user in Users)
        {
            if (user.Name == name)
            {
                return user.Id;
            }
        }

        return null;
    }

    public GroupId? GroupOf(string name)
    {
        foreach (NamedGroup group in Groups)
        {
            if (group.Name == name)
            {
                return group.Id;
            }
        }

        return null;
    }
}

/// <summary>A user name and the uid the database gave for it.</summary>
internal sealed record NamedUser(string Name, UserId Id);

/// <summary>A group name and the gid the database gave for it.</summary>
internal sealed record NamedGroup(string Name, GroupId Id);
