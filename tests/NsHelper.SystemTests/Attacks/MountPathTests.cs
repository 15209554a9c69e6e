using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, paths. A path resolved a second time, or through a link the user controls, is the largest class of holes in setuid mount
/// helpers (CVE-2026-27456, CVE-2026-78410, CVE-2021-30465, CVE-2026-87766). Each window is held open before the call that uses the path.
/// </summary>
public sealed class MountPathTests : SystemTest
{
    private const string Home = "/mnt/home/alice";
    private const string Etc = "/etc/nsswitch.conf";

    /// <summary>mnt-target-symlink, mnt-mid-symlink: a link as target or above it is refused, whoever made it.</summary>
    [Theory]
    [InlineData($"{Home}/t")]
    [InlineData($"{Home}/t/nshelper")]
    public void A_target_behind_the_users_link_is_refused(string target)
    {
        RootShell.Run($"ln -s /etc {Home}/t; chown -h 12001 {Home}/t");
        Install("t", $"[[mount]]\ntarget = \"{target}\"\ntype = \"tmpfs\"");
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Empty(result.Output);
    }

    /// <summary>The most common mistake of a mount is told in words, not by the call that failed.</summary>
    [Theory]
    [InlineData("target = \"/none/here\"\ntype = \"tmpfs\"", "the target /none/here does not exist, and the caller may not create it")]
    [InlineData("target = \"/none\"\ntype = \"tmpfs\"\ncreate = \"no\"", "the target /none does not exist")]
    [InlineData("target = \"/mnt\"\nsource = \"/none\"", "the source /none does not exist (optional = true skips it)")]
    public void What_is_missing_is_named(string mount, string message)
    {
        Install("t", $"[[mount]]\n{mount}");
        Assert.StartsWith($"nshelper: cannot run t: {message}\n", SessionCommand.Run("t", "/bin/true").Execute().ErrorText, StringComparison.Ordinal);
    }

    /// <summary>mnt-target-symlink: exchanged for a link between resolution and mount: the pinned directory gets the mount, or the start is refused.</summary>
    [Theory]
    [InlineData("move_mount", 1)]
    [InlineData("openat2", 0)]
    [InlineData("statx", 4)]
    public void A_target_that_is_swapped_never_moves_the_mount(string call, int when)
    {
        TestUser.Alice.MakeDirectory("t");
        Install("t", $"[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"{Home}/t\"\ntype = \"tmpfs\"\ncreate = \"no\"");
        SessionCommand command = SessionCommand.Run("t", TestHost.Probe);
        int last = when > 0 ? when : Trace.Of(command).WhenOf("openat2", $"{Home}/t");
        Trace trace = HeldHelper.At(command, (call, last), _ => RootShell.Run($"mv {Home}/t {Home}/old; ln -s /etc {Home}/t; chown -h 12001 {Home}/t"));
        if (trace.Result.Output.Length > 0)
        {
            Assert.DoesNotContain(trace.Result.Probe.Mounts, mount => mount.Target.StartsWith("/etc", StringComparison.Ordinal) && mount.Source == "none");
        }
        else
        {
            Assert.Equal(125, trace.Result.ExitStatus);
        }

        Assert.True(File.Exists(Etc));
    }

    /// <summary>mnt-mkdir-race: who owns the directory that a tmpfs stands in renames its mount point, and puts another in its place: root makes nothing there.</summary>
    [Theory]
    [InlineData("type = \"file\"\ncontent = \"x\"")]
    [InlineData("type = \"directory\"")]
    [InlineData("type = \"symlink\"\nsource = \"x\"")]
    [InlineData("type = \"tmpfs\"")]
    public void Root_makes_nothing_where_the_sessions_own_file_system_was(string entry)
    {
        string own = TestUser.Alice.MakeDirectory("own");
        Install("t", $"[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"{own}\"\ntype = \"tmpfs\"\n[[mount]]\ntarget = \"{own}/made\"\n{entry}");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        Trace normal = Trace.Of(command);
        Assert.True(normal.CommandStarted, normal.ToString());
        int openings = normal.HelperCalls.Count(call => call.Name == "openat2" && call.Paths.Contains(own));
        for (int opening = 3; opening <= openings; opening++)
        {
            int when = normal.WhenOf("openat2", own, opening);
            Trace trace = HeldHelper.At(command, ("openat2", when), _ => RootShell.Run($"mv {own} {own}.old; mkdir {own}; chown 12001 {own}"));
            Assert.Equal(125, trace.Result.ExitStatus);
            Assert.Empty(Directory.GetFileSystemEntries(own));
            RootShell.Run($"rmdir {own}; mv {own}.old {own}");
        }

        // Before the plan, and to attach the tmpfs; then for what is made on it.
        Assert.InRange(openings, 3, 4);
    }

