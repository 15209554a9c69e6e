namespace NsHelper.SystemTests.Harness;

/// <summary>One line of strace: a call as it was made and what the kernel answered.</summary>
internal sealed record SystemCall(int Pid, string Name, IReadOnlyList<string> Arguments, string Result, string Line)
{
    public bool Failed => Result.StartsWith("-1 ", StringComparison.Ordinal);

    /// <summary>"EPERM" of a failed call, else null.</summary>
    public string? Error => Failed ? Result.Split(' ')[1] : null;
    public bool IsFork => Name is "clone" or "clone3" or "fork" or "vfork";
    public bool WasInjected => Line.Contains("(INJECTED)", StringComparison.Ordinal);

    /// <summary>The number a successful call returned; -1 when it failed or has none.</summary>
    public long Value => !Failed && long.TryParse(Result.Split(' ', '<')[0], System.Globalization.CultureInfo.InvariantCulture, out long value) ? value : -1;

    /// <summary>The text of a quoted argument without its quotes, else the argument.</summary>
    public string Text(int index) => index < Arguments.Count ? Arguments[index].Trim('"') : "";

    /// <summary>
    /// The paths among the arguments: quoted strings of calls that take one.
    /// </summary>
    public IEnumerable<string> Paths => TakesPath(Name) ? Arguments.Where(argument => argument.StartsWith('"')).Select(argument => argument.Trim('"')) : [];

    public override string ToString() => Line;

    private static bool TakesPath(string name) => name is
        "open" or "openat" or "openat2" or "creat" or "stat" or "lstat" or "newfstatat" or "statx" or "access" or "faccessat" or "faccessat2" or "readlink"
        or "readlinkat" or "chdir" or "chroot" or "mkdir" or "mkdirat" or "mknod" or "mknodat" or "unlink" or "unlinkat" or "rename" or "renameat" or "renameat2"
        or "symlink" or "symlinkat" or "link" or "linkat" or "chmod" or "fchmodat" or "fchmodat2" or "chown" or "lchown" or "fchownat" or "mount" or "umount2"
        or "open_tree" or "move_mount" or "mount_setattr" or "execve" or "execveat" or "statfs" or "truncate" or "utimensat" or "pivot_root" or "getxattr"
        or "lgetxattr" or "setxattr" or "connect";
}
