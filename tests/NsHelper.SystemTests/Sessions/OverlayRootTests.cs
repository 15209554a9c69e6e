using NsHelper.SystemTests.Attacks;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a whole tree that a session may change as its files allow, while the tree stays as it is and the host's is out of reach.</summary>
public sealed class OverlayRootTests : SystemTest
{
    /// <summary>What a dynamic program of this machine needs; no target of them is in the tree.</summary>
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

    private const string Tree = "/mnt/srv/tree";
    private const string Kept = "/var/lib/nshelper/overlay";

    public OverlayRootTests()
    {
        Directory.CreateDirectory(Temporary(Tree));
        RootShell.Run($"cd {Tree}; mkdir -m 0755 own roots; echo one >own/file; echo gone >own/gone; echo root >roots/file; chown -R 12001:12001 own");
        Undo(() => RootShell.Run($"find {Kept} -mindepth 1 -delete"));
    }

    [Theory]
    [InlineData("tmpfs")]
    [InlineData("session")]
    public void What_a_session_changes_is_not_there_in_the_next_one_and_the_lower_stays_as_it_was(string upper)
    {
        Install("t", Root($"upper = \"{upper}\""));
        string before = Listing();
        SessionResult first = Run("echo two >>/own/file; rm /own/gone; echo new >/own/new; cat /own/file; echo /own/* /roots/*; stat -f -c %T /; stat -c '%a %u %g' / /usr");
        Assert.Equal("one\ntwo\n/own/file /own/new /roots/file\noverlayfs\n755 0 0\n755 0 0\n", first.OutputText);
        Assert.Equal("", first.ErrorText);
        Assert.Equal("one\n/own/file /own/gone\n", Run("cat /own/file; echo /own/*").OutputText);
        Assert.Equal(before, Listing());
    }

    [Fact]
    public void What_the_files_of_the_tree_forbid_stays_forbidden()
    {
        Install("t", Root(""));
        foreach (string change in (string[])["echo x >>/roots/file", "touch /roots/new", "touch /new", "rm /roots/file", "chmod 0777 /roots", "mv /usr /own/usr"])
        {
            SessionResult result = Run(change);
            Assert.NotEqual(0, result.ExitStatus);
            Assert.Matches("Permission denied|Operation not permitted|busy", result.ErrorText);
        }
    }

    /// <summary>`changes` knows the root by its place, "/", and says what is in it.</summary>
    [Fact]
    public void Changes_of_a_user_are_there_in_his_next_session_and_in_the_list()
    {
        Install("t", Root("upper = \"user\""));
        Assert.Equal("", Run("echo two >/own/file; rm /own/gone").ErrorText);
        Assert.Equal("two\n/own/file\n", Run("cat /own/file; echo /own/*").OutputText);
        Assert.Equal("one\n", File.ReadAllText($"{Tree}/own/file"));
        Assert.Matches("(?m)^t +t / ", SessionCommand.Helper("changes").Execute().OutputText);
        string changes = SessionCommand.Helper("changes", "t").Execute().OutputText;
        Assert.Contains("M /own/file\n", changes, StringComparison.Ordinal);
        Assert.Contains("D /own/gone\n", changes, StringComparison.Ordinal);
        RunningSession running = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Contains("running", SessionCommand.Helper("changes").Execute().OutputText, StringComparison.Ordinal);
        SessionResult second = Run("true");
        Assert.True(second.IsRefusal, second.ToString());
        Assert.Contains("another session has the changes that are kept for /", second.ErrorText, StringComparison.Ordinal);
        _ = Posix.Kill(running.Pid, Posix.SIGKILL);
    }

