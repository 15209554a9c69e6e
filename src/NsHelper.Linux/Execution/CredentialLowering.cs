using System.Buffers.Binary;
using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The way up and the way down. Up: named capabilities become effective, never the effective uid, and file access stays the caller's.
/// Down: everything closed, every capability set emptied, every id the caller's, and each of these read back.
/// </summary>
/// <param name="kept">Descriptors of the caller's own that stay open; -1 is none.</param>
internal sealed unsafe class CredentialLowering(InstructionBuilder builder, int[] kept)
{
    private const int CapabilityHeaderSize = 8;
    private const int CapabilityDataSize = 24;

    public void Raise(SessionPlan plan)
    {
        ulong effective = EffectiveOf(plan);
        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData(effective, effective | PermittedOf(plan))]);
    }

    /// <summary>
    /// overlayfs remembers the credentials under which it is mounted and does with them, whenever a process of the session changes a file of a
    /// lower, what makes its copy: so nothing is effective here but what such a copy takes. Without MKNOD and SETFCAP no device and no file with
    /// capabilities ever gets into an upper. The file system ids are root's.
    /// </summary>
    public void RaiseForCopies(SessionPlan plan) =>
        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData(ForCopies, EffectiveOf(plan) | PermittedOf(plan))]);

    /// <summary>Back to what <see cref="Raise"/> made effective.</summary>
    public void LowerAfterCopies(SessionPlan plan) =>
        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData(EffectiveOf(plan), EffectiveOf(plan) | PermittedOf(plan))]);

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
            (CAP_SETGID, ActsAsFileRoot(plan)), // the file system gid 0 for files that are root's
        ])
        {
            effective |= needed ? 1UL << capability : 0;
        }

        return effective;
    }

    /// <summary>Become effective with the file system uid 0 alone, for the steps in nshelper's own directories and on file systems of the session's own.</summary>
    private static ulong PermittedOf(SessionPlan plan) => LimitsOnly(plan.Credentials) | (!ActsAsFileRoot(plan) ? 0
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
    private static bool ActsAsFileRoot(SessionPlan plan)
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
        VerifyFileIds(user, group);
        ForbidDump();
    }

    public void Drop(Credentials credentials)
    {
        builder.About(SetupStage.Credentials, "privileges", null);
        CloseEverything();
        RaiseLimits(credentials);
        builder.Add(SystemCall.Prctl, [PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0]);
        EmptyBoundingSet(credentials.LastCapability);
        BecomeCaller(credentials);
        builder.Add(SystemCall.Prctl, [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]);
        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData(0, 0)]);
        ForbidDump();
        Verify(credentials);
    }

    /// <summary>For a plan that failed: no descriptor, no privilege; the message is written after it.</summary>
    public void Abandon(Credentials credentials)
    {
        builder.About(SetupStage.Credentials, "privileges", null);
        CloseEverything();
        BecomeCaller(credentials);
        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData(0, 0)]);
        ForbidDump();
        builder.Add(SystemCall.SetItimer, [ITIMER_REAL, builder.Memory.Allocate(32), 0]);
    }

    /// <summary>
    /// Above the caller's hard limits, with the one capability this takes, and for these calls alone: it would let files into what is kept free for
    /// root, and past quotas. What the soft limits are is for the command's own part; none is below what the steps until then may use.
    /// </summary>
    private void RaiseLimits(Credentials credentials)
    {
        if (credentials.RaisedLimits.IsEmpty)
        {
            return;
        }

        builder.Add(SystemCall.Capset, [CapabilityHeader(), CapabilityData((1UL << CAP_SETPCAP) | LimitsOnly(credentials), (1UL << CAP_SETPCAP) | LimitsOnly(credentials))]);
        new LimitLowering(new CallBuilder(builder)).RaiseHard(credentials.RaisedLimits);
        builder.About(SetupStage.Credentials, "privileges", null);
    }

    private static ulong LimitsOnly(Credentials credentials) => credentials.RaisedLimits.IsEmpty ? 0 : 1UL << CAP_SYS_RESOURCE;

    /// <summary>For the monitor, which lives on: as <see cref="Abandon"/>, and what it gave up is read back.</summary>
    public void StandAside(Credentials credentials)
    {
        Abandon(credentials);
        VerifyIds(SystemCall.GetResUid, credentials.UserId.Value);
        VerifyIds(SystemCall.GetResGid, credentials.GroupId.Value);
        VerifyFileIds(credentials.UserId, credentials.GroupId);
        VerifyCapabilities(0);
        VerifyNoWayBack(credentials);
    }

    // First: never all ids the caller's while a privileged descriptor is open.
    private void CloseEverything()
    {
        Array.Sort(kept);
        int first = 3;
        foreach (int descriptor in kept)
        {
            if (descriptor > first)
            {
                builder.Add(SystemCall.CloseRange, [first, descriptor - 1, 0]);
            }

            first = Math.Max(first, descriptor + 1);
        }

        builder.Add(SystemCall.CloseRange, [first, uint.MaxValue, 0]);
    }

    // Changing ids resets this flag to fs.suid_dumpable: until execve nobody may look into this process.
    private void ForbidDump() => builder.Add(SystemCall.Prctl, [PR_SET_DUMPABLE, 0, 0, 0, 0]);

    private void BecomeCaller(Credentials credentials)
    {
        uint group = credentials.GroupId.Value;
        uint user = credentials.UserId.Value;
        builder.Add(SystemCall.SetResGid, [group, group, group]);
        builder.Add(SystemCall.SetResUid, [user, user, user]);
    }

    private void EmptyBoundingSet(int lastCapability)
    {
        for (int capability = 0; capability <= lastCapability; capability++)
        {
            builder.Add(SystemCall.Prctl, [PR_CAPBSET_DROP, capability, 0, 0, 0]);
        }
    }

    private void Verify(Credentials credentials)
    {
        uint user = credentials.UserId.Value;
        uint group = credentials.GroupId.Value;
        VerifyIds(SystemCall.GetResUid, user);
        VerifyIds(SystemCall.GetResGid, group);
        VerifyFileIds(credentials.UserId, credentials.GroupId);
        VerifyGroups(credentials.SupplementaryGroups);

        VerifyCapabilities(0);
        builder.Add(SystemCall.Prctl, [PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, 1);
        builder.Add(SystemCall.Prctl, [PR_GET_DUMPABLE, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, 0);
        VerifyNoWayBack(credentials);
    }

    private void VerifyCapabilities(ulong permitted)
    {
        byte* data = Sentinel(CapabilityDataSize);
        builder.Add(SystemCall.Capget, [CapabilityHeader(), data]);
        Compare(data, CapabilityData(permitted, permitted), CapabilityDataSize);
    }

    private void VerifyNoWayBack(Credentials credentials)
    {
        if (!credentials.UserId.IsRoot)
        {
            builder.Add(SystemCall.SetResUid, [uint.MaxValue, 0, uint.MaxValue]);
            builder.Expect(Expectation.Failure, EPERM);
        }
    }

    private void VerifyIds(SystemCall call, uint id)
    {
        byte* actual = Sentinel(12);
        builder.Add(call, [actual, actual + 4, actual + 8]);
        byte* expected = builder.Memory.Allocate(12);
        for (int i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(expected + (4 * i), 4), id);
        }

        Compare(actual, expected, 12);
    }

    private void VerifyFileIds(UserId user, GroupId group)
    {
        builder.Add(SystemCall.SetFsUid, [uint.MaxValue]);
        builder.Expect(Expectation.Result, user.Value);
        builder.Add(SystemCall.SetFsGid, [uint.MaxValue]);
        builder.Expect(Expectation.Result, group.Value);
    }

    private void VerifyGroups(ImmutableArray<GroupId> groups)
    {
        int size = groups.Length * sizeof(uint);
        byte* expected = builder.Memory.Allocate(size);
        for (int i = 0; i < groups.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(expected + (4 * i), 4), groups[i].Value);
        }

        // Asked for the number first: a list that grew would not fit and a shorter one would leave old bytes.
        builder.Add(SystemCall.GetGroups, [0, 0]);
        builder.Expect(Expectation.Result, groups.Length);
        if (groups.Length > 0)
        {
            byte* actual = Sentinel(size);
            builder.Add(SystemCall.GetGroups, [groups.Length, actual]);
            Compare(actual, expected, size);
        }
    }

    private void Compare(byte* actual, byte* expected, int length)
    {
        ref Instruction instruction = ref builder.Expect(Expectation.Equal);
        instruction.Actual = actual;
        instruction.Reference = expected;
        instruction.Length = length;
    }

    /// <summary>Memory that no right answer leaves as it is, so a call that wrote nothing is noticed.</summary>
    private byte* Sentinel(int size)
    {
        byte* block = builder.Memory.Allocate(size);
        new Span<byte>(block, size).Fill(0xa5);
        return block;
    }

    private byte* CapabilityHeader()
    {
        byte* header = builder.Memory.Allocate(CapabilityHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(header, 4), LINUX_CAPABILITY_VERSION_3);
        return header;
    }

    /// <summary>struct __user_cap_data_struct[2]: effective, permitted, inheritable of capabilities 0-31, then of 32-63. Inheritable is always empty.</summary>
    private byte* CapabilityData(ulong effective, ulong permitted)
    {
        byte* data = builder.Memory.Allocate(CapabilityDataSize);
        for (int half = 0; half < 2; half++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(data + (12 * half), 4), (uint)((effective >> (32 * half)) & uint.MaxValue));
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(data + (12 * half) + 4, 4), (uint)((permitted >> (32 * half)) & uint.MaxValue));
        }

        return data;
    }
}
