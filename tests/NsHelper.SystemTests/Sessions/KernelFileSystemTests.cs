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

    /// <summary>mnt-mask-redirect: the masking object is made, never looked up in a tree that a user shapes.</summary>
    [Fact]
    public void A_mask_does_not_become_what_a_link_at_its_place_leads_to()
    {
        File.CreateSymbolicLink($"{TestUser.Alice.Home}/null", "/etc/passwd");
        Posix.Chown($"{TestUser.Alice.Home}/null", TestUser.Alice.UserId, TestUser.Alice.GroupId);
        Install("t", $"[[mount]]\ntarget = \"{TestUser.Alice.Home}/null\"\ntype = \"mask\"\n");
        Assert.True(SessionCommand.Run("t", "/bin/true").Execute().IsRefusal);
    }

    /// <summary>mnt-proc-fake: nothing of a profile may stand where programs ask the kernel about themselves.</summary>
    [Theory]
    [InlineData("target = \"/proc/self\"\ntype = \"mask\"")]
    [InlineData("target = \"/proc\"\nsource = \"/mnt/srv\"")]
    [InlineData("target = \"/proc/sys\"\ntype = \"tmpfs\"")]
    [InlineData("target = \"/mnt/srv\"\ntype = \"proc\"")]
    [InlineData("target = \"/sys\"\ntype = \"proc\"")]
    [InlineData("target = \"/dev/mqueue\"\ntype = \"mqueue\"")]
    public void What_would_fake_the_kernel_is_refused(string mount)
    {
        Install("t", $"[[mount]]\n{mount}\n");
        Assert.Equal(125, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
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
