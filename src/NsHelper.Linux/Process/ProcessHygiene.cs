using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using Tmds.Linux;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// The first thing that runs: takes every setting of the process that the caller chose out of the caller's hands, remembers it for the
/// command, and puts root aside. The order is that of the threats: a wrong descriptor is worse than a wrong signal, and so on.
/// </summary>
internal static unsafe class ProcessHygiene
{
    private const uint FirstOwnDescriptor = 3;
    private const int SignalCount = 64;
    private const int SignalSetSize = 8;
    private const nint IgnoreAction = 1; // SIG_IGN
    private const uint OwnerOnly = 0x3f; // umask 077
    private const ulong UsualStack = 8UL << 20;

    /// <param name="argumentCount">Length of Main's args.</param>
    public static CleanProcess Establish(int argumentCount)
    {
        // Bytes of argv and environ first: nothing managed may read the caller's environment, and nothing has yet.
        (ImmutableArray<ByteString> arguments, ImmutableArray<ByteString> environment) = StartState.Take(argumentCount);

        // 1. Descriptors: 0, 1 and 2 are there and harmless, everything else the caller left open is gone.
        StandardDescriptors.Ensure();
        int status = StandardDescriptors.KeepForStatus(StatusDescriptorChoice.LeftOpen(arguments));
        CloseInherited(status);

        // 2. Timers and signals: the caller must not choose the instruction at which we end, nor hide a child's status.
        ImmutableArray<IntervalTimer> timers = StopTimers();
        ulong ignored = ResetDispositions();
        ulong blocked = SetMask(SIG_SETMASK, 0);

        // 3. Limits: a soft limit must not cut a step in half. Hard limits are the administrator's and stay.
        (ImmutableArray<ResourceLimit> limits, ImmutableArray<ulong> hardLimits) = RaiseSoftLimits();

        // 4. Umask, working directory, dumps: what is made is the owner's, no path starts in the caller's directory, no core shows root's memory.
        mode_t umaskBefore = umask((mode_t)OwnerOnly);
        ByteString? directory = TakeWorkingDirectory();
        ForbidDump();

        // 6. Root is put aside; files are the caller's from here on. The gid of a setgid wrapper around us is nobody's.
        (uid_t real, gid_t group, bool privileged) = Park();
        return new CleanProcess(
            new UserId((uint)real),
            new GroupId((uint)group),
            privileged ? new ParkedPrivileges() : null,
            new CallerState
            {
                Arguments = arguments,
                Environment = environment,
                WorkingDirectory = directory,
                Umask = (uint)umaskBefore,
                ChangedLimits = limits,
                HardLimits = hardLimits,
                TerminalDescriptors = TerminalDescriptors(),
                HasControllingTerminal = HasControllingTerminal(),
                BlockedSignals = blocked,
                IgnoredSignals = ignored,
                Timers = timers,
            })
        {
            StatusDescriptor = status,
        };
    }

    /// <param name="kept">The one that stays, or -1.</param>
    private static void CloseInherited(int kept)
    {
        uint first = FirstOwnDescriptor;
        if (kept > FirstOwnDescriptor)
        {
            SystemCallException.ThrowIfNegative(close_range(first, (uint)kept - 1, 0), "close_range", "inherited descriptors");
        }

        first = kept < 0 ? first : (uint)kept + 1;
        SystemCallException.ThrowIfNegative(close_range(first, uint.MaxValue, 0), "close_range", "inherited descriptors");

        // A filter that only claims success is noticed here: then the lowest free number is another.
        int lowest = fcntl(0, F_DUPFD_CLOEXEC, (int)FirstOwnDescriptor);
        SystemCallException.ThrowIfNegative(lowest, "fcntl", "standard input");
        if (lowest != FirstOwnDescriptor + (kept == FirstOwnDescriptor ? 1 : 0))
        {
            throw new StartFaultException("inherited descriptors stay open after close_range(2)");
        }

        _ = close(lowest); // cannot fail: it was opened on the line above
    }

    private static ImmutableArray<IntervalTimer> StopTimers()
    {
        ImmutableArray<IntervalTimer>.Builder timers = ImmutableArray.CreateBuilder<IntervalTimer>(TimerCount);
        itimerval off = default;
        for (int which = 0; which < TimerCount; which++)
        {
            itimerval before = default;
            SystemCallException.ThrowIfNegative(setitimer(which, &off, &before), "setitimer", "timers");
            timers.Add(new IntervalTimer(before.it_interval_sec, before.it_interval_usec, before.it_value_sec, before.it_value_usec));
        }

        return timers.MoveToImmutable();
    }

    /// <summary>Every signal to its default action, the runtime's own handlers included: a fault ends the process, and nothing runs on that way.</summary>
    private static ulong ResetDispositions()
    {
        ulong ignored = 0;
        kernel_sigaction toDefault = default; // SIG_DFL is 0
        for (int signal = 1; signal <= SignalCount; signal++)
        {
            if (signal == SIGKILL || signal == SIGSTOP)
            {
                continue;
            }

            kernel_sigaction before = default;
            long result = (long)syscall(RtSigaction, signal, &toDefault, &before, SignalSetSize);
            SystemCallException.ThrowIfNegative(result, "rt_sigaction", "signals");

            // The runtime's own redirected start has touched none of them (HardenedRuntime.targets, L5).
            if (before.handler == IgnoreAction)
            {
                ignored |= 1UL << (signal - 1);
            }
        }

        return ignored;
    }

    private static int RtSigaction => Execution.SystemCalls.NumberOf(Execution.SystemCall.SigAction);

    /// <summary>A pipe without a reader is an error of write(2) from here on; the command gets the caller's mask back.</summary>
    public static void BlockBrokenPipe() => _ = Block(1UL << (SIGPIPE - 1));

