using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: administrators know these words from systemd and trust them to mean the same; a place that stays writable or readable is found by nobody.</summary>
public sealed class ProtectTests : SystemTest
{
    private const UnixFileMode Open = (UnixFileMode)0b111_111_111;
    private const string Area = "/mnt/srv/area";

    public ProtectTests()
    {
        Directory.CreateDirectory(Temporary(Area));
        Directory.CreateDirectory($"{Area}/sub/deep");
        Directory.CreateDirectory($"{Area}/other");
        foreach (string directory in (string[])[Area, $"{Area}/sub", $"{Area}/sub/deep", $"{Area}/other"])
        {
            File.SetUnixFileMode(directory, Open);
        }

        File.WriteAllText($"{Area}/note", "of the host");
    }

    [Theory]
    [InlineData("true", "/usr", "")]
    [InlineData("\"full\"", "/usr /etc", "")]
    [InlineData("\"strict\"", "/usr /etc /mnt /run /var /", "/dev /proc /sys")]
    public void Protect_system_makes_its_places_read_only_and_no_others(string value, string readOnly, string writable)
    {
        Install("t", $"[protect]\nprotect_system = {value}");
        MountEntry[] mounts = OptionsIn("t");
        Assert.All(readOnly.Split(' '), place => Assert.Contains("ro", OptionsAt(mounts, place)));
        Assert.All(writable.Split(' ', StringSplitOptions.RemoveEmptyEntries), place => Assert.DoesNotContain("ro", OptionsAt(mounts, place)));
        Assert.Equal(value == "\"strict\"", Write("t", $"{Area}/written").Contains("Read-only", StringComparison.Ordinal));

        // What the host has read-only stays so; devices are devices.
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", "echo x >/dev/null && head -c 1 /dev/zero >/dev/null").Execute().ExitStatus);
    }

    [Fact]
    public void Lists_nest_and_the_nearest_path_decides()
    {
        Install("t", $"[protect]\nprotect_system = \"strict\"\nread_write_paths = [\"{Area}\", \"-/mnt/srv/absent\"]\nread_only_paths = [\"{Area}/sub\"]");
        Assert.Equal("", Write("t", $"{Area}/f"));
        Assert.Equal("", Write("t", $"{Area}/other/f"));
        Assert.Contains("Read-only", Write("t", $"{Area}/sub/f"), StringComparison.Ordinal);
        Assert.Contains("Read-only", Write("t", $"{Area}/sub/deep/f"), StringComparison.Ordinal);
        Assert.True(File.Exists($"{Area}/f"));
        Install("again", $"[protect]\nread_only_paths = [\"{Area}\"]\nread_write_paths = [\"{Area}/sub\"]");
        Assert.Contains("Read-only", Write("again", $"{Area}/g"), StringComparison.Ordinal);
        Assert.Equal("", Write("again", $"{Area}/sub/deep/g"));
    }

    [Fact]
    public void A_list_of_programs_takes_nothing_from_a_list_of_writable_paths()
    {
        File.Copy("/bin/true", $"{Area}/sub/program");
        File.SetUnixFileMode($"{Area}/sub/program", Modes.Executable);
        Install("t", $"[protect]\nread_only_paths = [\"{Area}\"]\nno_exec_paths = [\"{Area}/sub\"]");
        Assert.Contains("Read-only", Write("t", $"{Area}/sub/f"), StringComparison.Ordinal);
        Assert.NotEqual(0, SessionCommand.Run("t", "/bin/sh", "-c", $"{Area}/sub/program").Execute().ExitStatus);
    }

