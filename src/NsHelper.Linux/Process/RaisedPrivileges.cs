using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Planning.Identity;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// The rights with which `changes` and `gc` work to their end, and other verbs for as long as they look into the registry of sessions. Real and saved uid
/// stay root's meanwhile, so that the user can never look into a process that has a directory of root's open; files are the caller's but while the
/// store is opened or cleaned.
/// </summary>
internal sealed unsafe class RaisedPrivileges
{
    private readonly UserId user;
    private readonly GroupId group;
    private readonly ulong raised;
    private readonly ulong permitted;

    /// <summary>Nothing, but for root, which calls.</summary>
    private readonly ulong lowered;

    private RaisedPrivileges(UserId user, GroupId group, ulong raised, ulong permitted, ulong lowered)
    {
        this.user = user;
        this.group = group;
        this.raised = raised;
        this.permitted = permitted;
        this.lowered = lowered;
    }

    /// <summary>To look, and to unmount: nothing that passes over the rights of files.</summary>
    public static RaisedPrivileges ForReading(CleanProcess process) => Take(process, 0);

    /// <summary>To remove: what users made lies in directories of theirs, with sticky bits and without any permission.</summary>
    public static RaisedPrivileges ForRemoval(CleanProcess process) => Take(process, (1UL << CAP_DAC_OVERRIDE) | (1UL << CAP_FOWNER));

    /// <summary>
    /// For the registry, before a plan takes root up for good or a verb gives it up: to open directories of root's, and the namespaces of a process
    /// that lets nobody look. Nothing is given up by it.
    /// </summary>
    /// <param name="parked">Proof that there is root to borrow from.</param>
    public static RaisedPrivileges Borrow(CleanProcess process, ParkedPrivileges parked)
    {
        if (parked.IsConsumed)
        {
            throw new InvalidOperationException("nothing is borrowed from what was taken up or given up");
        }

        (ulong effective, ulong permitted) = PrivilegeCheck.Sets();
        return new RaisedPrivileges(process.RealUser, process.RealGroup, permitted & ((1UL << CAP_SETGID) | (1UL << CAP_SYS_PTRACE)), permitted, effective);
    }

    /// <summary>Files are opened and made as root, until <see cref="BecomeCaller"/>.</summary>
    public void BecomeFileRoot()
    {
        SetEffective(raised);
        SetFileIds(new UserId(0), new GroupId(0));

        // With the file system uid 0 the kernel makes all permitted capabilities about files effective.
        SetEffective(raised);
    }

    /// <summary>One piece of work as root; an exception in it leaves the rights raised, and ends the program.</summary>
    public T AsFileRoot<T>(Func<T> work)
    {
        BecomeFileRoot();
        T result = work();
        BecomeCaller();
        return result;
    }

    public void BecomeCaller()
    {
        SetFileIds(user, group);
        SetEffective(lowered);
    }

    /// <summary>The attributes trusted.* can be read. Nothing of the user's is opened meanwhile.</summary>
    public void RaiseForAttributes() => SetEffective(1UL << CAP_SYS_ADMIN);

    public void LowerAfterAttributes() => SetEffective(0);

    private static RaisedPrivileges Take(CleanProcess process, ulong more)
    {
        PrivilegeCheck.Require(process).Consume();

        // SYS_ADMIN: trusted attributes, the harmless copy of a layer, umount; SETGID: the file system gid 0.
        ulong taken = (1UL << CAP_SYS_ADMIN) | (1UL << CAP_SETGID) | more;
        var privileges = new RaisedPrivileges(process.RealUser, process.RealGroup, taken, taken, 0);
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

        // effective, permitted, inheritable of capabilities 0-31, then of the others.
        uint* data = stackalloc uint[] { Low(effective), Low(permitted), 0, Low(effective >> 32), Low(permitted >> 32), 0 };
        SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.Capset), header, data), "capset", "capabilities");
    }

    private static uint Low(ulong set) => (uint)(set & uint.MaxValue);
}