    /// <summary>The directories of one session are counted once, whatever it has in them.</summary>
    [Fact]
    public void A_root_and_a_mount_that_are_kept_for_the_session_are_one_session()
    {
        Install("t", Root("upper = \"session\"") + $"\n[[mount]]\ntype = \"overlay\"\ntarget = \"/second\"\nlower = [\"{Tree}\"]\nupper = \"session\"\n");
        RootShell.Run($"mkdir -p -m 0700 {Kept}/session {Kept}/session/12001; for i in $(seq 31); do mkdir -m 0700 {Kept}/session/12001/$(printf %032x $i); done");
        Assert.Equal("one\n", Run("echo two >/own/file; cat /second/own/file").OutputText);
        Assert.Equal(2, RootShell.Run($"find {Kept}/session/12001 -mindepth 2 -maxdepth 2").Length);
        Assert.Contains("changes of 32 sessions are kept for you", Run("true").ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void An_upper_in_memory_ends_where_the_profile_says()
    {
        Install("t", Root("size = \"1M\""));
        SessionResult full = Run("head -c 2000000 /dev/zero >/own/big || head -c 2000000 /usr/bin/* >/own/big; stat -f -c '%b %S' /");
        Assert.Contains("No space left on device", full.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith("256 4096\n", full.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tmpfs")]
    [InlineData("session")]
    [InlineData("user")]
    public void Neither_the_old_root_nor_a_layer_is_in_sight(string upper)
    {
        Install("t", Root($"upper = \"{upper}\""));
        Assert.Equal("/bin /lib /lib64 /own /roots /usr\nrefused\n/\n", Run("echo /*; cd /var/lib/nshelper 2>&- || echo refused; cd /..; cd ../..; pwd").OutputText);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string[] targets = [.. session.Mounts().Select(mount => mount.Target).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(["/", "/bin", "/lib", "/lib64", "/usr"], targets.Where(target => target.Count(c => c == '/') == 1));
        Assert.DoesNotContain(targets, target => target.StartsWith("/mnt", StringComparison.Ordinal) || target.StartsWith("/run", StringComparison.Ordinal) || target.StartsWith("/var", StringComparison.Ordinal));
        MountEntry root = Assert.Single(session.Mounts(), mount => mount.Target == "/");
        Assert.Superset(new HashSet<string> { "nosuid", "nodev" }, root.Options.ToHashSet());
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Target.StartsWith("/run/nshelper/root", StringComparison.Ordinal));
    }

    /// <summary>mnt-overlay-copyup, of a root: the copy of a setuid file helps nobody.</summary>
    [Fact]
    public void A_setuid_program_of_the_tree_gives_nothing()
    {
        File.Copy(TestHost.Probe, Tree + "/probe");
        RootShell.Run($"chmod 4777 {Tree}/probe");
        Install("t", Root(""));
        SessionResult result = Run(": >>/probe; stat -c '%a %u' /probe >&2; /probe");
        Assert.Equal("4777 0\n", result.ErrorText);
        Assert.All(result.Probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
    }

    [Theory]
    [InlineData("chown 12001 /mnt/srv/tree", "chown 0 /mnt/srv/tree", "must be root's, with every directory on the way: /mnt/srv/tree is not")]
    [InlineData("chmod 1777 /mnt/srv", "chmod 0755 /mnt/srv", "/mnt/srv is writable by its group or others")]
    [InlineData("mv /mnt/srv/tree /mnt/srv/real; ln -s real /mnt/srv/tree", "rm /mnt/srv/tree; mv /mnt/srv/real /mnt/srv/tree", "lies behind a symbolic link (/mnt/srv/tree)")]
    [InlineData("mount -t tmpfs -o nosuid,mode=0755 stick /mnt/srv/tree", "umount -l /mnt/srv/tree", "is mounted nosuid")]
    [InlineData("mount -t ramfs stick /mnt/srv/tree; chmod 0755 /mnt/srv/tree", "umount -l /mnt/srv/tree", "lies on a file system whose owners and modes root alone does not decide")]
    public void A_tree_that_a_user_can_shape_is_refused(string defect, string repair, string reason)
    {
        Install("t", Root(""));
        RootShell.Run(defect);
        Undo(() => RootShell.Run(repair));
        SessionResult result = Run("true");
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(reason, result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>What was looked at and what is mounted are one: the plan asks again, of the descriptor.</summary>
    [Theory]
    [InlineData("mount -t tmpfs -o nosuid,mode=0755 late /mnt/srv/tree", "umount -l /mnt/srv/tree")]
    [InlineData("chown 12001 /mnt/srv/tree", "chown 0 /mnt/srv/tree")]
    public void A_tree_that_changes_after_it_was_looked_at_is_refused(string change, string repair)
    {
        Install("t", Root(""));
        Undo(() => RootShell.Run(repair));
        Trace trace = HeldHelper.At(SessionCommand.Run("t", "/bin/true"), ("capset", 1), _ => RootShell.Run(change));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }

    [Fact]
    public void The_hosts_own_root_comes_without_what_is_mounted_in_it()
    {
        Install("t", "[root]\nmode = \"overlay\"\ndirectory = \"/\"\nworking_directory = \"/\"\n[[mount]]\ntarget = \"/mnt\"\ntype = \"tmpfs\"\n");
        string[] host = RootShell.Run("ls /; stat -c %i /usr/bin/env");
        SessionResult result = Run("ls /; stat -c %i /usr/bin/env; ls /proc /dev/null /mnt/srv /etc/nshelper 2>&-; : >/mnt/x && echo made; (: >/usr/x) 2>&- || echo refused");
        Assert.Equal([.. host[..^1], host[^1], "made", "refused"], result.OutputText.TrimEnd('\n').Split('\n').Where(line => line != "/proc:" && line.Length > 0));
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal(["/", "/mnt"], session.Mounts().Select(mount => mount.Target).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("slave")]
    [InlineData("private")]
    [InlineData("shared")]
    public void Every_propagation_is_possible_and_read_only_is_so_once_the_mounts_stand(string propagation)
    {
        Install("t", Root($"propagation = \"{propagation}\"\nread_only = {(propagation == "private" ? "true" : "false")}") + "\n[[mount]]\ntarget = \"/work\"\ntype = \"tmpfs\"\n");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        MountEntry root = Assert.Single(session.Mounts(), mount => mount.Target == "/");
        Assert.Equal(propagation == "shared", root.Tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal)));
        Assert.Contains(propagation == "private" ? "ro" : "rw", root.Options);
        Assert.Contains("rw", Assert.Single(session.Mounts(), mount => mount.Target == "/work").Options);
    }

    private static SessionResult Run(string script) => SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();

    private static string Listing() => string.Join('\n', RootShell.Run($"cd {Tree}; find . -printf '%p %y %m %U %G %T@\\n' | sort; find . -type f | sort | xargs cat"));

    private static string Root(string settings) => $"[root]\nmode = \"overlay\"\ndirectory = \"{Tree}\"\nworking_directory = \"/\"\n{settings}\n{System}\n";
}
