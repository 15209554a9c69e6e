using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, what mounts are. A mount that is attached before its flags are set (CVE-2026-53614), flags that an option clears (libfuse e70bfa97),
/// children that stay writable, and mounts that leak to the host.
/// </summary>
public sealed class MountAttributeTests : SystemTest
{
    private const string Source = "/mnt/srv/tree";
    private const string Target = "/mnt/srv/target";

    public MountAttributeTests()
    {
        Directory.CreateDirectory(Temporary(Source));
        Directory.CreateDirectory($"{Source}/sub");
        Directory.CreateDirectory(Temporary(Target));
        Posix.Mount("child", $"{Source}/sub", "tmpfs", 0, "mode=1777");
        Undo(() => Posix.Unmount($"{Source}/sub"));
        File.Copy(TestHost.Probe, $"{Source}/sub/suid");
        File.SetUnixFileMode($"{Source}/sub/suid", Modes.Executable | UnixFileMode.SetUser);
        RootShell.Run($"mknod -m 0666 {Source}/sub/zero c 1 5");
    }

    /// <summary>mnt-flag-policy, mnt-rbind-children: nosuid and nodev on every mount of the tree, ro on every one when asked.</summary>
    [Fact]
    public void Every_mount_of_a_tree_has_its_flags()
    {
        Install("t", $"[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"rbind\", \"ro\"]");
        ProbeReport probe = SessionCommand.Run("t", $"{Target}/sub/suid").Execute().Probe;
        MountEntry[] tree = [.. probe.Mounts.Where(mount => mount.Target.StartsWith(Target, StringComparison.Ordinal))];
        Assert.Equal(2, tree.Length);
        Assert.All(tree, mount => Assert.Subset(mount.Options.ToHashSet(), new HashSet<string> { "ro", "nosuid", "nodev" }));
        Assert.All(probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.NotEqual(0, SessionCommand.Run("t", "/bin/head", "-c", "1", $"{Target}/sub/zero").Execute().ExitStatus);
        Assert.Equal(0, SessionCommand.Direct("/usr/bin/head", "-c", "1", $"{Source}/sub/zero").Execute().ExitStatus);
        Install("evil", $"[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"suid\", \"dev\"]");
        Assert.Equal(125, SessionCommand.Run("evil", "/bin/true").Execute().ExitStatus);
    }

    /// <summary>mnt-rbind-children: a read-only tree is private: what the host mounts below it later does not arrive writable, or at all.</summary>
    [Fact]
    public void A_later_mount_of_the_host_does_not_arrive_in_a_read_only_tree()
    {
        Directory.CreateDirectory($"{Source}/late");
        Posix.Mount("none", "/mnt", "none", Posix.MS_SHARED, "");
        Undo(() => Posix.Mount("none", "/mnt", "none", Posix.MS_PRIVATE, ""));
        Install("t", $"[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"rbind\", \"ro\"]");
        Install("writable", $"[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"rbind\"]");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession writable = Start(SessionCommand.Run("writable", "/bin/sleep", "60")).WaitForCommand();
        Posix.Mount("late", $"{Source}/late", "tmpfs", 0, "");
        Undo(() => Posix.Unmount($"{Source}/late"));
        Assert.Contains(writable.Mounts(), mount => mount.Target == $"{Target}/late");
        Assert.DoesNotContain(session.Mounts(), mount => mount.Target == $"{Target}/late");
    }

    /// <summary>mnt-two-step: attributes are set on the detached tree, before move_mount; mount(2) is not called, nothing is remounted.</summary>
    [Fact]
    public void A_mount_is_complete_before_it_is_attached()
    {
        Install("t", $"[protect]\nprivate_tmp = true\n[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"rbind\", \"ro\", \"noexec\"]");
        List<SystemCall> calls = [.. Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls];
        Assert.DoesNotContain(calls, call => call.Name is "mount" or "umount2" or "pivot_root");
        int cloned = calls.FindIndex(call => call.Name == "open_tree");
        int set = calls.FindIndex(cloned, call => call.Name == "mount_setattr");
        int attached = calls.FindIndex(cloned, call => call.Name == "move_mount");
        Assert.InRange(set, cloned, attached);
        foreach (string flag in new[] { "MOUNT_ATTR_RDONLY", "MOUNT_ATTR_NOSUID", "MOUNT_ATTR_NODEV", "MOUNT_ATTR_NOEXEC", "AT_RECURSIVE" })
        {
            Assert.Contains(flag, calls[set].Line, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(calls[attached..], call => call.Name == "mount_setattr");
        Assert.All(calls.Where(call => call.Name == "fsmount"), call => Assert.Contains("MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV", call.Line, StringComparison.Ordinal));
    }

    /// <summary>mnt-propagation: with the host's tree private, shared or slave, the host's table is the same before, during and after.</summary>
    [Theory]
    [InlineData("private")]
    [InlineData("shared")]
    [InlineData("slave")]
    public void The_hosts_mount_table_never_changes(string propagation)
    {
        Install("t", $"[protect]\nprivate_tmp = true\n[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"");
        foreach (string mount in new[] { "/", "/mnt" })
        {
            Posix.Mount("none", mount, "none", propagation == "private" ? Posix.MS_PRIVATE : Posix.MS_SHARED, "");
            Undo(() => Posix.Mount("none", mount, "none", Posix.MS_PRIVATE, ""));
            if (propagation == "slave")
            {
                Posix.Mount("none", mount, "none", Posix.MS_SLAVE, "");
            }
        }

        string[] before = File.ReadAllLines("/proc/1/mountinfo");
        RunningSession session = SessionCommand.Run("t", "/bin/sleep", "60").Start().WaitForCommand();
        Assert.Contains(session.Mounts(), mount => mount.Target == Target);
        Assert.Equal(before, File.ReadAllLines("/proc/1/mountinfo"));
        Assert.All(session.Mounts().Where(mount => mount.Target is "/" or "/mnt" or "/tmp" or Target), mount => Assert.DoesNotContain(mount.Tags, tag => tag.StartsWith("shared:", StringComparison.Ordinal)));
        session.Dispose();
        Assert.Equal(before, File.ReadAllLines("/proc/1/mountinfo"));
    }

    /// <summary>mnt-propagation: a copy of a shared mount is its peer, and stays one when it is only told to be shared.</summary>
    [Theory]
    [InlineData("shared")]
    [InlineData("unchanged")]
    public void A_mount_below_a_bind_of_a_shared_tree_never_reaches_the_host(string propagation)
    {
        foreach (string name in (string[])["/mnt/srv/source", "/mnt/srv/target"])
        {
            Directory.CreateDirectory(Temporary(name));
        }

        Directory.CreateDirectory("/mnt/srv/source/below");
        Posix.Mount("/mnt/srv/source", "/mnt/srv/source", "", Posix.MS_BIND, "");
        Undo(() => Posix.Unmount("/mnt/srv/source"));
        Posix.Mount("", "/mnt/srv/source", "", Posix.MS_SHARED, "");
        Install("t", $"[[mount]]\nsource = \"/mnt/srv/source\"\ntarget = \"/mnt/srv/target\"\npropagation = \"{propagation}\"\n[[mount]]\ntarget = \"/mnt/srv/target/below\"\ntype = \"tmpfs\"\n[namespaces]\npid = \"host\"\n");
        using RunningSession session = SessionCommand.Run("t", "/bin/sleep", "60").Start();
        Assert.True(Wait.Happens(() => session.HasExited || ShowsMountBelow(session), 5000));
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Target.EndsWith("/below", StringComparison.Ordinal));
        Assert.Equal(propagation == "unchanged", session.HasExited);
    }

    private static bool ShowsMountBelow(RunningSession session)
    {
        try
        {
            return session.Mounts().Any(mount => mount.Target == "/mnt/srv/target/below");
        }
        catch (IOException)
        {
            return false; // a process that has ended has no mounts
        }
    }

    /// <summary>mnt-tmpfs-limits: the bounds of the profile are the file system's.</summary>
    [Fact]
    public void A_tmpfs_is_bounded_in_bytes_and_files()
    {
        Install("t", $"[[mount]]\ntarget = \"{Target}\"\ntype = \"tmpfs\"\nsize = \"1M\"\ninodes = 50\nmode = \"0700\"");
        SessionResult full = SessionCommand.Run("t", "/bin/sh", "-c", $"head -c 2000000 /dev/zero >{Target}/f; stat -c %s {Target}/f; rm {Target}/f; i=0; while mkdir {Target}/$i 2>/dev/null; do i=$((i+1)); done; echo $i").Execute();
        string[] numbers = full.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("1048576", numbers[0]);
        Assert.InRange(int.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture), 40, 50);
        Install("plain", $"[[mount]]\ntarget = \"{Target}\"\ntype = \"tmpfs\"");
        MountEntry bounded = SessionCommand.Run("plain", TestHost.Probe).Execute().Probe.Mounts.Last(mount => mount.Target == Target);
        Assert.Contains("size=65536k", bounded.SuperOptions, StringComparison.Ordinal);
        Assert.Contains("nr_inodes=16384", bounded.SuperOptions, StringComparison.Ordinal);
    }

    /// <summary>mnt-kernel-gap: a call of the mount API that is not there is a refusal; there is no second way.</summary>
    [Theory]
    [InlineData("openat2")]
    [InlineData("open_tree")]
    [InlineData("move_mount")]
    [InlineData("mount_setattr")]
    [InlineData("fsopen")]
    [InlineData("fsmount")]
    public void A_kernel_without_the_mount_api_is_refused(string call)
    {
        Install("t", $"[protect]\nprivate_tmp = true\n[[mount]]\nsource = \"{Source}\"\ntarget = \"{Target}\"");
        SessionResult result = SessionCommand.Run("t", "/bin/true").With("--refuse", $"{SystemCallNumbers.Of(call)}:38").Execute();
        Assert.True(result.IsRefusal, result.ToString());
    }
}
