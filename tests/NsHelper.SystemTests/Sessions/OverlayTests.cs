using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a tree that a session may change as far as its files allow, without changing it, and with a say in what becomes of the changes.</summary>
public sealed class OverlayTests : SystemTest
{
    private const string Lower = "/mnt/srv/tree";
    private const string Target = "/mnt/srv/merged";
    private const string Kept = "/var/lib/nshelper/overlay";

    public OverlayTests()
    {
        Directory.CreateDirectory(Temporary(Lower));
        Directory.CreateDirectory(Temporary(Target));
        RootShell.Run($"""
            cd {Lower}
            mkdir -m 0755 own roots deep deep/er; mkdir -m 2775 group
            echo root >roots/file; echo one >own/file; echo gone >own/gone; echo old >own/old; mkdir own/dir own/full; echo in >own/full/in
            chown -R 12001:12001 own; chown 12001:12010 group; chown 12001:12001 deep/er
            """);
        Undo(() => RootShell.Run($"find {Kept} -mindepth 1 -delete"));
    }

    [Theory]
    [InlineData("tmpfs")]
    [InlineData("session")]
    [InlineData("user")]
    public void What_a_session_changes_is_seen_in_it_and_the_lower_stays_as_it_was(string upper)
    {
        Install("t", Mount($"upper = \"{upper}\""));
        string before = Listing(Lower);
        SessionResult result = Run($"""
            echo two >>own/file; rm own/gone; mv own/old own/new; echo fresh >own/fresh; echo below >deep/er/below
            rm -r own/full; mkdir own/full; echo only >own/full/only; touch group/file
            mv own/dir own/renamed; cat own/file own/new own/fresh deep/er/below; ls own own/full; stat -c %g group/file; stat -c '%a %u %g' . group own/file
            """);
        Assert.Equal(
            "one\ntwo\nold\nfresh\nbelow\nown:\nfile\nfresh\nfull\nnew\nrenamed\n\nown/full:\nonly\n12010\n755 0 0\n2775 12001 12010\n644 12001 12001\n", result.OutputText);
        Assert.Equal("", result.ErrorText);
        Assert.Equal(before, Listing(Lower));
    }

    /// <summary>The rights are those of the files: an upper that is root's makes nothing writable.</summary>
    [Fact]
    public void What_the_files_of_the_lower_forbid_stays_forbidden()
    {
        Install("t", Mount(""));
        foreach (string change in new[] { "echo x >>roots/file", "touch roots/new", "touch new", "rm roots/file", "mv roots own/roots", "chmod 0777 roots", "mkdir deep/new", "rm -r roots" })
        {
            SessionResult result = Run(change);
            Assert.NotEqual(0, result.ExitStatus);
            Assert.Matches("Permission denied|Operation not permitted", result.ErrorText);
        }
    }

    [Fact]
    public void Changes_in_memory_and_of_one_session_are_not_seen_by_the_next()
    {
        foreach (string upper in new[] { "tmpfs", "session" })
        {
            Install("t", Mount($"upper = \"{upper}\""));
            Assert.Equal(0, Run("echo two >own/file").ExitStatus);
            Assert.Equal("one\n", Run("cat own/file").OutputText);
        }
    }

    [Fact]
    public void Changes_of_a_user_are_there_in_his_next_session_and_in_nobody_elses()
    {
        Install(Profile("users = [\"alice\", \"carol\"]", "upper = \"user\""));
        RootShell.Run($"chmod 0777 {Lower}/own; chmod 0666 {Lower}/own/file");
        Assert.Equal(0, Run("echo alice >own/file; rm own/gone").ExitStatus);
        Assert.Equal("one\ngone\n", Run("cat own/file own/gone", TestUser.Carol).OutputText);
        Assert.Equal(0, Run("echo carol >own/file", TestUser.Carol).ExitStatus);
        SessionResult again = Run("cat own/file; ls own");
        Assert.Equal("alice\ndir\nfile\nfull\nold\n", again.OutputText);
        Assert.Equal("12001\n12003\n", string.Join('\n', RootShell.Run($"ls {Kept}/user")) + "\n");
    }

    /// <summary>Two mounts of one upper are undefined for overlayfs: the second start is refused, whatever the file system knows of file handles.</summary>
    [Fact]
    public void A_second_session_on_the_same_changes_is_refused_while_the_first_one_runs()
    {
        Install("t", Mount("upper = \"user\""));
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        SessionResult second = Run("true");
        Assert.True(second.IsRefusal, second.ToString());
        Assert.Contains($"another session has the changes that are kept for {Target}", second.ErrorText, StringComparison.Ordinal);
        _ = Posix.Kill(first.Pid, Posix.SIGKILL);
        Assert.True(Wait.Happens(() => Run("true").ExitStatus == 0, 2000), "the changes stay taken");
    }

