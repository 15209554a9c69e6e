using NsHelper.Planning;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Fuzz;

/// <summary>What is true of every plan, whatever the profile says and whoever calls.</summary>
internal static class PlanInvariants
{
    private const int SetUserOrGroupId = 0xc00; // 06000

    /// <summary>Names that never come from the caller; the planner has its own list.</summary>
    private static readonly string[] NeverPassed = ["LD_", "DOTNET_", "COMPlus_", "GLIBC_TUNABLES=", "BASH_ENV=", "ENV=", "BASH_FUNC_", "HOME=", "USER=", "LOGNAME=", "SHELL=", "PATH=", "NSHELPER_"];

    /// <summary>The first that does not hold, or null.</summary>
    public static string? FaultOf(SessionPlan plan, Grant grant, CallerState state, SiteSettings site) =>
        CredentialFault(plan, grant.Caller, grant.Profile) ?? IsolationFault(plan) ?? StepsFault(plan, site) ?? BackingFault(plan, site) ?? EnvironmentFault(plan, state)
        ?? (ReferenceEquals(plan.Launch.Command, grant.Command) ? null : "the command is not the one that was granted")
        ?? (plan.Launch.WorkingDirectories.All(directory => directory.Length > 0 && directory.Span[0] == (byte)'/') ? null : "a working directory is not absolute");

    private static string? CredentialFault(SessionPlan plan, Caller caller, Profile profile) =>
        plan.Credentials.UserId != caller.UserId || plan.Credentials.GroupId != caller.GroupId ? "the ids are not the caller's"
        : !plan.Credentials.SupplementaryGroups.All(caller.SupplementaryGroups.Contains) ? "a group is not the caller's"
        : profile.Identity.Groups is null && !plan.Credentials.SupplementaryGroups.SequenceEqual(caller.SupplementaryGroups) ? "the groups are not the caller's"
        : (plan.Credentials.Ambient & ~plan.Credentials.Bounding) != 0 || plan.Credentials.Bounding != profile.Identity.Bounding ? "a capability is not the profile's"
        : plan.Credentials.NoNewPrivileges != profile.Identity.NoNewPrivileges || plan.Isolation.RootNoSuid != profile.Identity.NoNewPrivileges ? "whether set-user-ID programs have effect is not as the profile says"
        : !plan.Credentials.NoNewPrivileges && (plan.Isolation.Root is not SessionRoot.Host || plan.Isolation.Unshare.HasFlag(NamespaceSet.Pid) || plan.Steps.Any(step => step is SetupStep.OverlayMount))
            ? "set-user-ID programs have effect where they must not"
        : !plan.Launch.Limits.All(setting => setting.Limit.Soft <= setting.Limit.Hard) ? "a soft limit is above the hard one"
        : !plan.Credentials.RaisedLimits.All(plan.Launch.Limits.Contains) ? "a limit is raised that the profile does not set"
        : plan.Launch.Restore.ChangedLimits.Any(limit => plan.Launch.Limits.Any(setting => setting.Limit.Resource == limit.Resource)) ? "a limit is set twice"
        : null;

    private static string? IsolationFault(SessionPlan plan) =>
        !plan.Isolation.Unshare.HasFlag(NamespaceSet.Mount) ? "the mount namespace is the host's"
        : plan.Isolation.RootPropagation is not (Propagation.Private or Propagation.Slave or Propagation.Shared) ? $"the root is {plan.Isolation.RootPropagation}"
        : plan.Isolation.RootReadOnly && plan.Isolation.RootPropagation != Propagation.Private ? "a read-only root is not private"
        : plan.Steps.Any(step => step is SetupStep.SetHostname) && !plan.Isolation.Unshare.HasFlag(NamespaceSet.Uts) ? "the host's name would change"
        : plan.Steps.Any(step => step is SetupStep.BringLoopbackUp) != plan.Isolation.Unshare.HasFlag(NamespaceSet.Network) ? "loopback and network namespace do not go together"
        : null;

