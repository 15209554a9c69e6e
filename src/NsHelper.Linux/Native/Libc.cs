using System.Runtime.InteropServices;

namespace NsHelper.Linux.Native;

/// <summary>
/// What Tmds.LibC does not declare, with C names and C values. Each function says its man page; all return -1 and set errno on
/// failure unless noted. Bound at link time (DirectPInvoke), so that no library is searched for while the process is privileged.
/// </summary>
internal static unsafe partial class Libc
{
    private const string LibraryName = "libc";

    // sys/prctl.h
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_GET_DUMPABLE = 3;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_SET_KEEPCAPS = 8;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_GET_SECUREBITS = 27;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_GET_NO_NEW_PRIVS = 39;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_IS_SET = 1;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    // elf.h
    public const ulong AT_SECURE = 23;

    // time.h
    public const int CLOCK_BOOTTIME = 7;

    // sys/wait.h
    public const int WNOHANG = 1;
    public const int WUNTRACED = 2;

    // signal.h: sigset_t, bytes
    private const int SignalSetSize = 128;

    // sys/resource.h
    public const int RLIMIT_CPU = 0;
    public const int RLIMIT_FSIZE = 1;
    public const int RLIMIT_DATA = 2;
    public const int RLIMIT_STACK = 3;
    public const int RLIMIT_CORE = 4;
    public const int RLIMIT_NOFILE = 7;
    public const int RLIMIT_AS = 9;
    public const int RLIM_NLIMITS = 16;

    // sys/time.h
    public const int ITIMER_REAL = 0;
    public const int TimerCount = 3;

    /// <summary>close_range(2). Closes first to last, both included.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int close_range(uint first, uint last, int flags);

    /// <summary>prctl(2).</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int prctl(int option, nint argument2, nint argument3, nint argument4, nint argument5);

    /// <summary>capget(2): version 3 header, two data structures of 12 bytes.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int capget(uint* header, uint* data);

    /// <summary>getauxval(3). 0 when there is no such entry.</summary>
    [LibraryImport(LibraryName)]
    public static partial nuint getauxval(nuint type);

    /// <summary>getrandom(2). The number of bytes given.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial nint getrandom(byte* buffer, nuint length, uint flags);

    /// <summary>prlimit(2); pid 0 is the calling process. Bytes, seconds or counts, by resource.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int prlimit(int pid, int resource, rlimit* new_limit, rlimit* old_limit);

    /// <summary>setitimer(2): seconds and microseconds.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int setitimer(int which, itimerval* new_value, itimerval* old_value);

    /// <summary>getpwuid_r(3). 0 or an errno; result is null when there is no entry.</summary>
    [LibraryImport(LibraryName)]
    public static partial int getpwuid_r(uint uid, passwd* pwd, byte* buffer, nuint length, passwd** result);

    /// <summary>getpwnam_r(3). 0 or an errno; result is null when there is no entry.</summary>
    [LibraryImport(LibraryName)]
    public static partial int getpwnam_r(byte* name, passwd* pwd, byte* buffer, nuint length, passwd** result);

    /// <summary>getgrgid_r(3). 0 or an errno; result is null when there is no entry.</summary>
    [LibraryImport(LibraryName)]
    public static partial int getgrgid_r(uint gid, group* grp, byte* buffer, nuint length, group** result);

    /// <summary>getgrnam_r(3). 0 or an errno; result is null when there is no entry.</summary>
    [LibraryImport(LibraryName)]
    public static partial int getgrnam_r(byte* name, group* grp, byte* buffer, nuint length, group** result);

    /// <summary>getgrouplist(3). -1 when the list does not fit; ngroups then says how many there are.</summary>
    [LibraryImport(LibraryName)]
    public static partial int getgrouplist(byte* user, uint group, uint* groups, int* ngroups);

    /// <summary>fgetxattr(2). The size of the value; -1 and ENODATA when there is none.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);

    /// <summary>waitpid(2). The child, 0 when none has changed (WNOHANG), -1 without one.</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int waitpid(int pid, out int status, int options);

    /// <summary>clock_gettime(2).</summary>
    [LibraryImport(LibraryName, SetLastError = true)]
    public static partial int clock_gettime(int clock, out Tmds.Linux.timespec now);

    /// <summary>sigtimedwait(3) of every signal. The signal; -1 and EAGAIN after the time, which is without end when null.</summary>
    public static int WaitForAnySignal(void* info, Tmds.Linux.timespec* time)
    {
        byte* all = stackalloc byte[SignalSetSize];
        new Span<byte>(all, SignalSetSize).Fill(byte.MaxValue);
        return sigtimedwait(all, info, time);
    }

    /// <summary>signalfd(2) of every signal.</summary>
    public static int SignalDescriptor()
    {
        byte* all = stackalloc byte[SignalSetSize];
        new Span<byte>(all, SignalSetSize).Fill(byte.MaxValue);
        return signalfd(-1, all, Tmds.Linux.LibC.O_CLOEXEC | Tmds.Linux.LibC.O_NONBLOCK);
    }

    [LibraryImport(LibraryName, SetLastError = true)]
    private static partial int sigtimedwait(byte* set, void* info, Tmds.Linux.timespec* time);

    [LibraryImport(LibraryName, SetLastError = true)]
    private static partial int signalfd(int descriptor, byte* mask, int flags);

    /// <summary>cfmakeraw(3).</summary>
    [LibraryImport(LibraryName)]
    public static partial void cfmakeraw(Tmds.Linux.termios* settings);

    /// <summary>The environment block of the process, which the C library got from the kernel.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEnviron")]
    public static partial byte** GetEnviron();

    /// <summary>struct rlimit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    /// <summary>struct itimerval.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct itimerval
    {
        public long it_interval_sec;
        public long it_interval_usec;
        public long it_value_sec;
        public long it_value_usec;
    }

    /// <summary>struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }

    /// <summary>struct group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct group
    {
        public byte* gr_name;
        public byte* gr_passwd;
        public uint gr_gid;
        public byte** gr_mem;
    }

    /// <summary>struct sigaction as rt_sigaction(2) takes it, not as the C library does.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct kernel_sigaction
    {
        public nint handler;
        public ulong flags;
        public nint restorer;
        public ulong mask;
    }
}