    [Fact]
    public void Nothing_starts_but_from_exec_paths_where_the_root_is_in_no_exec_paths()
    {
        File.Copy("/bin/true", $"{Area}/program");
        File.Copy("/bin/true", $"{Area}/sub/program");
        File.SetUnixFileMode($"{Area}/program", Modes.Executable);
        File.SetUnixFileMode($"{Area}/sub/program", Modes.Executable);
        Directory.CreateDirectory(Temporary("/mnt/srv/target"));
        Install("t", $"[protect]\nprivate_tmp = true\nno_exec_paths = [\"/\"]\nexec_paths = [\"/usr\", \"-/bin\", \"-/lib\", \"-/lib64\", \"{Area}/sub\"]\n[[mount]]\nsource = \"{Area}/sub\"\ntarget = \"/mnt/srv/target\"");
        Assert.Equal(0, SessionCommand.Run("t", $"{Area}/sub/program").Execute().ExitStatus);
        foreach (string program in (string[])[$"{Area}/program", "/mnt/srv/target/program"])
        {
            Assert.NotEqual(0, SessionCommand.Run("t", program).Execute().ExitStatus);
        }

        Assert.NotEqual(0, SessionCommand.Run("t", "/bin/sh", "-c", $"cp {Area}/program /tmp/program && /tmp/program").Execute().ExitStatus);
    }