    private static string? StepsFault(SessionPlan plan, SiteSettings site)
    {
        SetupStep.MountStep[] mounts = [.. plan.Steps.OfType<SetupStep.MountStep>()];
        for (int i = 0; i < mounts.Length; i++)
        {
            if (MountFault(mounts[i], site, plan.Isolation.RootNoSuid) is string fault)
            {
                return $"{mounts[i].Target}: {fault}";
            }

            // Root makes directories only where nobody else could have put anything.
            if (mounts[i].CreatedOn is { } own && own != OwnFileSystemOf(mounts[i], mounts[..i], plan.Isolation.Root))
            {
                return $"{mounts[i].Target} would be made as root on {own}";
            }

            if (mounts[..i].Any(earlier => earlier.Target.IsBelow(mounts[i].Target)))
            {
                return $"{mounts[i].Target} would hide what was mounted before it";
            }
        }

        if (plan.Steps.OfType<SetupStep.Entry>().FirstOrDefault(entry => !IsAnew(entry, mounts, plan.Isolation.Root)) is { } stray)
        {
            return $"{stray.Target} would be made as root where others may have put something";
        }

        AbsolutePath[] shares = [.. mounts.OfType<SetupStep.ShareMount>().Where(mount => !mount.IsOwn).Select(mount => mount.Target)];
        return mounts.Select(mount => mount.Target).Distinct().Count() != mounts.Length ? "a target has two mounts"
            : mounts.Any(mount => shares.Any(mount.Target.IsBelow)) ? "a mount lies below a share"
            : null;
    }

    /// <summary>The file system of the session's own that the target lies on when its turn comes; null when it lies on another.</summary>
    private static AbsolutePath? OwnFileSystemOf(SetupStep.MountStep mount, SetupStep.MountStep[] earlier, SessionRoot root) =>
        earlier.Where(other => mount.Target.IsBelow(other.Target)).MaxBy(other => other.Target.Depth) is { } above
            ? (above is SetupStep.TmpfsMount or SetupStep.OverlayMount ? above.Target : null)
            : root.IsOwn ? AbsolutePath.Root : null;

    /// <summary>On a file system that this session makes and no other has had.</summary>
    private static bool IsAnew(SetupStep.Entry entry, SetupStep.MountStep[] mounts, SessionRoot root) =>
        mounts.Where(mount => entry.Target.IsAtOrBelow(mount.Target)).MaxBy(mount => mount.Target.Depth) switch
        {
            null => entry.CreatedOn.IsRoot && root is SessionRoot.Tmpfs or SessionRoot.Overlay { Mount.Upper: OverlayUpper.Tmpfs },
            { } above => above is SetupStep.TmpfsMount or SetupStep.OverlayMount { Upper: OverlayUpper.Tmpfs } && above.Target == entry.CreatedOn && above.Target != entry.Target,
        };

