using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, overlays. overlayfs copies what a user changes with the rights of whoever mounted it: from a lower that a user made,
/// to an upper that a user reaches, a file of root's with the setuid bit. That is a root shell on the host, and why others have no overlays.
/// </summary>
public sealed class OverlayAttackTests : SystemTest
{
    private const string Lower = "/mnt/srv/tree";
    private const string Target = "/mnt/srv/merged";
    private const string State = "/var/lib/nshelper";
    private const string Store = $"{State}/overlay";

    /// <summary>Of root's, setuid, and everybody may write to it: what the kernel copies when somebody does.</summary>
    private const string Fixture = "fixture";

    public OverlayAttackTests()
    {
        Directory.CreateDirectory(Temporary(Lower));
        Directory.CreateDirectory(Temporary(Target));
        Undo(() => RootShell.Run($"find {Store} -mindepth 1 -delete"));
    }

    /// <summary>mnt-overlay-copyup: file systems whose owners and modes somebody else decided.</summary>
    [Theory]
    [InlineData("tmpfs", "nosuid", "is mounted nosuid")]
    [InlineData("ramfs", "", "lies on a file system whose owners and modes root alone does not decide")]
    [InlineData("mqueue", "", "lies on a file system whose owners and modes root alone does not decide")]
    public void A_lower_that_a_user_can_supply_is_refused(string type, string options, string reason)
    {
        RootShell.Run($"mount -t {type} -o {(options.Length == 0 ? "rw" : options)} stick {Lower}; chmod 0755 {Lower}");
        Undo(() => Posix.Unmount(Lower));
        Install("t", Overlay());
        MustBeRefused(SessionCommand.Run("t", "/bin/true").Execute(), reason);
    }

    /// <summary>mnt-overlay-copyup: directories that somebody else can shape, or that are not where they seem to be.</summary>
    [Theory]
    [InlineData("chown 12001 /mnt/srv/tree", "chown 0 /mnt/srv/tree", "must be root's, with every directory on the way: /mnt/srv/tree is not")]
    [InlineData("chmod 0775 /mnt/srv/tree", "chmod 0755 /mnt/srv/tree", "/mnt/srv/tree is writable by its group or others")]
    [InlineData("chmod 1777 /mnt/srv", "chmod 0755 /mnt/srv", "/mnt/srv is writable by its group or others")]
    [InlineData("mv /mnt/srv/tree /mnt/srv/real; ln -s real /mnt/srv/tree", "rm /mnt/srv/tree; mv /mnt/srv/real /mnt/srv/tree", "lies behind a symbolic link (/mnt/srv/tree)")]
    [InlineData("rmdir /mnt/srv/tree", "mkdir /mnt/srv/tree", "does not exist")]
    [InlineData("rmdir /mnt/srv/tree; touch /mnt/srv/tree", "rm /mnt/srv/tree; mkdir /mnt/srv/tree", "is no directory (/mnt/srv/tree)")]
    [InlineData("chmod 0700 /mnt/srv", "chmod 0755 /mnt/srv", "cannot be reached by this user (/mnt/srv/tree: permission denied)")]
    public void A_lower_that_somebody_else_can_shape_is_refused(string defect, string repair, string reason)
    {
        Install("t", Overlay());
        RootShell.Run(defect);
        Undo(() => RootShell.Run(repair));
        MustBeRefused(SessionCommand.Run("t", "/bin/true").Execute(), reason);
    }

    /// <summary>A layer of the user's choice cannot be written down at all.</summary>
    [Theory]
    [InlineData("lower = [\"%h\"]")]
    [InlineData("lower = [\"/home/%u\"]")]
    [InlineData("lower = [\"/srv/{x}\"]")]
    [InlineData("lower = [\"/proc/self/root\"]")]
    [InlineData("lower = []")]
    [InlineData("lower = [\"/mnt/srv/tree\"]\nupper = \"/home/alice/upper\"")]
    [InlineData("lower = [\"/mnt/srv/tree\"]\noptions = [\"userxattr\"]")]
    public void A_layer_of_the_users_choice_is_refused(string lines)
    {
        Install("t", $"[parameters.x]\ntype = \"string\"\npattern = \"[a-z]+\"\n[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\n{lines}");
        MustBeRefused(SessionCommand.Run("t", "/bin/true").With().Execute(), "");
    }