    [Fact]
    public void An_upper_in_memory_ends_where_the_profile_says()
    {
        Install("t", Mount("size = \"1M\"\ninodes = 20"));
        SessionResult full = Run("head -c 2000000 /dev/zero >own/big; ls -s own/big; stat -f -c '%b %S' .");
        Assert.Contains("No space left on device", full.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith("256 4096\n", full.OutputText, StringComparison.Ordinal);
        SessionResult many = Run("for i in $(seq 40); do touch own/f$i || break; done; ls own | grep -c '^f[0-9]'");
        Assert.Contains("No space left on device", many.ErrorText, StringComparison.Ordinal);
        Assert.InRange(int.Parse(many.OutputText, System.Globalization.CultureInfo.InvariantCulture), 15, 20);
    }

    [Fact]
    public void Lowers_are_stacked_and_the_first_one_is_on_top()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/above"));
        RootShell.Run("mkdir /mnt/srv/above/roots; echo above >/mnt/srv/above/roots/file; echo more >/mnt/srv/above/roots/more; chmod 0711 /mnt/srv/above");
        Install("t", $"[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"/mnt/srv/above\", \"{Lower}\"]");
        Assert.Equal("above\nmore\none\n711\n", Run("cat roots/file roots/more own/file; stat -c %a .").OutputText);
    }

    [Fact]
    public void A_read_only_overlay_and_one_without_programs_are_that()
    {
        Install("t", Mount("options = [\"ro\", \"noexec\"]"));
        SessionResult result = Run("touch own/x");
        Assert.Contains("Read-only file system", result.ErrorText, StringComparison.Ordinal);
        RootShell.Run($"cp /bin/true {Lower}/true");
        Assert.Equal(126, SessionCommand.Run("t", $"{Target}/true").Execute().ExitStatus);
    }

    [Fact]
    public void No_more_than_32_sessions_are_kept_and_the_refusal_says_what_to_do()
    {
        Install("t", Mount("upper = \"session\""));
        RootShell.Run($"mkdir -p -m 0700 {Kept}/session {Kept}/session/12001; for i in $(seq 31); do mkdir -m 0700 {Kept}/session/12001/$(printf %032x $i); done");
        Assert.Equal(0, Run("true").ExitStatus);
        SessionResult refused = Run("true");
        Assert.True(refused.IsRefusal, refused.ToString());
        Assert.Contains("changes of 32 sessions are kept for you: `nshelper changes` shows them, and --discard makes room", refused.ErrorText, StringComparison.Ordinal);
        Assert.Equal("32", RootShell.Run($"ls {Kept}/session/12001 | wc -l")[0].Trim());
    }

    /// <summary>A template that the administrator renews must not end what users have: the changes lie over what is there then.</summary>
    [Fact]
    public void On_a_disk_of_its_own_changes_are_kept_over_a_lower_that_was_renewed()
    {
        string disk = Directory.CreateTempSubdirectory("nshelper-overlay").FullName;
        Directory.CreateDirectory(Temporary("/mnt/srv/disk"));
        Undo(() => Directory.Delete(disk, recursive: true));
        RootShell.Run($"mkdir -m 0700 {disk}/kept; mkdir -p -m 0755 {disk}/lowers/one/own; chown 12001 {disk}/lowers/one/own; cp -a {disk}/lowers/one {disk}/lowers/two; echo second >{disk}/lowers/two/own/other");
        RootShell.Run($"mount --bind {disk}/kept {Kept}; mount --bind {disk}/lowers /mnt/srv/disk");
        Undo(() => RootShell.Run($"umount -l {Kept} /mnt/srv/disk"));
        Install("t", $"[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"/mnt/srv/disk/one\"]\nupper = \"user\"");
        Assert.Equal("", Run("echo two >own/file").ErrorText);
        Assert.Equal("two\n", Run("cat own/file").OutputText);
        RootShell.Run("cd /mnt/srv/disk; mv one three; mv two one");
        Assert.Equal("two\nsecond\n", Run("cat own/file own/other").OutputText);
    }

    private static SessionResult Run(string script, TestUser? user = null) =>
        SessionCommand.Run("t", "/bin/sh", "-c", $"cd {Target} && {script}").As(user ?? TestUser.Alice).Execute();

    private static string Listing(string directory) =>
        string.Join('\n', RootShell.Run($"cd {directory}; find . -printf '%p %y %m %U %G %T@\\n' | sort; find . -type f | sort | xargs cat"));

    private static ProfileFile Profile(string allow, string settings) =>
        new("t", $"schema = 1\n[allow]\n{allow}\ncommands = \"any\"\n{Mount(settings)}\n");

    private static string Mount(string settings) => $"[[mount]]\ntype = \"overlay\"\ntarget = \"{Target}\"\nlower = [\"{Lower}\"]\n{settings}\n";
}
