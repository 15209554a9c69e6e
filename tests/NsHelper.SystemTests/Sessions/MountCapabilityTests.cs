using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// Why it exists: what tools of this class do with mounts and roots, one test for each line of such a comparison and under its name. What
/// each has in corners is held by the tests of that part.
/// </summary>
public sealed class MountCapabilityTests : SystemTest
{
    private const string Source = "/mnt/srv/source";
    private const string Target = "/mnt/srv/target";

    public MountCapabilityTests()
    {
        Directory.CreateDirectory(Temporary(Source));
        Directory.CreateDirectory(Temporary(Target));
        File.WriteAllText($"{Source}/note", "hello\n");
        Posix.Chown(Source, TestUser.Alice.UserId, TestUser.Alice.GroupId);
        Posix.Chown($"{Source}/note", TestUser.Alice.UserId, TestUser.Alice.GroupId);
    }

    [Fact]
    public void Bind_rw_and_ro()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/second"));
        string both = Mount($"source = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"ro\"]") + Mount($"source = \"{Source}\"\ntarget = \"/mnt/srv/second\"");
        Assert.Equal("hello\nrefused\nmade\n", Run(both, $"cat {Target}/note; (: >{Target}/new) 2>&- || echo refused; : >/mnt/srv/second/new && echo made"));
        Assert.True(File.Exists($"{Source}/new"));
    }

    [Fact]
    public void Optional_source() =>
        Assert.Equal("there\n", Run(Mount($"source = \"/mnt/srv/absent\"\ntarget = \"{Target}\"\noptional = true"), "echo there"));

    [Theory]
    [InlineData("nosuid")]
    [InlineData("nodev")]
    [InlineData("noexec")]
    [InlineData("noatime")]
    [InlineData("nosymfollow")]
    public void Nosuid_nodev_noexec_per_mount(string option) =>
        Assert.Contains(option, Inside(Mount($"source = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"{option}\"]"), Target).Options);

    [Fact]
    public void Recursive_ro_with_existing_submounts()
    {
        HostMount($"{Source}/below");
        string body = Mount($"source = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"ro\"]");
        Assert.Superset(new HashSet<string> { "ro", "nosuid", "nodev" }, Inside(body, $"{Target}/below").Options.ToHashSet());
    }

    [Fact]
    public void Ro_also_for_mounts_propagated_later()
    {
        Directory.CreateDirectory($"{Source}/later");
        Install("t", Mount($"source = \"{Source}\"\ntarget = \"{Target}\"\noptions = [\"ro\"]"));
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        HostMount($"{Source}/later");
        Assert.False(Wait.Happens(() => session.Mounts().Any(mount => mount.Target == $"{Target}/later"), 300), "a writable mount arrived below a read-only tree");
    }

    [Fact]
    public void Tmpfs_with_size_and_mode() => Assert.Equal(
        "256 1700\nfull\n",
        Run(Mount($"target = \"{Target}\"\ntype = \"tmpfs\"\nsize = \"1M\"\nmode = \"1700\""), $"echo $(stat -f -c %b {Target}) $(stat -c %a {Target}); head -c 2M /dev/zero >{Target}/big 2>/dev/null || echo full"));

    [Fact]
    public void Overlay()
    {
        string root = MakeLower();
        Assert.Equal("lower\nchanged\n", Run(Mount($"type = \"overlay\"\nlower = [\"{root}\"]\ntarget = \"{Target}\""), $"cat {Target}/mine/note; echo changed >{Target}/mine/note; cat {Target}/mine/note"));
        Assert.Equal("lower\n", File.ReadAllText($"{root}/mine/note"));
    }

    [Fact]
    public void Hide_or_mask_path() => Assert.Equal(
        "hidden\nhidden\n",
        Run(
            Mount($"target = \"{Source}/note\"\ntype = \"mask\"") + Mount($"target = \"{Target}\"\ntype = \"mask\""),
            $"cat {Source}/note 2>/dev/null || echo hidden; ls {Target} 2>/dev/null || echo hidden"));

    [Fact]
    public void Default_propagation_is_slave()
    {
        // As on a host with systemd: what is mounted there reaches the peers.
        Posix.Mount(Source, Source, "", Posix.MS_BIND, "");
        Undo(() => Posix.Unmount(Source));
        Posix.Mount("", Source, "", Posix.MS_SHARED, "");
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        HostMount($"{Source}/later");
        Assert.True(Wait.Happens(() => session.Mounts().Any(mount => mount.Target == $"{Source}/later"), 1000), "a mount of the host did not arrive");
        Assert.DoesNotContain(session.Mounts(), mount => mount.Tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("private", false, false)]
    [InlineData("slave", false, false)]
    [InlineData("shared", true, false)]
    [InlineData("unbindable", false, true)]
    public void Propagation_selectable_per_mount(string propagation, bool isShared, bool isUnbindable)
    {
        MountEntry mount = Inside(Mount($"source = \"{Source}\"\ntarget = \"{Target}\"\npropagation = \"{propagation}\""), Target);
        Assert.Equal((isShared, isUnbindable), (mount.Tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal)), mount.Tags.Contains("unbindable")));
    }

    [Fact]
    public void Live_shared_mount_between_two_sessions()
    {
        ExpectShare("u12001.work");
        Install("t", $"[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"user\"\n");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("", SessionCommand.Run("t", "/bin/sh", "-c", $"echo live >{Target}/note").Execute().ErrorText);
        Assert.Equal("live\n", File.ReadAllText($"/proc/{first.Pid}/root{Target}/note"));
        Assert.False(File.Exists($"{Target}/note"));
    }

    [Fact]
    public void Mkdir_of_missing_target()
    {
        Assert.Equal("hello\n", Run(Mount($"target = \"{Target}\"\ntype = \"tmpfs\"") + Mount($"source = \"{Source}\"\ntarget = \"{Target}/not/there\""), $"cat {Target}/not/there/note"));
        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public void Order_independent_of_writing_order()
    {
        Assert.Equal("hello\n", Run(Mount($"source = \"{Source}\"\ntarget = \"{Target}/a/b\"") + Mount($"target = \"{Target}\"\ntype = \"tmpfs\""), $"cat {Target}/a/b/note"));
        Directory.CreateDirectory(Temporary("/mnt/srv/last"));
        Assert.Equal(
            $"/mnt/srv/last {Target} {Target}/a/b\n",
            Run(Mount($"target = \"{Target}/a/b\"\ntype = \"tmpfs\"") + Mount($"target = \"{Target}\"\ntype = \"tmpfs\"\norder = 2") + Mount("target = \"/mnt/srv/last\"\ntype = \"tmpfs\"\norder = 1"), $"set -- $(sed -n 's,^[^ ]* \\(/mnt/srv/[^ ]*\\) .*,\\1,p' /proc/self/mounts); echo \"$@\""));
    }

    [Fact]
    public void Host_root_kept_and_edits_in_place()
    {
        Assert.Equal("hello\n", Run("", $"cat {Source}/note; echo edited >{Source}/note"));
        Assert.Equal("edited\n", File.ReadAllText($"{Source}/note"));
    }

    [Fact]
    public void Fresh_tmpfs_root_and_chosen_binds() => Assert.Equal(
        "hello\n/bin /data /lib /lib64 /usr\n",
        Run("[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n" + Usr + Mount($"source = \"{Source}\"\ntarget = \"/data\""), "cat /data/note; echo /*"));

    [Fact]
    public void Existing_directory_tree_as_root()
    {
        MakeRoot();
        Assert.Equal("of the tree\n", Run($"[root]\nmode = \"directory\"\ndirectory = \"{Source}\"\nworking_directory = \"/\"\n" + Usr, "cat /note"));
    }

    [Fact]
    public void Ephemeral_root_over_a_read_only_lower()
    {
        MakeRoot();
        const string Root = $"[root]\nmode = \"overlay\"\ndirectory = \"{Source}\"\nworking_directory = \"/\"\n";
        Assert.Equal("of the tree\nchanged\n", Run(Root + Usr, "cat /note; echo changed >/mine/note; cat /mine/note"));
        Assert.Equal("lower\n", File.ReadAllText($"{Source}/mine/note"));
        Assert.Equal("lower\n", Run(Root + Usr, "cat /mine/note"));
    }

    [Fact]
    public void Persistent_upper_per_user()
    {
        Undo(() => RootShell.Run("rm -rf /var/lib/nshelper/overlay/*"));
        string root = MakeLower();
        string body = Mount($"type = \"overlay\"\nlower = [\"{root}\"]\nupper = \"user\"\ntarget = \"{Target}\"");
        Assert.Equal("", Run(body, $"echo kept >{Target}/mine/note"));
        Assert.Equal("kept\n", Run(body, $"cat {Target}/mine/note"));
        Assert.Equal("lower\n", File.ReadAllText($"{root}/mine/note"));
    }

    [Fact]
    public void Per_user_and_per_session_private_dirs()
    {
        ExpectShare("private.u12001.mnt-srv-target");
        Directory.CreateDirectory(Temporary("/mnt/srv/second"));
        string body = Private($"target = \"{Target}\"\nscope = \"user\"\nsize = \"1M\"") + Private("target = \"/mnt/srv/second\"\nsize = \"1M\"");
        Assert.Equal("", Run(body, $"echo mine >{Target}/note; echo mine >/mnt/srv/second/note"));
        Assert.Equal("mine\n", Run(body, $"cat {Target}/note; ls -A /mnt/srv/second"));
        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public void Minimal_dev() => Assert.Equal(
        "written\nno kmsg\n1:3\n",
        Run("[protect]\nprivate_devices = true\n", "echo x >/dev/null && echo written; [ -e /dev/kmsg ] || echo no kmsg; stat -c %Hr:%Lr /dev/null"));

    [Theory]
    [InlineData("true", "ro rw")]
    [InlineData("\"full\"", "ro ro")]
    [InlineData("\"strict\"", "ro ro")]
    public void Read_only_OS_preset(string value, string expected)
    {
        Install("t", $"[protect]\nprotect_system = {value}\n");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string OptionOf(string path) => session.Mounts().Where(mount => path == mount.Target || path.StartsWith(mount.Target.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(mount => mount.Target.Length)!.Options[0];
        Assert.Equal(expected, $"{OptionOf("/usr")} {OptionOf("/etc")}");
    }

    [Theory]
    [InlineData("true", "refused")]
    [InlineData("\"tmpfs\"", "")]
    public void Home_preset(string value, string expected) =>
        Assert.Equal(expected, Run($"[protect]\nprotect_home = {value}\n", "ls -A /home 2>/dev/null || echo refused").TrimEnd());

    [Fact]
    public void Symlink_dir_file_and_inline_data() => Assert.Equal(
        "../elsewhere\n700 0:0\n640 0:0 refused\ntwo \\ lines\n\"é\" {x} %u\n",
        Run(
            Mount($"target = \"{Target}\"\ntype = \"tmpfs\"") + Mount($"target = \"{Target}/a/link\"\ntype = \"symlink\"\nsource = \"../elsewhere\"")
            + Mount($"target = \"{Target}/dir\"\ntype = \"directory\"\nmode = \"0700\"") + Mount($"target = \"{Target}/secret\"\ntype = \"file\"\ncontent = \"x\"\nmode = \"0640\"")
            + Mount($"target = \"{Target}/note\"\ntype = \"file\"\ncontent = \"two \\\\ lines\\n\\\"é\\\" {{x}} %u\\n\""),
            $"cd {Target}; readlink a/link; stat -c '%a %u:%g' dir; echo $(stat -c '%a %u:%g' secret) $(cat secret 2>/dev/null || echo refused); cat note"));

    [Fact]
    public void Pivot_root_with_the_old_root_detached()
    {
        Install("t", "[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n" + Usr);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        MountEntry root = Assert.Single(session.Mounts(), mount => mount.Target == "/");
        Assert.Equal("tmpfs", root.Type);
        Assert.DoesNotContain(session.Mounts(), mount => mount.Target.StartsWith("/mnt", StringComparison.Ordinal) || mount.Target.StartsWith("/run", StringComparison.Ordinal));
    }

    private static string Usr => Mount("target = \"/usr\"\noptions = [\"ro\"]")
        + string.Concat(((string[])["bin", "lib", "lib64"]).Select(name => Mount($"source = \"/usr/{name}\"\ntarget = \"/{name}\"\noptions = [\"ro\"]")));

    private static string Mount(string keys) => $"[[mount]]\n{keys}\n";

    private static string Private(string keys) => $"[[private]]\n{keys}\n";

    private string Run(string body, string script)
    {
        Install("t", body);
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }

    private MountEntry Inside(string body, string target)
    {
        Install("t", body);
        return Assert.Single(Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand().Mounts(), mount => mount.Target == target);
    }

    private void HostMount(string path)
    {
        Directory.CreateDirectory(path);
        Posix.Mount("host", path, "tmpfs", 0, "");
        Undo(() => Posix.Unmount(path));
    }

    /// <summary>A tree of root's with one directory of the caller's.</summary>
    private string MakeLower()
    {
        const string Lower = "/mnt/srv/lower";
        Directory.CreateDirectory(Temporary(Lower) + "/mine");
        File.WriteAllText($"{Lower}/mine/note", "lower\n");
        RootShell.Run($"chown -R 12001:12001 {Lower}/mine");
        return Lower;
    }

    private void MakeRoot()
    {
        RootShell.Run($"chown 0:0 {Source}; mkdir -p {Source}/usr {Source}/bin {Source}/lib {Source}/lib64 {Source}/mine; echo of the tree >{Source}/note; echo lower >{Source}/mine/note; chown -R 12001:12001 {Source}/mine");
    }
}
