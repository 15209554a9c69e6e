using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section J. Who joins enters, with root's rights, what a user's processes have been in for a while; who stops sends signals to numbers that
/// may be another process's by then (CVE-2022-31214, CVE-2016-9962, CVE-2025-46805).
/// </summary>
public sealed class JoinAttackTests : SystemTest
{
    private const string Records = "/run/nshelper/sessions/12001";
    private const string InPlace = "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"";

    public JoinAttackTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        Install("in-place", InPlace);
    }

    /// <summary>join-pid-reuse and stop-signal: the number of a session's process is another user's process now.</summary>
    [Theory]
    [InlineData("in-place")]
    [InlineData("t")]
    public void A_number_that_was_given_away_is_neither_entered_nor_signalled(string profile)
    {
        RunningSession session = Start(SessionCommand.Run(profile, "/bin/sleep", "60")).WaitForCommand();
        int first = session.Init;
        Posix.Kill(session.Helper, Posix.SIGKILL);
        session.Finish();
        Wait.Until(() => !Directory.Exists($"/proc/{first}"), () => "it is there");
        RunningSession? foreign = null;
        for (int i = 0; i < 200 && foreign?.Helper != first; i++)
        {
            foreign?.Dispose();
            File.WriteAllText("/proc/sys/kernel/ns_last_pid", (first - 1).ToString(CultureInfo.InvariantCulture));
            foreign = SessionCommand.Direct("/bin/sleep", "60").As(TestUser.Alice).Start();
        }

        Assert.Equal(first, foreign!.Helper);
        Undo(foreign.Dispose);
        Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
        Assert.Equal(1, SessionCommand.Helper("stop", profile).Execute().ExitStatus);
        Assert.Equal(125, SessionCommand.Helper("join", profile, "--", "/bin/true").Execute().ExitStatus);
        Assert.Equal(0, SessionCommand.Helper("gc").Execute().ExitStatus);
        Assert.False(foreign.HasExited);
        Assert.Empty(Directory.GetFiles(Records));
    }

    /// <summary>The same where the session ends, and its number is given away, while join and stop have it in their hands.</summary>
    [Theory]
    [InlineData("stop", "pidfd_send_signal", 1)]
    [InlineData("join", "setns", 1)]
    public void A_session_that_ends_meanwhile_harms_nobody(string verb, string call, int when)
    {
        RunningSession session = Start(SessionCommand.Run("in-place", "/bin/sleep", "60")).WaitForCommand();
        int first = session.Init;
        RunningSession? foreign = null;
        SessionCommand command = SessionCommand.Helper([verb, "in-place", .. verb == "join" ? new[] { "--", "/bin/true" } : []]);
        HeldHelper.At(command, (call, when), _ =>
        {
            Posix.Kill(session.Helper, Posix.SIGKILL);
            session.Finish();
            for (int i = 0; i < 200 && foreign?.Helper != first; i++)
            {
                foreign?.Dispose();
                File.WriteAllText("/proc/sys/kernel/ns_last_pid", (first - 1).ToString(CultureInfo.InvariantCulture));
                foreign = SessionCommand.Direct("/bin/sleep", "60").As(TestUser.Alice).Start();
            }
        });
        Assert.Equal(first, foreign!.Helper);
        Assert.False(foreign.HasExited);
        foreign.Dispose();
    }

    /// <summary>join-nested-ns: the first process, which is the user's, went on into namespaces that the user shaped.</summary>
    [Fact]
    public void Namespaces_that_the_user_made_are_not_entered()
    {
        RunningSession session = Start(SessionCommand.Run(
            "in-place", "/usr/bin/unshare", "-Urm", "/bin/sh", "-c", "mount -t tmpfs trap /mnt/srv && exec /bin/sleep 60")).WaitForCommand();
        Wait.Until(() => session.Mounts().Any(mount => mount.Source == "trap"), () => "no trap");
        SessionResult result = SessionCommand.Helper("join", "in-place", "--", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot join in-place: the session has ended, or its first process has left it\n"), (result.ExitStatus, result.ErrorText));
    }

    /// <summary>join-nested-ns: from setns(2) until the drop nothing is looked up, read or executed.</summary>
    [Theory]
    [InlineData("t")]
    [InlineData("in-place")]
    public void In_the_session_the_first_thing_is_to_give_everything_up(string profile)
    {
        Start(SessionCommand.Run(profile, "/bin/sleep", "60")).WaitForCommand();
        Trace trace = Trace.Of(SessionCommand.Helper("join", profile, "--", "/bin/true"));
        Assert.Equal(0, trace.Result.ExitStatus);
        SystemCall mounts = trace.HelperCalls.Last(call => call.Name == "setns");
        string[] between = [.. trace.HelperCalls.Where(call => call.Pid == mounts.Pid).SkipWhile(call => !ReferenceEquals(call, mounts)).Skip(1)
            .TakeWhile(call => !(call.Name == "setresuid" && call.Line.Contains("setresuid(-1, 0, -1)", StringComparison.Ordinal))).Select(call => call.Name).Distinct()];
        Assert.Empty(between.Except(["readlinkat", "close_range", "prctl", "setresgid", "setresuid", "capset", "capget", "getresuid", "getresgid", "getgroups", "setgroups", "prlimit64", "setfsuid", "setfsgid"]));

        // By the descriptor of a directory of the host's /proc.
        Assert.All(trace.HelperCalls.Where(call => call.Name == "readlinkat" && call.Pid == mounts.Pid), call => Assert.DoesNotContain("AT_FDCWD", call.Line, StringComparison.Ordinal));
    }

    /// <summary>join-weaker: rules that were changed are not those of the session.</summary>
    [Theory]
    [InlineData("/etc/nshelper/profiles/t.toml", "# changed\n")]
    [InlineData("/etc/nshelper/nshelper.toml", "[log]\nargs = \"full\"\n")]
    public void A_session_whose_rules_were_changed_is_not_joined(string file, string text)
    {
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        if (file.EndsWith("t.toml", StringComparison.Ordinal))
        {
            File.WriteAllText(file, text + File.ReadAllText(file));
        }
        else
        {
            File.WriteAllText(Temporary(file), text);
        }

        SessionResult result = SessionCommand.Helper("join", "t", "--", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot join t: the profile, or a setting of the site, was changed since the session began\n"), (result.ExitStatus, result.ErrorText));
    }

    /// <summary>join-forged: what a user makes look like a session is none.</summary>
    [Fact]
    public void A_forged_session_is_none()
    {
        RunningSession session = Start(SessionCommand.Run("in-place", "/bin/sleep", "60")).WaitForCommand();
        string record = Directory.GetFiles(Records).Single(path => path.Contains("in-place.", StringComparison.Ordinal));
        string name = Path.GetFileName(record);
        string fake = $"{TestUser.Alice.Home}/run/nshelper/sessions/12001";
        RootShell.Run($"mkdir -p {fake}; cp -P {Records}/* {fake}; chown -hR alice:alice {TestUser.Alice.Home}/run");
        Posix.Kill(session.Helper, Posix.SIGKILL);
        session.Finish();
        SessionResult result = SessionCommand.Direct(
            "/usr/bin/unshare", "-Urm", "/bin/sh", "-c", $"mount --rbind {TestUser.Alice.Home}/run/nshelper /run/nshelper && exec {TestHost.Helper} join {name.Split('.')[1]} -- /bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("this is not the host's user namespace", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(125, SessionCommand.Helper("join", name.Split('.')[1], "--", "/bin/true").Execute().ExitStatus);
    }

    /// <summary>join-attack-helper: processes of the session go for each newcomer; none is theirs to look into before it is the command. NSHELPER_JOINS says how many come.</summary>
    [Fact]
    public void Nobody_in_the_session_looks_into_what_joins()
    {
        string found = "/tmp/found";
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c",
            $"while :; do for p in /proc/[0-9]*; do exe=$(readlink $p/exe 2>/dev/null) && case $exe in */nshelper) echo $exe $p >>{found};; esac; "
            + $"ls $p/fd/3 >/dev/null 2>&1 && test $(cat $p/comm) = nshelper && echo fd $p >>{found}; done; done")).WaitForCommand();
        int joins = int.Parse(Environment.GetEnvironmentVariable("NSHELPER_JOINS") ?? "150", CultureInfo.InvariantCulture);
        for (int i = 0; i < joins; i++)
        {
            Assert.Equal(0, SessionCommand.Helper("join", "t", "--", "/bin/true").Execute().ExitStatus);
        }

        Trace held = HeldHelper.At(SessionCommand.Helper("join", "t", "--", "/bin/true"), ("capget", 1), _ => Thread.Sleep(300));
        Assert.Equal(0, held.Result.ExitStatus);
        Assert.False(File.Exists($"/proc/{session.Pid}/root{found}"), File.Exists($"/proc/{session.Pid}/root{found}") ? File.ReadAllText($"/proc/{session.Pid}/root{found}") : "");
    }

    /// <summary>stop-signal: what is sent is what the caller could send.</summary>
    [Fact]
    public void Signals_are_sent_with_the_callers_rights()
    {
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Trace trace = Trace.Of(SessionCommand.Helper("stop", "t"));
        Assert.Equal(0, trace.Result.ExitStatus);
        SystemCall[] sent = [.. trace.HelperCalls.Where(call => call.Name is "kill" or "tgkill" or "tkill" or "pidfd_send_signal")];
        Assert.All(sent, call => Assert.Equal("pidfd_send_signal", call.Name));
        Assert.NotEmpty(sent);
        SystemCall lost = trace.HelperCalls.Last(call => call.Name == "setresuid" && call.Line.Contains("setresuid(-1, 0, -1)", StringComparison.Ordinal));
        Assert.True(lost.Failed);
        Assert.True(trace.HelperCalls.ToList().IndexOf(lost) < trace.HelperCalls.ToList().IndexOf(sent[0]));
    }
}
