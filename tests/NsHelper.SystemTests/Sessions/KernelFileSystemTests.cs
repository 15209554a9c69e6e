using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: new instances of the kernel's file systems show the session no more than the profile says, and what is hidden stays so.</summary>
public sealed class KernelFileSystemTests : SystemTest
{
    [Theory]
    [InlineData("noaccess", "hidepid=noaccess")]
    [InlineData("invisible", "hidepid=invisible")]
    [InlineData("ptraceable", "hidepid=ptraceable")]
    public void New_procfs_with_hidepid(string word, string option)
    {
        MountEntry proc = Top("[protect]\nprotect_proc = \"" + word + "\"\n", "/proc");
        Assert.Equal("proc", proc.Type);
        Assert.Contains(option, proc.SuperOptions, StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "nosuid", "nodev", "noexec" }, proc.Options.ToHashSet());
    }

    [Fact]
    public void A_process_of_somebody_else_is_invisible()
    {
        Assert.Equal("there\n", Run("", "[ -e /proc/1 ] && echo there"));
        Assert.Equal("gone\nthere\n", Run("[protect]\nprotect_proc = \"invisible\"\n", "[ -e /proc/1 ] || echo gone; [ -e /proc/$$ ] && echo there"));
    }

    [Fact]
    public void Subset_pid_shows_nothing_of_the_kernel() =>
        Assert.Equal("gone\nthere\n", Run("[protect]\nproc_subset = \"pid\"\n", "[ -e /proc/meminfo ] || echo gone; [ -e /proc/self/status ] && echo there"));

    [Fact]
    public void Kernel_tunables_of_a_new_proc_are_read_only_too() =>
        Assert.Equal("refused\n", Run("[protect]\nprotect_proc = \"invisible\"\nprotect_kernel_tunables = true\nprotect_kernel_logs = true\n", "awk '$5 == \"/proc/sys\" { print $6 }' /proc/self/mountinfo | grep -q ^ro && echo refused"));

    /// <summary>Whatever the session's root is: what is below /proc is the kernel's, not the tree's, which has an empty directory there.</summary>
    [Theory]
    [InlineData("mode = \"directory\"\ndirectory = \"/mnt/srv/tree\"")]
    [InlineData("mode = \"overlay\"\ndirectory = \"/mnt/srv/tree\"")]
    [InlineData("mode = \"tmpfs\"")]
    public void Kernel_tunables_are_read_only_below_another_root_too(string root)
    {
        RootShell.Run("mkdir -p /mnt/srv/tree/proc /mnt/srv/tree/usr /mnt/srv/tree/lib /mnt/srv/tree/lib64 /mnt/srv/tree/bin");
        Undo(() => RootShell.Run("rm -r /mnt/srv/tree"));
        string mounts = string.Concat(((string[])["/usr", "/lib", "/lib64", "/bin"]).Select(target => $"[[mount]]\ntarget = \"{target}\"\noptions = [\"ro\"]\n"));
        Install("t", $"[root]\n{root}\n[protect]\nprotect_proc = \"invisible\"\nprotect_kernel_tunables = true\ninaccessible_paths = [\"/proc/kallsyms\", \"-/proc/not-there\"]\n{mounts}");
        IReadOnlyList<MountEntry> shown = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand().Mounts();
        Assert.Contains("ro", shown.Last(mount => mount.Target == "/proc/sys").Options);
        Assert.Contains("ro", shown.Last(mount => mount.Target == "/proc/irq").Options);
        Assert.Equal("tmpfs", shown.Last(mount => mount.Target == "/proc/kallsyms").Type);
    }

    /// <summary>A host whose /proc shows processes alone: what a new one has that must be protected is not known, and nothing may be left as it is.</summary>
    [Theory]
    [InlineData("protect_proc = \"invisible\"\nprotect_kernel_tunables = true", true)]
    [InlineData("protect_proc = \"invisible\"\nprotect_kernel_logs = true", true)]
    [InlineData("protect_proc = \"invisible\"\ninaccessible_paths = [\"-/proc/kcore\"]", true)]
    [InlineData("protect_proc = \"invisible\"\n[[mount]]\ntarget = \"/proc/kcore\"\ntype = \"mask\"\noptional = true", true)]
    [InlineData("protect_proc = \"invisible\"\nproc_subset = \"pid\"\nprotect_kernel_tunables = true", false)]
    [InlineData("protect_kernel_tunables = true", false)]
    [InlineData("protect_proc = \"invisible\"", false)]
    public void What_a_new_proc_shows_more_than_the_hosts_does_not_stay_unprotected(string body, bool isRefused)
    {
        Install("t", "[protect]\n" + body);
        SessionResult result = SessionCommand.Direct(
            "/usr/bin/unshare", "-m", "/bin/sh", "-c",
            $"mount -t proc -o subset=pid proc /proc && exec setpriv --reuid 12001 --regid 12001 --clear-groups {TestHost.Helper} run t -- /bin/echo ran").As(TestUser.Root).Execute();
        Assert.Equal(isRefused ? "" : "ran\n", result.OutputText);
        Assert.Equal(isRefused, result.ErrorText.Contains("the host's is mounted with subset=pid", StringComparison.Ordinal));
    }

    /// <summary>What is hidden in a new /proc is a file there as it is on the host.</summary>
    [Fact]
    public void A_mask_in_a_new_proc_hides_a_file_of_it() => Assert.Equal(
        "hidden\nthere\n",
        Run("[protect]\nprotect_proc = \"invisible\"\n[[mount]]\ntarget = \"/proc/kallsyms\"\ntype = \"mask\"\n", "cat /proc/kallsyms 2>/dev/null || echo hidden; [ -e /proc/meminfo ] && echo there"));

    [Fact]
    public void New_sysfs()
    {
        MountEntry sys = Top("[[mount]]\ntarget = \"/sys\"\ntype = \"sysfs\"\noptions = [\"ro\"]\n", "/sys");
        Assert.Equal("sysfs", sys.Type);
        Assert.Superset(new HashSet<string> { "ro", "nosuid", "nodev", "noexec" }, sys.Options.ToHashSet());
    }

    /// <summary>Not nodev: none of its terminals could be opened.</summary>
    [Fact]
    public void Private_devpts()
    {
        MountEntry pts = Top("[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"\n", "/dev/pts");
        Assert.Equal("devpts", pts.Type);
        Assert.Superset(new HashSet<string> { "nosuid", "noexec" }, pts.Options.ToHashSet());
        Assert.Contains("ptmxmode=666", pts.SuperOptions, StringComparison.Ordinal);
        Assert.Equal("ptmx\n", Run("[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"\n", "ls /dev/pts"));
    }

    [Fact]
    public void Private_mqueue_and_shm()
    {
        RootShell.Run("mkdir -p /dev/mqueue");
        Undo(() => RootShell.Run("rmdir /dev/mqueue"));
        const string Body = "[namespaces]\nipc = \"private\"\n[[mount]]\ntarget = \"/dev/mqueue\"\ntype = \"mqueue\"\n[[mount]]\ntarget = \"/dev/shm\"\ntype = \"tmpfs\"\nmode = \"1777\"\n";
        Assert.Equal("mqueue tmpfs\n", Run(Body, "echo $(stat -f -c %T /dev/mqueue) $(stat -f -c %T /dev/shm)").Replace("UNKNOWN (0x19800202)", "mqueue", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mask_hides_files_and_directories_and_cannot_be_opened_or_taken_away()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/secret"));
        File.WriteAllText("/mnt/srv/secret/note", TestHost.Canary);
        File.WriteAllText(Temporary("/mnt/srv/file"), TestHost.Canary);
        Assert.Equal("hidden\nhidden\nhidden\nstays\n", Run(
            "[[mount]]\ntarget = \"/mnt/srv/secret\"\ntype = \"mask\"\n[[mount]]\ntarget = \"/mnt/srv/file\"\ntype = \"mask\"\n[[mount]]\ntarget = \"/proc/kallsyms\"\ntype = \"mask\"\n",
            "ls /mnt/srv/secret 2>/dev/null || echo hidden; cat /mnt/srv/file 2>/dev/null || echo hidden; cat /proc/kallsyms 2>/dev/null || echo hidden; umount /mnt/srv/secret 2>/dev/null || echo stays"));
    }

    private string Run(string body, string script)
    {
        Install("t", body);
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }

    /// <summary>The mount that is seen at the place.</summary>
    private MountEntry Top(string body, string target)
    {
        Install("t", body);
        return Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand().Mounts().Last(mount => mount.Target == target);
    }
}
