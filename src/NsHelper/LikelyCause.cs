using NsHelper.Linux.Execution;
using NsHelper.Planning.Paths;

namespace NsHelper;

/// <summary>
/// What is usually behind an error of the kernel in a step of the start. errno(3) says what the kernel saw; who reads the message wants
/// to know what to look at. A guess, said as one: nothing is decided by it.
/// </summary>
internal static class LikelyCause
{
    private const int EPERM = 1;
    private const int ENOENT = 2;
    private const int ENOMEM = 12;
    private const int EACCES = 13;
    private const int EBUSY = 16;
    private const int ENODEV = 19;
    private const int ENOTDIR = 20;
    private const int EINVAL = 22;
    private const int ENOSPC = 28;
    private const int EROFS = 30;
    private const int ELOOP = 40;

    /// <summary>Null where nothing is more likely than what the error says.</summary>
    public static string? Of(ExecutionFault fault) => (fault.Call, fault.Errno) switch
    {
        ("openat2", EACCES) when fault.Stage is SetupStage.Sources => "the caller may not reach it, and a source is opened with the caller's rights",
        ("openat2", EACCES) => "the caller may not reach it",
        ("openat2", ELOOP) => "a link is followed only where root made it in a directory of root's",
        ("openat2", ENOTDIR) => "a directory was expected there",
        ("openat2", ENOENT) when IsOurs(fault.Subject) => "systemd-tmpfiles --create makes nshelper's own directories",
        ("mkdirat", EROFS) => "the directory above the target is read-only, and the target is not there",
        ("mkdirat", ENOSPC) => "the file system that the target lies on is full",
        ("open_tree", EINVAL) => "it is an unbindable mount, or lies in one that a container locked",
        ("open_tree" or "move_mount" or "mount_setattr" or "fsmount" or "fsconfig" or "pivot_root", EACCES) => "a security module (AppArmor, SELinux) refuses it: see the kernel's log",
        ("open_tree" or "move_mount" or "mount_setattr" or "fsmount" or "pivot_root", EPERM) => "a security module or a filter of system calls refuses it, or a container locked the mount's flags",
        ("move_mount", EINVAL) => "the mount at the target, or the one it lies in, is shared or unbindable where that may not be",
        ("open_tree" or "move_mount" or "unshare", ENOSPC) => "a limit is reached: fs.mount-max, or user.max_mnt_namespaces and the like",
        ("mount_setattr", EINVAL) => "the file system does not take one of these options",
        ("fsopen", ENODEV) => "the kernel has no such file system: its module is not loaded",
        ("fsconfig", EINVAL) => "the kernel does not know one of these options, or a layer cannot be one",
        ("fsconfig", EBUSY) => "another session is using the same layers",
        ("unshare", EPERM) => "a filter of system calls or a security module forbids new namespaces",
        ("pivot_root", EINVAL) => "the root is not a mount of its own, as in an initial ramdisk",
        ("capset", EPERM) when fault.Stage is SetupStage.Raise => "a capability that the profile needs is missing from the bounding set, as in a container",
        ("prlimit64", EPERM) => "fs.nr_open is the most that nofile can be",
        ("sched_setaffinity", EINVAL) => "the host has none of these processors, or the control group allows none",
        ("write", EACCES) => "the score is lower than one that a privileged process has set",
        (_, ENOMEM) => "memory, or the memory limit of the control group, is used up",
        _ => null,
    };

    private static bool IsOurs(string path) =>
        path.StartsWith(StateDirectories.Run, StringComparison.Ordinal) || path.StartsWith(StateDirectories.Persistent, StringComparison.Ordinal);
}