    /// <summary>mnt-source-swap: the source is opened with the user's rights, so what is swapped in is what the user can reach anyway.</summary>
    [Theory]
    [InlineData("openat2")]
    [InlineData("open_tree")]
    public void A_source_that_is_swapped_shows_nothing_of_roots(string call)
    {
        TestUser.Alice.MakeDirectory("src");
        TestUser.Alice.MakeDirectory("dst");
        Install("t", $"[namespaces]\npid = \"host\"\n[[mount]]\nsource = \"{Home}/src\"\ntarget = \"{Home}/dst\"\ncreate = \"no\"");
        // Open to everybody, behind a directory only root may enter: a mount would carry it past that.
        string open = $"{TestHost.CanaryDirectory}/open";
        Directory.CreateDirectory(Temporary(open));
        File.WriteAllText($"{open}/secret", TestHost.Canary);
        SessionCommand command = SessionCommand.Run("t", TestHost.Probe, "cat", $"{Home}/dst/secret");
        int when = call == "open_tree" ? 1 : Trace.Of(command).WhenOf("openat2", $"{Home}/src");

        // The harness fails the test if the canary shows anywhere.
        Trace trace = HeldHelper.At(command, (call, when), _ => RootShell.Run($"mv {Home}/src {Home}/old; ln -s {open} {Home}/src; chown -h 12001 {Home}/src"));
        Assert.NotEqual(0, trace.Result.ExitStatus);
    }

    /// <summary>mnt-magiclink: no way through /proc, from the profile or by the user's link.</summary>
    [Fact]
    public void Links_of_proc_are_not_followed()
    {
        TestUser.Alice.MakeDirectory("dst");
        RootShell.Run($"ln -s /proc/self/root/mnt {Home}/magic; chown -h 12001 {Home}/magic");
        Install("user", $"[[mount]]\nsource = \"{Home}/magic\"\ntarget = \"{Home}/dst\"\ncreate = \"no\"");
        Trace trace = Trace.Of(SessionCommand.Run("user", "/bin/true"));
        Assert.Equal(125, trace.Result.ExitStatus);
        Assert.Contains(trace.Named("openat2"), call => call.Error == "ELOOP");
        Install("admin", $"[[mount]]\nsource = \"/proc/1/root\"\ntarget = \"{Home}/dst\"");
        Assert.Contains("lies in /proc", SessionCommand.Run("admin", "/bin/true").Execute().ErrorText, StringComparison.Ordinal);
    }

    /// <summary>mnt-mkdir-race: what is missing is made as the caller, part by part on descriptors: nothing of root's appears, nowhere else.</summary>
    [Fact]
    public void A_missing_target_is_made_as_the_caller_or_not_at_all()
    {
        TestUser.Alice.MakeDirectory("d");
        Install("t", $"[[mount]]\ntarget = \"{Home}/d/x/y\"\ntype = \"tmpfs\"");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        int makes = Trace.Of(command).Counts()["mkdirat"];
        RootShell.Run($"rm -rf {Home}/d/x");
        _ = HeldHelper.At(command, ("mkdirat", makes), _ => RootShell.Run($"mv {Home}/d {Home}/e; ln -s /etc {Home}/d; chown -h 12001 {Home}/d"));
        Assert.False(Directory.Exists("/etc/x"));
        Assert.Empty(RootShell.Run($"find {Home} -mindepth 1 -user root -type d"));

        Install("rootplace", "[[mount]]\ntarget = \"/mnt/made-by-alice\"\ntype = \"tmpfs\"");
        Assert.Equal(125, SessionCommand.Run("rootplace", "/bin/true").Execute().ExitStatus);
        Assert.False(Directory.Exists("/mnt/made-by-alice"));
    }

    /// <summary>Targets behind root's own links (/var/run) must work: bubblewrap's back-port broke them (#801).</summary>
    [Fact]
    public void A_target_behind_roots_link_is_resolved()
    {
        RootShell.Run("mkdir /mnt/srv/place; ln -s /mnt/srv/place /mnt/srv/link");
        Undo(() => RootShell.Run("rm -rf /mnt/srv/place /mnt/srv/link"));
        Install("t", "[[mount]]\ntarget = \"/mnt/srv/link\"\ntype = \"tmpfs\"");
        Assert.Contains(SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Mounts, mount => mount.Target == "/mnt/srv/place");
    }

    /// <summary>mnt-predictable-tmp: no state of the helper lies where users may make files.</summary>
    [Fact]
    public void Nothing_is_opened_below_tmp_or_run_user()
    {
        Install("t");
        Assert.DoesNotContain(
            Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls.SelectMany(call => call.Paths),
            path => path.StartsWith("/tmp", StringComparison.Ordinal) || path.StartsWith("/dev/shm", StringComparison.Ordinal) || path.StartsWith("/run/user", StringComparison.Ordinal) || path.StartsWith("/var/tmp", StringComparison.Ordinal));
        ExpectShare("u12001.w");
        Directory.CreateDirectory(Temporary("/mnt/srv/w"));
        Install("s", "[[share]]\nname = \"w\"\ntarget = \"/mnt/srv/w\"\nscope = \"user\"");
        foreach (string defect in new[] { "chmod 0755 /run/nshelper", "chown 12001 /run/nshelper", "mv /run/nshelper /run/real; ln -s /run/real /run/nshelper" })
        {
            RootShell.Run(defect);
            SessionResult result = SessionCommand.Run("s", "/bin/true").Execute();
            RootShell.Run("[ ! -L /run/nshelper ] || { rm /run/nshelper; mv /run/real /run/nshelper; }; chown root /run/nshelper; chmod 0700 /run/nshelper");
            Assert.Equal(125, result.ExitStatus);
        }
    }
}
