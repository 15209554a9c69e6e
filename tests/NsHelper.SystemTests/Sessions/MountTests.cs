using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: mounts of the profile are there, with their restrictions, in the session and nowhere else (the mission's first sentence).</summary>
public sealed class MountTests : SystemTest
{
    [Fact]
    public void A_bind_mount_is_seen_inside_and_not_outside()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/source"));
        Directory.CreateDirectory(Temporary("/mnt/srv/target"));
        File.WriteAllText("/mnt/srv/source/note", "from the source");
        Install("t", "[[mount]]\nsource = \"/mnt/srv/source\"\ntarget = \"/mnt/srv/target\"\noptions = [\"ro\"]");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        MountEntry inside = Assert.Single(session.Mounts(), mount => mount.Target == "/mnt/srv/target");
        Assert.Superset(new HashSet<string> { "ro", "nosuid", "nodev" }, inside.Options.ToHashSet());
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Target == "/mnt/srv/target");
        Assert.False(File.Exists("/mnt/srv/target/note"));
        Assert.Equal("from the source", SessionCommand.Run("t", TestHost.Probe, "cat", "/mnt/srv/target/note").Execute().OutputText);
    }

    [Fact]
    public void An_optional_mount_without_its_source_is_left_out_and_another_is_refused_with_its_line()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/target"));
        const string Mount = "[[mount]]\nsource = \"/mnt/srv/absent\"\ntarget = \"/mnt/srv/target\"\n";
        Install("optional", Mount + "optional = true");
        Install("required", Mount);
        Assert.Equal(0, SessionCommand.Run("optional", "/bin/true").Execute().ExitStatus);
        SessionResult refused = SessionCommand.Run("required", "/bin/true").Execute();
        Assert.True(refused.IsRefusal, refused.ToString());
        Assert.Contains("/mnt/srv/absent", refused.ErrorText, StringComparison.Ordinal);
        Assert.Contains("/etc/nshelper/profiles/required.toml:6", refused.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tmpfs_is_bounded_and_empty_and_gone_afterwards()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/target"));
        Install("t", "[[mount]]\ntype = \"tmpfs\"\ntarget = \"/mnt/srv/target\"\nsize = \"1M\"\nmode = \"1777\"");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "ls -A /mnt/srv/target; head -c 3000000 /dev/zero >/mnt/srv/target/f 2>/dev/null; stat -c %s /mnt/srv/target/f").Execute();
        Assert.Equal("1048576\n", result.OutputText);
        Assert.Empty(Directory.GetFileSystemEntries("/mnt/srv/target"));
    }

    [Fact]
    public void A_private_tmp_is_empty_writable_and_not_the_hosts()
    {
        string name = $"nshelper-test-{Guid.NewGuid():N}";
        File.WriteAllText(Temporary($"/tmp/{name}"), "host");
        Install("t", "[protect]\nprivate_tmp = true");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", $"ls -A /tmp /var/tmp; echo in >/tmp/{name}-inside && cat /tmp/{name}-inside; stat -c %a /tmp").Execute();
        Assert.Equal("/tmp:\n\n/var/tmp:\nin\n1777\n", result.OutputText);
        Assert.False(File.Exists($"/tmp/{name}-inside"));
    }

    [Fact]
    public void A_read_only_root_is_read_only_everywhere_but_where_a_mount_says_otherwise()
    {
        // Writable by everybody, so that only the read-only mount can be what refuses.
        Directory.CreateDirectory(Temporary("/mnt/srv/open"), (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode("/mnt/srv/open", (UnixFileMode)0b111_111_111);
        Posix.Mount("sub", "/mnt/srv/open", "tmpfs", 0, "mode=0777");
        Undo(() => Posix.Unmount("/mnt/srv/open"));
        Install("t", "[root]\nread_only = true\n[[mount]]\ntarget = \"%h\"\noptions = [\"rbind\", \"rw\"]");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo x >~/written && cat ~/written; echo x >/mnt/srv/open/f; echo x >/dev/shm/f").Execute();
        Assert.Equal("x\n", result.OutputText);
        Assert.Equal(2, result.ErrorText.Split("Read-only file system").Length - 1);
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Equal([TestUser.Alice.Home], probe.Mounts.Where(mount => !mount.Options.Contains("ro")).Select(mount => mount.Target));
    }

    [Fact]
    public void Every_mount_of_a_session_is_nosuid()
    {
        Install("t");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.NotEmpty(probe.Mounts);
        Assert.All(probe.Mounts, mount => Assert.Contains("nosuid", mount.Options));
        Assert.Contains(MountEntry.OfHost(), mount => mount.Target == "/" && !mount.Options.Contains("nosuid"));
    }
}
