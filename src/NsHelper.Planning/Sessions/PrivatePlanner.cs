using System.Diagnostics;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// Decides which instance of a private directory is this caller's. One session's is a tmpfs that ends with it; one that outlives the session
/// has a backing as a share has, whose key carries scope and target, so that two instances never meet.
/// </summary>
internal sealed class PrivatePlanner(ProfileName profile, Caller caller, AccountNames names)
{
    /// <summary>What StoreLowering puts around a key while the directory is made.</summary>
    private const int RoomForUnfinished = 5;

    public (SetupStep.MountStep Step, ShareBacking? Backing) Plan(PrivateSettings own, AbsolutePath target)
    {
        if (own.Scope == PrivateScope.Session)
        {
            return (MountPlanner.Tmpfs(
                target, own.Size, Amounts.DefaultInodes, own.Mode, caller.UserId, caller.GroupId, default, Propagation.Private, CreateTarget.Directory, own.Location), null);
        }

        ShareBacking backing = BackingOf(own, target);
        return (new SetupStep.ShareMount
        {
            Location = own.Location,
            Name = null,
            IsOwn = own.Scope == PrivateScope.User,
            Key = backing.Key,
            Target = target,
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,

            // What the session mounts there stays in the session.
            Propagation = Propagation.Private,
            Create = CreateTarget.Directory,
        }, backing);
    }

    private ShareBacking BackingOf(PrivateSettings own, AbsolutePath target)
    {
        (string scope, UserId owner, GroupId group) = own.Scope switch
        {
            PrivateScope.User => ($"u{caller.UserId}", caller.UserId, caller.GroupId),
            PrivateScope.Profile => ($"profile.{profile}", new UserId(0), new GroupId(0)),
            PrivateScope.Group => SharePlanner.GroupScope(own.Group, $"the private directory \"{Escaped.Text(target.Text)}\"", own.Location, caller, names),
            _ => throw new UnreachableException(),
        };

        // No other key begins with this word, and none has "disk" where these have their scope.
        string key = $"private.{(own.OnDisk ? "disk." : "")}{scope}.{PathName.Of(target)}";
        return key.Length + RoomForUnfinished > PathName.MaxLength
            ? throw new PlanningRefusal($"the target \"{Escaped.Text(target.Text)}\" is too long for a private directory that outlives the session", own.Location)
            : new ShareBacking
            {
                Key = key,
                IsPrivate = true,
                Source = own.OnDisk ? ShareSource.Disk : ShareSource.Tmpfs,
                SourcePath = null,
                Owner = owner,
                Group = group,
                Mode = own.Mode,
                Size = own.Size,
                Inodes = Amounts.DefaultInodes,
                Location = own.Location,
            };
    }
}
