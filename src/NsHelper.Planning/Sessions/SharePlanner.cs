using System.Diagnostics;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Decides which backing directory a share means for this caller: the key carries the scope, so two users' shares of one name never meet.</summary>
internal static class SharePlanner
{
    public static ShareBacking BackingOf(ShareSettings share, ProfileName profile, Caller caller, AccountNames names)
    {
        (string scope, UserId owner, GroupId group) = share.Scope switch
        {
            ShareScope.User => ($"u{caller.UserId}", caller.UserId, caller.GroupId),
            ShareScope.Group => GroupScope(share.Group, $"share \"{share.Name}\"", share.Location, caller, names),
            ShareScope.Global => ("all", new UserId(0), new GroupId(0)),
            ShareScope.Profile => ($"profile.{profile}", new UserId(0), new GroupId(0)),
            _ => throw new UnreachableException(),
        };
        return new ShareBacking
        {
            // Apart by kind: a share in memory of one profile never meets a directory of the same name in another, nor one that lives longer.
            Key = share.Source switch
            {
                ShareSource.Tmpfs when share.EndsWithLastSession => $"{ShareBacking.UntilLastSession}{scope}.{share.Name}",
                ShareSource.Tmpfs => $"{scope}.{share.Name}",
                ShareSource.Disk => $"disk.{scope}.{share.Name}",
                ShareSource.Directory => $"path.{scope}.{share.Name}",
                _ => throw new UnreachableException(),
            },
            Source = share.Source,
            EndsWithLastSession = share.EndsWithLastSession,
            SourcePath = share.SourcePath,
            Owner = owner,
            Group = group,
            Mode = share.Mode,
            Size = share.Size,
            Inodes = Amounts.DefaultInodes,
            Location = share.Location,
        };
    }

    /// <summary>The scope of what only the members of a group may have.</summary>
    /// <param name="what">What that is, as messages name it.</param>
    public static (string Scope, UserId Owner, GroupId Group) GroupScope(PrincipalRule? wanted, string what, SourceLocation location, Caller caller, AccountNames names)
    {
        PrincipalRule rule = wanted ?? throw new InvalidOperationException("scope group without a group passed the reader");
        GroupId? group = rule.Number is uint number ? new GroupId(number) : names.GroupOf(rule.Text);

        if (group is null)
        {
            throw new PlanningRefusal($"{what} is for members of group \"{Escaped.Shown(rule.Text)}\", and there is no such group on this host", location);
        }

        // Membership is the kernel's word; the name alone gives nothing.
        if (group is not GroupId id || !caller.IsIn(id))
        {
            throw new PlanningRefusal($"{what} is for members of group \"{rule.Text}\"", location);
        }

        return ($"g{id}", new UserId(0), id);
    }
}