    [Fact]
    public void What_is_inaccessible_shows_nothing_and_cannot_be_uncovered()
    {
        Install("t", $"[protect]\ninaccessible_paths = [\"{Area}/sub\", \"{Area}/note\", \"-/mnt/srv/absent\"]");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", $"ls -A {Area}/sub; cat {Area}/note; stat -c %a {Area}/sub {Area}/note; unshare -Urm umount {Area}/sub").Execute();
        Assert.Equal("0\n0\n", result.OutputText);
        Assert.NotEqual(0, result.ExitStatus);
        Assert.DoesNotContain("deep", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Homes_are_hidden_or_read_only_or_empty()
    {
        Homes();
        Install("hidden", "[protect]\nprotect_home = true");
        Install("locked", "[protect]\nprotect_home = \"read-only\"");
        Install("empty", "[protect]\nprotect_home = \"tmpfs\"");
        Assert.Equal("0 0 0\n", SessionCommand.Run("hidden", "/bin/sh", "-c", "ls /home /root /run/user; echo $(stat -c %a /home /root /run/user)").Execute().OutputText);
        Assert.Equal("other\n", SessionCommand.Run("locked", "/bin/ls", "/home").Execute().OutputText);
        Assert.Contains("Read-only", Write("locked", "/home/other/f"), StringComparison.Ordinal);
        Assert.Equal("755 755 755\n", SessionCommand.Run("empty", "/bin/sh", "-c", "ls -A /home /root /run/user >&2; echo $(stat -c %a /home /root /run/user)").Execute().OutputText);
        Assert.DoesNotContain("other", SessionCommand.Run("empty", "/bin/ls", "-A", "/home").Execute().OutputText, StringComparison.Ordinal);
        Assert.Contains("Permission denied", Write("empty", "/home/f"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_of_the_users_own_stands_in_an_empty_home_directory()
    {
        Homes();
        Install("t", "[protect]\nprotect_home = \"tmpfs\"\n[[mount]]\nsource = \"/home/other\"\ntarget = \"/home/alice\"\ncreate = \"dir\"");
        Assert.Equal("alice\n", SessionCommand.Run("t", "/bin/ls", "-A", "/home").Execute().OutputText);
        Assert.Equal("", Write("t", "/home/alice/f"));
        Assert.True(File.Exists("/home/other/f"));
    }

    [Fact]
    public void A_private_run_user_is_the_callers_and_shows_nobody_elses()
    {
        Homes();
        Install("t", "[protect]\nprivate_run_user = true");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "ls -A /run/user /run/user/12001; stat -c '%a %u' /run/user/12001; echo x >/run/user/12001/f && cat /run/user/12001/f").Execute();
        Assert.Equal("/run/user:\n12001\n\n/run/user/12001:\n700 12001\nx\n", result.OutputText);
        Assert.False(File.Exists("/run/user/12001/f"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("protect_proc = \"invisible\"\n")]
    public void What_can_be_set_in_the_kernel_is_read_only(string proc)
    {
        Install("t", $"[protect]\n{proc}protect_kernel_tunables = true\nprotect_control_groups = true\nprotect_kernel_logs = true");
        MountEntry[] mounts = OptionsIn("t");
        Assert.Contains("ro", OptionsAt(mounts, "/proc/sys"));
        Assert.Contains("ro", OptionsAt(mounts, "/sys"));
        Assert.Contains("ro", OptionsAt(mounts, "/sys/fs/cgroup"));
        Assert.DoesNotContain("ro", OptionsAt(mounts, "/proc"));
        Assert.Equal("0\n0\n", SessionCommand.Run("t", "/bin/sh", "-c", "stat -c %a /proc/kmsg /proc/kallsyms; cat /proc/kallsyms; cat /proc/kmsg").Execute().OutputText);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/ostype"), SessionCommand.Run("t", "/bin/cat", "/proc/sys/kernel/ostype").Execute().OutputText);
    }

    [Theory]
    [InlineData("read_only_paths = [\"/mnt/srv/absent\"]", "is not there")]
    [InlineData("read_only_paths = [\"/mnt/srv/area\"]\nread_write_paths = [\"/mnt/srv/area\"]", "contradict")]
    [InlineData("read_only_paths = [\"/mnt/srv/area/sub\"]\n[[mount]]\ntype = \"tmpfs\"\ntarget = \"/mnt/srv/area\"", "of its own")]
    [InlineData("inaccessible_paths = [\"/mnt/srv/area\"]\n[[mount]]\ntype = \"tmpfs\"\ntarget = \"/mnt/srv/area\"", "is the target of a mount")]
    [InlineData("read_only_paths = [\"/mnt/srv/area/sub\"]\ninaccessible_paths = [\"/mnt/srv/area\"]", "of its own")]
    public void What_cannot_be_held_is_refused_with_its_line(string body, string words)
    {
        Install("t", $"[protect]\n{body}");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains(words, result.ErrorText, StringComparison.Ordinal);
        Assert.Contains("/etc/nshelper/profiles/t.toml:", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>What the host mounts later below a place that [protect] made read-only does not arrive there.</summary>
    [Fact]
    public void A_later_mount_of_the_host_does_not_arrive_in_a_protected_place()
    {
        Posix.Mount("none", "/mnt", "none", Posix.MS_SHARED, "");
        Undo(() => Posix.Mount("none", "/mnt", "none", Posix.MS_PRIVATE, ""));
        Install("t", $"[protect]\nread_only_paths = [\"{Area}\"]");
        Install("open");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession open = Start(SessionCommand.Run("open", "/bin/sleep", "60")).WaitForCommand();
        Posix.Mount("late", $"{Area}/sub", "tmpfs", 0, "");
        Undo(() => Posix.Unmount($"{Area}/sub"));
        File.WriteAllText($"{Area}/sub/late", "late");
        Assert.True(File.Exists($"/proc/{open.Pid}/root{Area}/sub/late"));
        Assert.False(File.Exists($"/proc/{session.Pid}/root{Area}/sub/late"));
        Assert.True(Directory.Exists($"/proc/{session.Pid}/root{Area}/sub/deep"));
    }

    /// <summary>Homes that the tests may fill, where the presets look for them.</summary>
    private void Homes()
    {
        Posix.Mount("homes", "/home", "tmpfs", 0, "mode=0755");
        Undo(() => Posix.Unmount("/home"));
        Directory.CreateDirectory("/home/other");
        File.SetUnixFileMode("/home/other", Open);
        Directory.CreateDirectory(Temporary("/run/user"));
        Directory.CreateDirectory("/run/user/12001");
        Directory.CreateDirectory("/run/user/12002");
    }

    private static string Write(string profile, string file) => SessionCommand.Run(profile, "/bin/sh", "-c", $"echo x >{file}").Execute().ErrorText;

    private static MountEntry[] OptionsIn(string profile) => [.. SessionCommand.Run(profile, TestHost.ProbeOutsideMnt).Execute().Probe.Mounts];

    /// <summary>The options of the mount that a path leads to, from the root on: of what is mounted on the way the first covers the rest.</summary>
    private static string[] OptionsAt(MountEntry[] mounts, string path)
    {
        MountEntry? place = mounts.Single(mount => mount.Target == "/" && !mounts.Any(other => other.Id == mount.Parent));
        MountEntry found = place;
        while (place is not null)
        {
            found = place;
            place = mounts.Where(mount => mount.Parent == found.Id && (mount.Target == path || mount.Target == "/" || path.StartsWith(mount.Target + "/", StringComparison.Ordinal))).MinBy(mount => mount.Target.Length);
        }

        return [.. found.Options];
    }
}