    private static string? MountFault(SetupStep.MountStep mount, SiteSettings site, bool isNoSuid) =>
        (!mount.Attributes.HasFlag(MountAttributes.NoSuid) && (isNoSuid || !IsInPlace(mount))) || (!mount.Attributes.HasFlag(MountAttributes.NoDev) && !BringsDevices(mount) && !(IsInPlace(mount) && Lies(mount.Target, "/dev")))
            ? "neither nosuid nor nodev may be missing"
        : mount.Target.IsRoot || (!MayLie(mount) && !IsInPlace(mount))
            ? "lies where nothing may be mounted"
        : mount.Create == CreateTarget.Auto ? "it is not decided what is made there"
        : mount.Propagation == Propagation.Inherit ? "its propagation is not decided"
        : mount switch
        {
            SetupStep.BindMount bind => Lies(bind.Source, "/proc") && !IsInPlace(bind) ? "its source lies in /proc" : null,
            SetupStep.TmpfsMount tmpfs => BoundFault(tmpfs.Size, tmpfs.Inodes, site) ?? ((tmpfs.Mode & SetUserOrGroupId) != 0 ? "setuid or setgid" : null),
            SetupStep.OverlayMount { Upper: OverlayUpper.Tmpfs upper } => BoundFault(upper.Size, upper.Inodes, site),
            SetupStep.KernelMount kernel => !kernel.Attributes.HasFlag(MountAttributes.NoExec) ? "programs start from there"
                : kernel.FileSystem != KernelFileSystem.Proc && (kernel.Visibility is not null || kernel.ProcessesOnly) ? "only proc shows processes" : null,
            SetupStep.MaskMount mask => !mask.Attributes.HasFlag(MountAttributes.ReadOnly | MountAttributes.NoExec) ? "what hides can be written to" : null,
            SetupStep.ShareMount { Name: null } own => own.Propagation != Propagation.Private ? "a private directory is not private"
                : own.IsOwn && !own.Key.StartsWith("private.u", StringComparison.Ordinal) && !own.Key.StartsWith("private.disk.u", StringComparison.Ordinal) ? "it is not the user's alone" : null,
            _ => null,
        };

    /// <summary>A terminal of the session's own, or a device that is where the host has it.</summary>
    private static bool BringsDevices(SetupStep.MountStep mount) =>
        mount is SetupStep.KernelMount { FileSystem: KernelFileSystem.Devpts } || (mount is SetupStep.DeviceMount && mount.Target.IsBelow(AbsolutePath.Parse("/dev")));

    /// <summary>In the file systems of the kernel only new ones of the kernel, each in its place, and masks.</summary>
    private static bool MayLie(SetupStep.MountStep mount) => mount switch
    {
        SetupStep.KernelMount kernel => mount.Target.Text == kernel.FileSystem switch
        {
            KernelFileSystem.Proc => "/proc",
            KernelFileSystem.Sysfs => "/sys",
            KernelFileSystem.Devpts => "/dev/pts",
            _ => "/dev/mqueue",
        },
        SetupStep.MaskMount => true,
        _ => !Lies(mount.Target, "/proc") && !Lies(mount.Target, "/sys"),
    };

    private static string? BackingFault(SessionPlan plan, SiteSettings site)
    {
        foreach (ShareBacking backing in plan.Backings)
        {
            if (BoundFault(backing.Size, backing.Inodes, site) is string fault)
            {
                return $"share {backing.Key}: {fault}";
            }
        }

        return plan.Backings.All(backing => !backing.Key.Contains('/', StringComparison.Ordinal)) ? null : "a key of a share is a path";
    }

    private static string? BoundFault(long size, int inodes, SiteSettings site) =>
        size < 1 || size > Math.Min(site.TmpfsMaxSize, 1L << 50) || inodes is < 1 or > 100_000_000 ? $"is not bounded: {size} bytes, {inodes} inodes" : null;

    private static string? EnvironmentFault(SessionPlan plan, CallerState state)
    {
        foreach (ByteString variable in plan.Launch.Environment)
        {
            if (state.Environment.Contains(variable) && NeverPassed.Any(name => variable.ToString().StartsWith(name, StringComparison.Ordinal)))
            {
                return $"{variable} came from the caller";
            }
        }

        IEnumerable<string> names = plan.Launch.Environment.Select(variable => variable.ToString().Split('=')[0]);
        return names.Distinct().Count() == plan.Launch.Environment.Length ? null : "a variable is there twice";
    }

    /// <summary>A restriction of what is there anyway.</summary>
    private static bool IsInPlace(SetupStep.MountStep mount) => mount is SetupStep.BindMount { InPlace: true, IsOntoItself: true };

    private static bool Lies(AbsolutePath path, string place) => path.IsAtOrBelow(AbsolutePath.Parse(place));
}
