using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Planning.Identity;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// The rights with which `changes` and `gc` work. Real and saved uid stay root's to its end, so that the user can never look into a process that
/// has a directory of root's open; files are the caller's but while the store is opened or cleaned.
/// </summary>
internal sealed unsafe class RaisedPrivileges
{
    private readonly UserId user;
    private readonly GroupId group;
    private readonly ulong permitted;

    private RaisedPrivileges(UserId user, GroupId group, ulong permitted)
    {
        this.user = user;
        this.group = group;
        this.permitted = permitted;
    }

    /// <summary>To look, and to unmount: nothing that passes over the rights of files.</summary>
    public static RaisedPrivileges ForReading(CleanProcess process) => Take(process, 0);

    /// <summary>To remove: what users made lies in directories of theirs, with sticky bits and without any permission.</summary>
    public static RaisedPrivileges ForRemoval(CleanProcess process) => Take(process, (1UL << CAP_DAC_OVERRIDE) | (1UL << CAP_FOWNER));

    /// <summary>Files are opened and made as root, until <see cref="BecomeCaller"/>.</summary>
    public void BecomeFileRoot()
    {
        SetEffective(permitted);
        SetFileIds(new UserId(0), new GroupId(0));
    }

    public void BecomeCaller()
    {
        SetFileIds(user, group);
        SetEffective(0);
    }

    /// <summary>The attributes trusted.* can be read. Nothing of the user's is opened meanwhile.</summary>
    public void RaiseForAttributes() => SetEffective(1UL << CAP_SYS_ADMIN);

    public void LowerAfterAttributes() => SetEffective(0);

    private static RaisedPrivileges Take(CleanProcess process, ulong more)
    {
        PrivilegeCheck.Require(process).Consume();

        // SYS_ADMIN: trusted attributes, the harmless copy of a layer, umount; SETGID: the file system gid 0.
        var privileges = new RaisedPrivileges(process.RealUser, process.RealGroup, (1UL << CAP_SYS_ADMIN) | (1UL << CAP_SETGID) | more);
        privileges.SetEffective(0);
        return privileges;
    }

    private static void SetFileIds(UserId fileUser, GroupId fileGroup)
    {
        // setfsuid(2) reports no error: the second call reads back.
        foreach ((SystemCall call, uint id) in (ReadOnlySpan<(SystemCall, uint)>)[(SystemCall.SetFsGid, fileGroup.Value), (SystemCall.SetFsUid, fileUser.Value)])
        {
            _ = syscall(SystemCalls.NumberOf(call), id);
            if ((uint)(long)syscall(SystemCalls.NumberOf(call), uint.MaxValue) != id)
            {
                throw new StartFaultException("the file system ids cannot be changed");
            }
        }

        // Changing ids resets this flag to fs.suid_dumpable.
        SystemCallException.ThrowIfNegative(Libc.prctl(Libc.PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");
    }

    private void SetEffective(ulong effective)
    {
        uint* header = stackalloc uint[] { LINUX_CAPABILITY_VERSION_3, 0 };

        // effective, permitted, inheritable of capabilities 0-31; all of these are among them.
        uint* data = stackalloc uint[] { (uint)effective, (uint)permitted, 0, 0, 0, 0 };
        SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.Capset), header, data), "capset", "capabilities");
    }
}
