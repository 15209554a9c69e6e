using System.Runtime.InteropServices;

namespace NsHelper.Linux.Execution;

/// <summary>Every system call the executor can make; there is no other, and none of them is mount(2).</summary>
internal enum SystemCall
{
    OpenAt2,
    Close,
    CloseRange,
    Statx,
    Fstatfs,
    Statfs,
    MkdirAt,
    UnlinkAt,
    SymlinkAt,
    ReadLinkAt,
    RenameAt2,
    Fchown,
    Fchmod,
    GetDents64,
    Flock,
    Fcntl,
    OpenTree,
    MoveMount,
    MountSetAttr,
    FsOpen,
    FsConfig,
    FsMount,
    Umount2,
    Unshare,
    SetNs,
    SetHostname,
    Uname,
    Socket,
    Ioctl,
    Capset,
    Capget,
    Prctl,
    SetFsUid,
    SetFsGid,
    SetResUid,
    SetResGid,
    GetResUid,
    GetResGid,
    GetGroups,
    SetGroups,
    Umask,
    Fchdir,
    PivotRoot,
    Prlimit,
    SchedSetAffinity,
    SchedGetAffinity,
    Write,
    Pread64,
    SetItimer,
    SigAction,
    SigProcMask,
    Fork,
    GetPid,
    SetSid,
    SetPgid,
    Dup3,
    SendMsg,
    Read,
    Execve,
}

/// <summary>Names and numbers of the system calls.</summary>
internal static class SystemCalls
{
    /// <summary>Of fork(3), which is the C library's: what it keeps of threads and locks must be right in the child.</summary>
    public const short ForkNumber = -1;

    private static readonly (string Name, short X64, short Arm64)[] Table =
    [
        ("openat2", 437, 437), ("close", 3, 57), ("close_range", 436, 436), ("statx", 332, 291), ("fstatfs", 138, 44), ("statfs", 137, 43), ("mkdirat", 258, 34),
        ("unlinkat", 263, 35), ("symlinkat", 266, 36), ("readlinkat", 267, 78), ("renameat2", 316, 276), ("fchown", 93, 55), ("fchmod", 91, 52), ("getdents64", 217, 61), ("flock", 73, 32), ("fcntl", 72, 25),
        ("open_tree", 428, 428), ("move_mount", 429, 429), ("mount_setattr", 442, 442), ("fsopen", 430, 430), ("fsconfig", 431, 431),
        ("fsmount", 432, 432), ("umount2", 166, 39), ("unshare", 272, 97), ("setns", 308, 268), ("sethostname", 170, 161), ("uname", 63, 160), ("socket", 41, 198), ("ioctl", 16, 29),
        ("capset", 126, 91), ("capget", 125, 90), ("prctl", 157, 167), ("setfsuid", 122, 151), ("setfsgid", 123, 152), ("setresuid", 117, 147),
        ("setresgid", 119, 149), ("getresuid", 118, 148), ("getresgid", 120, 150), ("getgroups", 115, 158), ("setgroups", 116, 159), ("umask", 95, 166),
        ("fchdir", 81, 50), ("pivot_root", 155, 41), ("prlimit64", 302, 261), ("sched_setaffinity", 203, 122), ("sched_getaffinity", 204, 123),
        ("write", 1, 64), ("pread64", 17, 67), ("setitimer", 38, 103), ("rt_sigaction", 13, 134), ("rt_sigprocmask", 14, 135),
        ("fork", ForkNumber, ForkNumber), ("getpid", 39, 172), ("setsid", 112, 157), ("setpgid", 109, 154), ("dup3", 292, 24), ("sendmsg", 46, 211), ("read", 0, 63),
        ("execve", 59, 221),
    ];

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int NumberOf(SystemCall call) => IsArm64 ? Table[(int)call].Arm64 : Table[(int)call].X64;

    public static string NameOf(SystemCall call) => Table[(int)call].Name;

    public static SystemCall FromNumber(int number)
    {
        for (int i = 0; i < Table.Length; i++)
        {
            if (NumberOf((SystemCall)i) == number)
            {
                return (SystemCall)i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(number));
    }
}
