using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static NsHelper.Linux.Native.Libc;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The way up and the way down. Up: named capabilities become effective, never the effective uid, and file access stays the caller's.
/// Down: everything closed, every capability set emptied but for what the profile gives, every id the caller's, and each of these read back.
/// </summary>
/// <param name="kept">Descriptors of the caller's own that stay open; -1 is none.</param>
internal sealed unsafe class CredentialLowering(InstructionBuilder builder, int[] kept)
{
    private readonly CredentialReadBack readBack = new(builder);
    private readonly CredentialBlocks blocks = new(builder.Memory);

    public void Raise(SessionPlan plan)
    {
        ulong effective = EffectiveOf(plan);
        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(effective, effective | PermittedOf(plan))]);
    }

    /// <summary>To enter the namespaces of a session; SYS_CHROOT is for its mounts.</summary>
    public void RaiseForJoin(JoinPlan plan)
    {
        const ulong effective = (1UL << CAP_SYS_ADMIN) | (1UL << CAP_SYS_CHROOT) | (1UL << CAP_SETPCAP) | (1UL << CAP_SETGID);
        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(effective, effective | LastSteps(plan.Credentials) | plan.Credentials.Ambient)]);
    }

    /// <summary>
    /// overlayfs remembers the credentials under which it is mounted and does with them, whenever a process of the session changes a file of a
    /// lower, what makes its copy: so nothing is effective here but what such a copy takes. Without MKNOD and SETFCAP no device and no file with
    /// capabilities ever gets into an upper. The file system ids are root's.
    /// </summary>
    public void RaiseForCopies(SessionPlan plan) =>
        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(ForCopies, EffectiveOf(plan) | PermittedOf(plan))]);

    /// <summary>Back to what <see cref="Raise"/> made effective.</summary>
    public void LowerAfterCopies(SessionPlan plan) =>
        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(EffectiveOf(plan), EffectiveOf(plan) | PermittedOf(plan))]);

    private const ulong ForCopies =
        (1UL << CAP_CHOWN) // the copy belongs to whom the file belonged
        | (1UL << CAP_DAC_OVERRIDE) // in directories of others: whether the process may was asked before, of the merged tree
        | (1UL << CAP_FOWNER) // mode, times and ACL of a file of somebody else
        | (1UL << CAP_FSETID) // a setgid directory stays one
        | (1UL << CAP_SYS_ADMIN); // the attributes trusted.overlay.*, and the mount itself

    private static ulong EffectiveOf(SessionPlan plan)
    {
        ulong effective = 0;
        foreach ((int capability, bool needed) in (ReadOnlySpan<(int, bool)>)
        [
            (CAP_SYS_ADMIN, true), // unshare, mounts, the host name
            (CAP_SETPCAP, true), // emptying the bounding set
            (CAP_NET_ADMIN, plan.Isolation.Unshare.HasFlag(NamespaceSet.Network)), // loopback up
            (CAP_SETGID, true), // the file system gid 0 for files that are root's: the registry's, and others
        ])
        {
            effective |= needed ? 1UL << capability : 0;
        }

        return effective;
    }

    /// <summary>Become effective with the file system uid 0 alone, for the steps in nshelper's own directories and on file systems of the session's own.</summary>
    private static ulong PermittedOf(SessionPlan plan) => LastSteps(plan.Credentials) | plan.Credentials.Ambient | (!MakesAsFileRoot(plan) ? 0
        : (1UL << CAP_CHOWN) | (1UL << CAP_DAC_OVERRIDE) | (1UL << CAP_FOWNER) | (HasOverlay(plan) || HasStoredShare(plan) ? 1UL << CAP_FSETID : 0));

    private static bool HasOverlay(SessionPlan plan)
    {
        foreach (SetupStep step in plan.Steps)
        {
            if (step is SetupStep.OverlayMount)
            {
                return true;
            }
        }

        return plan.Isolation.Root is SessionRoot.Overlay;
    }

    /// <summary>Its directory keeps setgid though its group is not the process's file system group.</summary>
    private static bool HasStoredShare(SessionPlan plan)
    {
        foreach (ShareBacking backing in plan.Backings)
        {
            if (backing.Source == ShareSource.Disk)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a step opens or makes files as root: in nshelper's own directories, or on a file system of the session's own.</summary>
    private static bool MakesAsFileRoot(SessionPlan plan)
    {
        foreach (SetupStep step in plan.Steps)
        {
            if (step is SetupStep.OverlayMount or SetupStep.Entry or SetupStep.MountStep { CreatedOn: not null })
            {
                return true;
            }
        }

        return plan.Backings.Length > 0 || plan.Isolation.Root is not SessionRoot.Host;
    }

    /// <summary>Files are opened and made with these ids until the next call. setfsuid(2) reports no error, so the second call reads back.</summary>
    public void SetFileIds(UserId user, GroupId group)
    {
        builder.Add(SystemCall.SetFsGid, [group.Value]);
        builder.Add(SystemCall.SetFsUid, [user.Value]);
        readBack.FileIds(user, group);
        ForbidDump();
    }

    public void Drop(Credentials credentials)
    {
        builder.About(SetupStage.Credentials, "privileges", null);
        CloseEverything();
        TakeLastSteps(credentials);
        builder.Add(SystemCall.Prctl, [PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0]);
        EmptyBoundingSet(credentials);
        BecomeCallerKeeping(credentials);
        if (credentials.NoNewPrivileges)
        {
            builder.Add(SystemCall.Prctl, [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]);
        }

        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(0, credentials.Ambient, credentials.Ambient)]);
        ForbidDump();
        readBack.All(credentials);
    }

    /// <summary>For a plan that failed: no descriptor, no privilege; the message is written after it.</summary>
    public void Abandon(Credentials credentials)
    {
        builder.About(SetupStage.Credentials, "privileges", null);
        CloseEverything();
        GiveUp(credentials);
        builder.Add(SystemCall.SetItimer, [ITIMER_REAL, builder.Memory.Allocate(32), 0]);
    }

    /// <summary>
    /// What takes a capability of its own, which is effective for these calls alone: CAP_SYS_RESOURCE would let files into what is kept free for root
    /// and past quotas. What soft limits are is for the command's own part; none is below what the steps until then may use.
    /// </summary>
    private void TakeLastSteps(Credentials credentials)
    {
        ulong effective = LastSteps(credentials);
        if (effective == 0)
        {
            return;
        }

        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData((1UL << CAP_SETPCAP) | effective, (1UL << CAP_SETPCAP) | effective | credentials.Ambient)]);
        new LimitLowering(new CallBuilder(builder)).RaiseHard(credentials.RaisedLimits);
        builder.About(SetupStage.Credentials, "privileges", null);
        if (credentials.SetsGroups)
        {
            builder.Add(SystemCall.SetGroups, [credentials.SupplementaryGroups.Length, blocks.Groups(credentials.SupplementaryGroups)]);
        }
    }

    private static ulong LastSteps(Credentials credentials) =>
        (credentials.RaisedLimits.IsEmpty ? 0 : 1UL << CAP_SYS_RESOURCE) | (credentials.SetsGroups ? 1UL << CAP_SETGID : 0);

    /// <summary>
    /// What the command is to have outlives the change of ids, and nothing else does. It is effective from execve on, where the ambient set makes it so:
    /// until then this process does nothing with it, and the attempt to become root fails though the profile may name CAP_SETUID.
    /// </summary>
    private void BecomeCallerKeeping(Credentials credentials)
    {
        ulong kept = credentials.Ambient;
        if (kept == 0)
        {
            BecomeCaller(credentials);
            return;
        }

        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(0, kept, kept)]);
        builder.Add(SystemCall.Prctl, [PR_SET_KEEPCAPS, 1, 0, 0, 0]);
        BecomeCaller(credentials);
        builder.Add(SystemCall.Prctl, [PR_SET_KEEPCAPS, 0, 0, 0, 0]);
        for (int capability = 0; capability <= credentials.LastCapability; capability++)
        {
            if ((kept >> capability & 1) != 0)
            {
                builder.Add(SystemCall.Prctl, [PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0]);
            }
        }
    }

    private void GiveUp(Credentials credentials)
    {
        BecomeCaller(credentials);
        builder.Add(SystemCall.Capset, [blocks.CapabilityHeader(), blocks.CapabilityData(0, 0)]);
        ForbidDump();
    }

    /// <summary>For the monitor, which lives on, and has never opened what is more than the caller's: what it gave up is read back.</summary>
    public void StandAside(Credentials credentials)
    {
        GiveUp(credentials);
        readBack.Ids(credentials);
        readBack.Capabilities(0);
        readBack.NoWayBack(credentials);
    }

    // First: never all ids the caller's while a privileged descriptor is open.
    private void CloseEverything() => new CallBuilder(builder).CloseAllBut(kept);

    // Changing ids resets this flag to fs.suid_dumpable: until execve nobody may look into this process.
    private void ForbidDump() => builder.Add(SystemCall.Prctl, [PR_SET_DUMPABLE, 0, 0, 0, 0]);

    private void BecomeCaller(Credentials credentials)
    {
        uint group = credentials.GroupId.Value;
        uint user = credentials.UserId.Value;
        builder.Add(SystemCall.SetResGid, [group, group, group]);
        builder.Add(SystemCall.SetResUid, [user, user, user]);
    }

    private void EmptyBoundingSet(Credentials credentials)
    {
        for (int capability = 0; capability <= credentials.LastCapability; capability++)
        {
            if ((credentials.Bounding >> capability & 1) == 0)
            {
                builder.Add(SystemCall.Prctl, [PR_CAPBSET_DROP, capability, 0, 0, 0]);
            }
        }
    }
}
