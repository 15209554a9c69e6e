using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a session with a root of its own sees what the profile puts there and nothing of the host.</summary>
public sealed class RootTests : SystemTest
{
    /// <summary>What a dynamic program of this machine needs; the probe is a static one.</summary>
    private const string System = """

        [[mount]]
        target = "/usr"
        options = ["ro"]
        [[mount]]
        source = "/usr/bin"
        target = "/bin"
        options = ["ro"]
        [[mount]]
        source = "/usr/lib"
        target = "/lib"
        options = ["ro"]
        [[mount]]
        source = "/usr/lib64"
        target = "/lib64"
        options = ["ro"]
        optional = true
        """;

    private const string Empty = "[root]\nmode = \"tmpfs\"\nsize = \"1M\"\nworking_directory = \"/\"\n";
    private const string Tree = "/mnt/srv/tree";

    [Fact]
    public void A_tmpfs_root_holds_what_is_mounted_there_and_nothing_else()
    {
        Install("t", Empty + System + "\n[[mount]]\ntarget = \"/etc/hostname\"\noptions = [\"ro\"]");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo /* /etc/*; stat -f -c %T /; stat -c '%a %u' / /etc; cd /proc 2>&1 | wc -l").Execute();
        Assert.Equal("/bin /etc /lib /lib64 /usr /etc/hostname\ntmpfs\n755 0\n755 0\n1\n", result.OutputText);
        Assert.Equal(0, result.ExitStatus);
    }

    [Fact]
    public void Of_the_old_root_nothing_is_left_in_the_mount_table()
    {
        Install("t", Empty + System);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string[] targets = [.. session.Mounts().Select(mount => mount.Target).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["/", "/bin", "/lib", "/lib64", "/usr"], targets.Where(target => target.Count(c => c == '/') == 1));
        Assert.DoesNotContain(targets, target => target.StartsWith("/mnt", StringComparison.Ordinal) || target.StartsWith("/run", StringComparison.Ordinal) || target.StartsWith("/etc", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tmpfs_root_is_bounded_belongs_to_root_and_is_nosuid_and_nodev()
    {
        Install("t", Empty + System + "\n[[mount]]\ntarget = \"/scratch/deep\"\ntype = \"tmpfs\"\nsize = \"64K\"");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        MountEntry root = Assert.Single(session.Mounts(), mount => mount.Target == "/");
        Assert.Superset(new HashSet<string> { "nosuid", "nodev" }, root.Options.ToHashSet());
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "stat -f -c %b*%S /; (: >/new) 2>&- || echo refused; stat -c %a-%u /scratch /scratch/deep; : >/scratch/deep/mine && echo made").Execute();
        Assert.Equal("256*4096\nrefused\n755-0\n755-12001\nmade\n", result.OutputText);
    }

    [Fact]
    public void A_read_only_tmpfs_root_is_so_once_its_mounts_stand()
    {
        Install("t", Empty + "read_only = true\n" + System + "\n[[mount]]\ntarget = \"/scratch\"\ntype = \"tmpfs\"");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Contains("ro", Assert.Single(session.Mounts(), mount => mount.Target == "/").Options);
        Assert.Contains("rw", Assert.Single(session.Mounts(), mount => mount.Target == "/scratch").Options);
    }

    [Theory]
    [InlineData("slave")]
    [InlineData("private")]
    [InlineData("shared")]
    public void A_root_of_its_own_takes_every_propagation_and_the_host_sees_nothing(string propagation)
    {
        Install("t", Empty + $"propagation = \"{propagation}\"\n" + System);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        MountEntry root = Assert.Single(session.Mounts(), mount => mount.Target == "/");
        Assert.Equal(propagation == "shared", root.Tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal)));
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Target.StartsWith("/run/nshelper/root", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_is_the_root_with_its_own_links_and_what_is_mounted_in_it()
    {
        MakeTree();
        Directory.CreateDirectory(Tree + "/run/x");
        Directory.CreateDirectory(Tree + "/var");
        File.CreateSymbolicLink(Tree + "/var/run", "/run");
        Install("t", $"[root]\nmode = \"directory\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n{System}\n[[mount]]\ntarget = \"/var/run/x\"\ntype = \"tmpfs\"\n");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo /*; stat -f -c %T /run/x; (: >/new) 2>&- || echo refused").Execute();
        Assert.Equal("/bin /lib /lib64 /run /usr /var\ntmpfs\nrefused\n", result.OutputText);
    }

    [Fact]
    public void A_missing_target_in_a_directory_that_is_not_the_callers_is_refused_with_its_line()
    {
        MakeTree();
        Install("t", $"[root]\nmode = \"directory\"\ndirectory = \"{Tree}\"\n{System}\n[[mount]]\ntarget = \"/absent\"\ntype = \"tmpfs\"\n");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("the target /absent does not exist, and the caller may not create it", result.ErrorText, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Tree + "/absent"));
    }

    /// <summary>The tree's own setuid program, as the tree of another distribution has them.</summary>
    [Fact]
    public void A_setuid_program_of_the_directory_gives_nothing()
    {
        MakeTree();
        File.Copy(TestHost.Probe, Tree + "/probe");
        File.SetUnixFileMode(Tree + "/probe", Modes.Executable | UnixFileMode.SetUser);
        Install("t", $"[root]\nmode = \"directory\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n");
        Assert.All(SessionCommand.Run("t", "/probe").Execute().Probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
    }

    [Theory]
    [InlineData("mode = \"directory\"\ndirectory = \"/mnt/srv/link\"", "link")]
    [InlineData("mode = \"directory\"\ndirectory = \"/mnt/srv/absent\"", "absent")]
    public void A_directory_that_is_not_there_or_is_a_link_is_refused(string root, string name)
    {
        MakeTree();
        File.CreateSymbolicLink("/mnt/srv/link", Tree);
        Undo(() => File.Delete("/mnt/srv/link"));
        Install("t", $"[root]\n{root}\n");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"/mnt/srv/{name}", result.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("systemd-tmpfiles", result.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong mode")]
    [InlineData("wrong owner")]
    [InlineData("a link")]
    [InlineData("absent")]
    public void A_place_for_the_root_that_is_not_roots_alone_is_refused(string fault)
    {
        const string Place = "/run/nshelper/root";
        Install("t", Empty + System);
        Directory.Delete(Place);
        Undo(() =>
        {
            Remove(Place);
            Directory.CreateDirectory(Place, Modes.OwnerOnlyDirectory);
        });
        switch (fault)
        {
            case "wrong mode":
                Directory.CreateDirectory(Place);
                File.SetUnixFileMode(Place, Modes.Executable);
                break;
            case "wrong owner":
                Directory.CreateDirectory(Place, Modes.OwnerOnlyDirectory);
                Posix.Chown(Place, TestUser.Alice.UserId, TestUser.Alice.GroupId);
                break;
            case "a link":
                File.CreateSymbolicLink(Place, "/mnt/srv");
                break;
        }

        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"({Place})", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(fault == "absent", result.ErrorText.Contains("systemd-tmpfiles", StringComparison.Ordinal));
    }

    private static void Remove(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
        }
        else if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }
    }

    private void MakeTree()
    {
        foreach (string name in (string[])["usr", "bin", "lib", "lib64"])
        {
            Directory.CreateDirectory($"{Tree}/{name}");
        }

        Undo(() => Directory.Delete(Tree, recursive: true));
    }
}