    /// <summary>
    /// For who holds a lock that others wait for. Nobody but root may send it a signal; but a terminal asks nobody, and ^Z would stop it for as long
    /// as its user likes.
    /// </summary>
    public static void BlockSignals() => _ = Block(ulong.MaxValue);

    /// <summary>The same for a moment, and for stops alone: what is to end this process still does. Gives the mask from before.</summary>
    public static ulong BlockStops() => Block((1UL << (SIGTSTP - 1)) | (1UL << (SIGTTIN - 1)) | (1UL << (SIGTTOU - 1)));

    public static void SetMask(ulong mask) => _ = SetMask(SIG_SETMASK, mask);

    private static ulong Block(ulong set) => SetMask(SIG_BLOCK, set);

    private static ulong SetMask(int how, ulong set)
    {
        ulong before = 0;
        long result = (long)syscall(Execution.SystemCalls.NumberOf(Execution.SystemCall.SigProcMask), how, &set, &before, SignalSetSize);
        SystemCallException.ThrowIfNegative(result, "rt_sigprocmask", "signals");
        return before;
    }

    private static (ImmutableArray<ResourceLimit> Changed, ImmutableArray<ulong> Hard) RaiseSoftLimits()
    {
        ImmutableArray<ResourceLimit>.Builder changed = ImmutableArray.CreateBuilder<ResourceLimit>();
        ImmutableArray<ulong>.Builder hard = ImmutableArray.CreateBuilder<ulong>(RLIM_NLIMITS);
        for (int resource = 0; resource < RLIM_NLIMITS; resource++)
        {
            rlimit before = default;
            SystemCallException.ThrowIfNegative(prlimit(0, resource, null, &before), "prlimit", "resource limits");
            hard.Add(before.rlim_max);
            ulong wanted = resource switch
            {
                RLIMIT_CORE => 0,
                RLIMIT_STACK => Math.Max(before.rlim_cur, Math.Min(before.rlim_max, UsualStack)),
                RLIMIT_CPU or RLIMIT_FSIZE or RLIMIT_DATA or RLIMIT_NOFILE or RLIMIT_AS => before.rlim_max,
                _ => before.rlim_cur,
            };
            if (wanted != before.rlim_cur)
            {
                rlimit raised = before;
                raised.rlim_cur = wanted;
                SystemCallException.ThrowIfNegative(prlimit(0, resource, &raised, null), "prlimit", "resource limits");
                changed.Add(new ResourceLimit(resource, before.rlim_cur, before.rlim_max));
            }
        }

        return (changed.ToImmutable(), hard.MoveToImmutable());
    }

    private static ByteString? TakeWorkingDirectory()
    {
        const int pathMax = 4096;
        byte* buffer = stackalloc byte[pathMax];

        // Safe: the size of the buffer is passed along. The text is kept, the directory is not: later it is looked up again as the caller.
        bool known = getcwd(buffer, pathMax) != null && buffer[0] == (byte)'/';
        ByteString? directory = known ? new ByteString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer)) : null;
        byte* root = stackalloc byte[] { (byte)'/', 0 };
        SystemCallException.ThrowIfNegative(chdir(root), "chdir", "/");
        return directory;
    }

    private static int TerminalDescriptors()
    {
        int terminals = 0;
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            terminals |= isatty(descriptor) == 1 ? 1 << descriptor : 0;
        }

        return terminals;
    }

    private static bool HasControllingTerminal()
    {
        fixed (byte* path = "/dev/tty\0"u8)
        {
            int opened = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
            _ = opened < 0 ? 0 : close(opened); // it was opened on the line above
            return opened >= 0;
        }
    }

    public static void ForbidDump()
    {
        SystemCallException.ThrowIfNegative(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl", "PR_SET_DUMPABLE");
        if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        {
            throw new StartFaultException("this process can be dumped and read by others");
        }
    }

    private static (uid_t User, gid_t Group, bool Privileged) Park()
    {
        // No id of anybody's: a call that only claims to have been made must not leave root's there.
        uid_t real = uint.MaxValue;
        uid_t effective = uint.MaxValue;
        uid_t saved = uint.MaxValue;
        SystemCallException.ThrowIfNegative(getresuid(&real, &effective, &saved), "getresuid", "user ids");
        gid_t group = uint.MaxValue;
        gid_t effectiveGroup = uint.MaxValue;
        gid_t savedGroup = uint.MaxValue;
        SystemCallException.ThrowIfNegative(getresgid(&group, &effectiveGroup, &savedGroup), "getresgid", "group ids");
        if ((uint)real == uint.MaxValue || (uint)group == uint.MaxValue)
        {
            throw new StartFaultException("the kernel does not say who the caller is (a filter?)");
        }

        SystemCallException.ThrowIfNegative(setresgid(group, group, group), "setresgid", "group ids");
        bool privileged = effective == 0;
        if (privileged)
        {
            RequireUsualSecurebits();
            SystemCallException.ThrowIfNegative(setresuid(0, real, 0), "setresuid", "user ids");

            // Changing ids resets the flag to fs.suid_dumpable.
            ForbidDump();
        }

        return (real, group, privileged);
    }

    /// <summary>
    /// They survive execve(2), and a privileged launcher may have left some: with SECBIT_NO_SETUID_FIXUP root's capabilities stay effective when
    /// the effective uid becomes the caller's, so files would be opened with more than the caller's rights (CVE-2014-3215).
    /// </summary>
    private static void RequireUsualSecurebits()
    {
        int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
        if (bits != 0)
        {
            throw new StartFaultException($"securebits are set for this process ({bits}, see capabilities(7)), under which root rights cannot be put aside (a hardened service)");
        }
    }
}
