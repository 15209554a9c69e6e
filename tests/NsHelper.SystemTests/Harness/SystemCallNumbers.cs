using System.Runtime.InteropServices;

namespace NsHelper.SystemTests.Harness;

/// <summary>Numbers of the calls a test waits in or filters, per architecture.</summary>
internal static class SystemCallNumbers
{
    private static readonly Dictionary<string, (int X64, int Arm64)> Table = new(StringComparer.Ordinal)
    {
        ["execve"] = (59, 221), ["execveat"] = (322, 281), ["unshare"] = (272, 97), ["setns"] = (308, 268), ["mount_setattr"] = (442, 442), ["open_tree"] = (428, 428),
        ["move_mount"] = (429, 429), ["fsopen"] = (430, 430), ["fsconfig"] = (431, 431), ["fsmount"] = (432, 432), ["openat2"] = (437, 437), ["openat"] = (257, 56),
        ["close_range"] = (436, 436), ["setresuid"] = (117, 147), ["setresgid"] = (119, 149), ["setgroups"] = (116, 159), ["prctl"] = (157, 167), ["capset"] = (126, 91),
        ["capget"] = (125, 90), ["chdir"] = (80, 49), ["mkdirat"] = (258, 34), ["connect"] = (42, 203), ["sendto"] = (44, 206), ["sendmsg"] = (46, 211), ["read"] = (0, 63),
        ["write"] = (1, 64), ["fstat"] = (5, 80), ["statx"] = (332, 291), ["newfstatat"] = (262, 79), ["getresuid"] = (118, 148), ["getresgid"] = (120, 150),
        ["getgroups"] = (115, 158), ["setrlimit"] = (160, 164), ["prlimit64"] = (302, 261), ["umask"] = (95, 166), ["setpgid"] = (109, 154), ["setsid"] = (112, 157), ["setitimer"] = (38, 103), ["getcwd"] = (79, 17),
        ["rt_sigprocmask"] = (14, 135), ["rt_sigaction"] = (13, 134), ["sethostname"] = (170, 161), ["socket"] = (41, 198), ["ioctl"] = (16, 29), ["fcntl"] = (72, 25),
        ["close"] = (3, 57), ["mmap"] = (9, 222), ["fstatfs"] = (138, 44), ["fchdir"] = (81, 50), ["getrandom"] = (318, 278), ["flock"] = (73, 32), ["fchmod"] = (91, 52),
        ["fchown"] = (93, 55), ["fchownat"] = (260, 54), ["faccessat2"] = (439, 439), ["pidfd_open"] = (434, 434), ["pidfd_send_signal"] = (424, 424), ["symlinkat"] = (266, 36), ["readlinkat"] = (267, 78), ["mount"] = (165, 40),
    };

    public static int Of(string name) => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Table[name].Arm64 : Table[name].X64;
}