    /// <summary>mnt-overlay-copyup: what was looked at and what is mounted are one: the plan asks again, of the descriptor.</summary>
    [Theory]
    [InlineData("mount -t tmpfs -o nosuid,mode=0755 late /mnt/srv/tree", "umount -l /mnt/srv/tree")]
    [InlineData("mount -t ramfs late /mnt/srv/tree", "umount -l /mnt/srv/tree")]
    [InlineData("chown 12001 /mnt/srv/tree", "chown 0 /mnt/srv/tree")]
    [InlineData("chmod 0777 /mnt/srv", "chmod 0755 /mnt/srv")]
    public void A_lower_that_changes_after_it_was_looked_at_is_refused(string change, string repair)
    {
        Install("t", Overlay());
        Undo(() => RootShell.Run(repair));
        Trace trace = HeldHelper.At(SessionCommand.Run("t", "/bin/true"), ("capset", 1), _ => RootShell.Run(change));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }

    /// <summary>mnt-overlay-copyup: the experiment of the attack, through nshelper, with each upper.</summary>
    [Theory]
    [InlineData("tmpfs")]
    [InlineData("session")]
    [InlineData("user")]
    public void A_copied_setuid_file_helps_nobody(string upper)
    {
        File.Copy(TestHost.Probe, $"{Lower}/{Fixture}");
        RootShell.Run($"chmod 4777 {Lower}/{Fixture}; chmod 0755 {Lower}");
        Undo(() => File.Delete($"{Lower}/{Fixture}"));
        Install("t", Overlay($"upper = \"{upper}\""));
        string script = $": >>{Target}/{Fixture}; stat -c '%a %u' {Target}/{Fixture}; {Target}/{Fixture}";
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
        string[] lines = result.OutputText.Split('\n', 2);

        // The copy is made, as it was; that it may be is what the rest of this test is about.
        Assert.Equal("4777 0", lines[0]);
        ProbeReport probe = ProbeReport.Parse(System.Text.Encoding.UTF8.GetBytes(lines[1]));
        Assert.All(probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.Equal("1", probe.Text("NoNewPrivs"));
        string[] copies = RootShell.Run($"find {Store} -name {Fixture} -perm 4777");
        Assert.Equal(upper == "tmpfs" ? 0 : 1, copies.Length);
        foreach (string path in (string[])[State, Store, .. copies])
        {
            foreach (SessionCommand command in new[] { SessionCommand.Direct("/bin/ls", path), SessionCommand.Run("t", "/bin/ls", path) })
            {
                Assert.Contains("Permission denied", command.Execute().ErrorText, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>mnt-overlay-copyup: no path, no descriptor and no mount of the session leads to a layer.</summary>
    [Theory]
    [InlineData("tmpfs")]
    [InlineData("session")]
    [InlineData("user")]
    public void No_layer_is_in_sight_of_the_session(string upper)
    {
        RootShell.Run($"mkdir {Lower}/own; chown 12001 {Lower}/own; touch {Lower}/own/marker");
        Undo(() => Directory.Delete($"{Lower}/own", recursive: true));
        Install("bare");
        Install("t", Overlay($"upper = \"{upper}\""));
        string[] without = [.. SessionCommand.Run("bare", TestHost.Probe).Execute().Probe.Mounts.Select(mount => mount.Target)];
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", $"echo x >{Target}/own/secret-copy; {TestHost.Probe}").Execute();
        ProbeReport probe = result.Probe;
        Assert.Equal([.. ((string[])[.. without, Target]).Order()], probe.Mounts.Select(mount => mount.Target).Order());
        Assert.All(probe.Descriptors, descriptor => Assert.InRange(descriptor.Number, 0, 2));
        string line = Assert.Single(probe.Lines("mountinfo"), text => text.Contains($" {Target} ", StringComparison.Ordinal));
        Assert.DoesNotContain("dir=/", line, StringComparison.Ordinal);
        Assert.DoesNotContain("userxattr", line, StringComparison.Ordinal);

        SessionResult found = SessionCommand.Run("t", "/bin/sh", "-c", $"echo x >{Target}/own/secret-copy; find /mnt /run /var -name secret-copy 2>/dev/null | sort -u; cat upper 0 2>&1 | grep -c 'No such file'").Execute();
        Assert.Equal($"{Target}/own/secret-copy\n2\n", found.OutputText);
    }

    /// <summary>mnt-overlay-copyup: the rights that the kernel keeps for every copy are those of the decision and no more.</summary>
    [Fact]
    public void Only_what_copies_take_is_effective_when_the_overlay_is_made()
    {
        Install("t", Overlay());
        IReadOnlyList<SystemCall> calls = Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls;
        int opened = calls.ToList().FindIndex(call => call.Name == "fsopen" && call.Line.Contains("\"overlay\"", StringComparison.Ordinal));
        SystemCall raise = calls.Take(opened).Last(call => call.Name == "capset");
        string effective = raise.Line.Split("effective=")[1].Split(", permitted")[0];
        Assert.Equal("1<<CAP_CHOWN|1<<CAP_DAC_OVERRIDE|1<<CAP_FOWNER|1<<CAP_FSETID|1<<CAP_SYS_ADMIN", effective);
        string[] options = [.. calls.Skip(opened).TakeWhile(call => call.Name != "fsmount").Where(call => call.Name == "fsconfig").Select(call => call.Line)];
        foreach (string option in new[] { "\"metacopy\", \"off\"", "\"redirect_dir\", \"nofollow\"", "\"index\", \"off\"" })
        {
            Assert.Contains(options, line => line.Contains(option, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(options, line => line.Contains("xattr", StringComparison.Ordinal));
    }

    /// <summary>What the mounter's rights leave out: neither a device nor a file with capabilities gets into an upper.</summary>
    [Fact]
    public void No_device_and_no_capability_is_copied()
    {
        RootShell.Run($"cd {Lower}; mkdir own; mknod -m 0666 own/zero c 1 5; cp {TestHost.Probe} own/capable; chown -R 12001 own; setcap cap_net_raw+ep own/capable");
        Undo(() => Directory.Delete($"{Lower}/own", recursive: true));
        Install("t", Overlay("upper = \"session\""));
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", $"cd {Target}/own; chmod 0600 zero; echo x >>capable; mv zero moved; head -c 1 zero; mknod made c 1 5; echo done").Execute();
        Assert.Equal("done\n", result.OutputText);
        Assert.Equal(5, result.ErrorText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(RootShell.Run($"find {Store} -name zero -o -name moved -o -name made -o -name capable"));
        Assert.Empty(RootShell.Run($"find {Store} \\( -type c -o -type b \\)"));
    }

    /// <summary>mnt-overlay-system: what root's files say counts, over the places that programs with rights trust as well.</summary>
    [Fact]
    public void Over_a_place_of_the_system_nothing_becomes_writable_and_no_setuid_program_has_effect()
    {
        Install("t", "[[mount]]\ntype = \"overlay\"\ntarget = \"/mnt/bin\"\nlower = [\"/mnt/bin\"]\n[[mount]]\ntype = \"overlay\"\ntarget = \"/usr/bin\"\nlower = [\"/usr/bin\"]");
        File.Copy(TestHost.Probe, "/mnt/bin/fixture");
        File.SetUnixFileMode("/mnt/bin/fixture", Modes.Executable | UnixFileMode.SetUser);
        Undo(() => File.Delete("/mnt/bin/fixture"));
        SessionResult change = SessionCommand.Run("t", "/bin/sh", "-c", "echo x >/usr/bin/new; echo x >>/usr/bin/env; rm /mnt/bin/nshelper; echo no").Execute();
        Assert.Equal("no\n", change.OutputText);
        Assert.Equal(3, change.ErrorText.Split("ermission denied").Length - 1);
        ProbeReport probe = SessionCommand.Run("t", "/mnt/bin/fixture").Execute().Probe;
        Assert.All(probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.Equal("1", probe.Text("NoNewPrivs"));
    }

    /// <summary>mnt-tmp-cleaner: the directories are what packaging made, at each use, or the start is refused.</summary>
    [Theory]
    [InlineData($"chmod 0755 {Store}", $"chmod 0700 {Store}", "must be a directory of root's with mode 0700")]
    [InlineData($"chmod 0755 {State}", $"chmod 0700 {State}", "must be a directory of root's with mode 0700")]
    [InlineData($"chown 12001 {Store}", $"chown 0 {Store}", "must be a directory of root's with mode 0700")]
    [InlineData($"mv {Store} {State}/real; ln -s real {Store}", $"rm {Store}; mv {State}/real {Store}", "a symbolic link is in the way")]
    [InlineData($"mv {Store} {State}/real", $"mv {State}/real {Store}", "does not exist (systemd-tmpfiles --create makes it")]
    [InlineData($"mkdir -m 0777 {Store}/session", $"rmdir {Store}/session", "must be a directory of root's with mode 0700")]
    [InlineData($"mkdir -p -m 0700 {Store}/session/12001; chown 12001 {Store}/session/12001", $"rm -r {Store}/session", "must be a directory of root's with mode 0700")]
    [InlineData($"mkdir -m 0700 {Store}/session; ln -s /mnt/home/alice {Store}/session/12001", $"rm -r {Store}/session", "a symbolic link is in the way")]
    public void A_store_that_somebody_else_shaped_is_refused(string defect, string repair, string reason)
    {
        Install("t", Overlay("upper = \"session\""));
        RootShell.Run(defect);
        Undo(() => RootShell.Run(repair));
        MustBeRefused(SessionCommand.Run("t", "/bin/true").Execute(), reason);
        Assert.Empty(RootShell.Run("find /mnt/home/alice -mindepth 1"));
    }

    /// <summary>crash-kill-sweep: killed at any call, a start leaves nothing that the next one minds.</summary>
    [Theory]
    [InlineData("session")]
    [InlineData("user")]
    public void A_start_that_is_killed_at_any_call_does_not_disturb_the_next(string upper)
    {
        RootShell.Run($"mkdir {Lower}/own; chown 12001 {Lower}/own");
        Undo(() => Directory.Delete($"{Lower}/own", recursive: true));
        Install("t", Overlay($"upper = \"{upper}\""));
        SessionCommand command = SessionCommand.Run("t", "/bin/sh", "-c", $"echo x >{Target}/own/file; cat {Target}/own/file");
        Trace normal = Trace.Of(command);
        int rounds = 0;
        foreach (string call in new[] { "mkdirat", "fchown", "fchmod", "flock", "getdents64", "open_tree", "mount_setattr", "unshare", "fsopen", "fsconfig", "fsmount", "move_mount", "fchdir", "umount2", "capset", "setfsuid" })
        {
            for (int when = 1; when <= normal.CountBeforeCommand(call); when++)
            {
                Trace killed = Trace.Of(command, Injection.Signal(call, "KILL", when));
                Assert.False(killed.CommandStarted, $"{call} {when}");
                if (rounds++ % 8 == 0)
                {
                    Assert.Equal("x\n", command.Execute().OutputText);
                    RootShell.Run(upper == "session" ? $"find {Store}/session/12001 -mindepth 1 -delete" : "true");
                }
            }
        }

        Assert.InRange(rounds, 50, 200);
        Assert.Equal("x\n", command.Execute().OutputText);
    }

    private static string Overlay(string settings = "") => $"[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"{Lower}\"]\n{settings}";

    private static void MustBeRefused(SessionResult result, string reason)
    {
        Assert.Equal(125, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.Contains(reason, result.ErrorText, StringComparison.OrdinalIgnoreCase);
    }
}
