using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: who joins must find the session as its own command does, its rules included, and nothing more.</summary>
public sealed class JoinTests : SystemTest
{
    private static readonly string[] Kinds = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

    /// <summary>What differs between two processes of one session, or between two moments.</summary>
    private static readonly string[] OfTheProcess = ["processId", "ppid", "sid", "pgid", "started", "timers", "pdeathsig", "argv", "cwdMountId", "VmLck", "Name", "exe", "children"];

    public static TheoryData<string, string> Profiles => new()
    {
        { "t", "[protect]\nprivate_tmp = true\nprivate_devices = true\n[namespaces]\nuts = \"private\"\nnetwork = \"private\"\ncgroup = \"private\"\ntime = \"private\"\nhostname = \"inside\"" },
        { "in-place", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"" },
        { "rich", "[limits]\nnofile = \"100:200\"\nnproc = 500\noom_score_adjust = 300\n[identity]\numask = \"027\"\nsupplementary_groups = \"none\"\n[capabilities]\nbounding = [\"CAP_KILL\"]\nambient = [\"CAP_KILL\"]\n[environment]\nset.A = \"b\"" },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void It_is_in_all_namespaces_of_the_session_and_sees_its_files(string profile, string body)
    {
        Install(profile, body);
        RunningSession session = Start(SessionCommand.Run(profile, "/bin/sh", "-c", "echo here >/tmp/of-the-session; exec sleep 60")).WaitForCommand();
        Wait.Until(() => File.Exists($"/proc/{session.Pid}/root/tmp/of-the-session"), () => "no file");
        SessionResult joined = Join(profile, "/bin/sh", "-c", "cat /tmp/of-the-session; for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done");
        Assert.Equal((0, ""), (joined.ExitStatus, joined.ErrorText));
        Assert.Equal($"here\n{string.Concat(Kinds.Select(kind => $"{session.Namespace(kind)}\n"))}", joined.OutputText);
        if (profile == "rich")
        {
            Temporary("/tmp/of-the-session");
        }
    }

    /// <summary>join-weaker: everything that a process can know of itself is as run gives it.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public void What_it_is_is_what_the_first_command_is(string profile, string body)
    {
        Install(profile, body);
        ProbeReport first = ProbeReport.Parse(SessionCommand.Run(profile, TestHost.Probe).Execute().Output);
        Start(SessionCommand.Run(profile, "/bin/sleep", "60")).WaitForCommand();
        ProbeReport joined = ProbeReport.Parse(Join(profile, TestHost.Probe).Output);
        foreach (string name in first.AttemptNames.Except(OfTheProcess).Except([.. Kinds, "mountinfo", "descriptors", "environ", "terminal", "netdev"]))
        {
            Assert.Equal((name, string.Join('|', first.Values(name))), (name, string.Join('|', joined.Values(name))));
        }

        Assert.Equal(Names(first), Names(joined));
        Assert.Equal(first.Mounts.Select(Placeless).Order(StringComparer.Ordinal), joined.Mounts.Select(Placeless).Order(StringComparer.Ordinal));
        Assert.Equal(first.Descriptors.Select(descriptor => descriptor.Number), joined.Descriptors.Select(descriptor => descriptor.Number));

        static string[] Names(ProbeReport report) => [.. report.Environment.Select(entry => System.Text.Encoding.UTF8.GetString(entry)).Where(entry => !entry.StartsWith("NSHELPER_SESSION=", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        static string Placeless(MountEntry mount) => $"{mount.Target} {mount.Options}";
    }

    [Fact]
    public void The_exit_status_is_the_commands_own_and_the_session_goes_on()
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal(7, Join("t", "/bin/sh", "-c", "exit 7").ExitStatus);
        Assert.Equal(128 + Posix.SIGTERM, Join("t", "/bin/sh", "-c", "kill -TERM $$").ExitStatus);
        Assert.Equal((127, "nshelper: cannot execute /no/such: command not found\n"), (Join("t", "/no/such").ExitStatus, Join("t", "/no/such").ErrorText));
        Assert.False(session.HasExited);
    }

    [Fact]
    public void It_ends_with_the_session()
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession joined = Start(SessionCommand.Helper("join", "t", "--", "/bin/sleep", "61")).WaitForCommand();
        Posix.Kill(session.Helper, Posix.SIGTERM);
        Assert.Equal(128 + Posix.SIGTERM, session.Finish().ExitStatus);
        Assert.Equal(128 + Posix.SIGKILL, joined.Finish().ExitStatus);
    }

    [Fact]
    public void A_killed_monitor_takes_its_command_along_and_not_the_session()
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession joined = Start(SessionCommand.Helper("join", "t", "--", "/bin/sleep", "61")).WaitForCommand();
        Posix.Kill(joined.Helper, Posix.SIGKILL);
        Wait.Until(() => !Directory.Exists($"/proc/{joined.Pid}"), () => "the joined command is there");
        Assert.False(session.HasExited);
    }

    [Fact]
    public void Parameters_are_those_of_the_session()
    {
        Install("t", "[parameters.word]\ntype = \"string\"\npattern = \"[a-z ]+\"\n[environment]\nset.WORD = \"<{word}>\"");
        Start(SessionCommand.Helper("run", "--set", "word=two words", "t", "--", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("<two words>\n", Join("t", "/bin/sh", "-c", "echo \"$WORD\"").OutputText);
    }

    [Fact]
    public void Where_there_is_none_of_that_name_it_is_started()
    {
        Install("t", "[protect]\nprivate_tmp = true\n[parameters.word]\ntype = \"enum\"\nvalues = [\"a\", \"b\"]\ndefault = \"a\"");
        SessionCommand sleeping = SessionCommand.Helper("run", "--name", "one", "--join-or-start", "t", "--", "/bin/sleep", "60");
        RunningSession first = Start(sleeping).WaitForCommand();
        RunningSession second = Start(sleeping).WaitForCommand();
        Assert.Equal(first.Namespace("mnt"), second.Namespace("mnt"));
        Assert.Single(SessionCommand.Helper("sessions", "-q").Execute().OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, SessionCommand.Helper("run", "--name", "one", "--join-or-start", "--set", "word=a", "t", "--", "/bin/true").Execute().ExitStatus);
        SessionResult other = SessionCommand.Helper("run", "--name", "one", "--join-or-start", "--set", "word=b", "t", "--", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot run t: session one has other parameters\n"), (other.ExitStatus, other.ErrorText));
    }

    [Fact]
    public void Variables_and_a_directory_can_be_chosen_as_with_run()
    {
        Install("t", "[environment]\nuser_vars = [\"MINE\"]");
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("x /usr\n", SessionCommand.Helper("join", "--env", "MINE=x", "--chdir", "/usr", "t", "--", "/bin/sh", "-c", "echo $MINE $PWD").Execute().OutputText);
        Assert.Equal(125, SessionCommand.Helper("join", "--env", "OTHER=x", "t", "--", "/bin/true").Execute().ExitStatus);
    }

    [Theory]
    [InlineData("[session]\njoin = \"none\"", "its profile lets nobody join\n  /etc/nshelper/profiles/t.toml:7")]
    public void A_profile_may_forbid_it(string body, string reason)
    {
        Install("t", body);
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        SessionResult result = Join("t", "/bin/true");
        Assert.Equal(125, result.ExitStatus);
        Assert.StartsWith($"nshelper: cannot join t: {reason.Split('\n')[0]}\n", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_commands_of_the_profile_are_run()
    {
        Install(ProfileFile.ForAlice("t") with { Text = "schema = 1\n[allow]\nusers = [\"alice\"]\n[[command]]\npath = \"/bin/sleep\"\n" });
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal((125, "nshelper: cannot join t: command \"/bin/true\" is not listed in the profile\n"), (Join("t", "/bin/true").ExitStatus, Join("t", "/bin/true").ErrorText));
        Assert.Equal(0, Join("t", "/bin/sleep", "0").ExitStatus);
    }

    [Fact]
    public void A_profile_without_the_verb_lets_nobody_join()
    {
        Install(ProfileFile.ForAlice("t") with { Text = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\nverbs = [\"run\"]\n" });
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal((125, "nshelper: cannot join t: no such profile, or not yours to use\n"), (Join("t", "/bin/true").ExitStatus, Join("t", "/bin/true").ErrorText));
    }

    [Fact]
    public void What_becomes_of_it_is_told_on_a_descriptor()
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string file = $"{TestUser.Alice.Home}/status";
        SessionResult result = SessionCommand.Direct("/bin/sh", "-c", $"exec 5>{file}; {TestHost.Helper} join --json-status-fd 5 t -- /bin/sh -c 'exit 3'").Execute();
        Assert.Equal(3, result.ExitStatus);
        string[] lines = File.ReadAllLines(file);
        Assert.Contains("\"event\":\"started\",\"profile\":\"t\"", lines[0], StringComparison.Ordinal);
        Assert.Contains($"\"mnt\":{session.Namespace("mnt")[5..^1]},", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"event\":\"exited\",\"exit-status\":3", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_logged_as_run_is()
    {
        Install("t");
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Trace trace = Trace.Of(SessionCommand.Helper("join", "t", "--", "/bin/true"));
        Assert.Equal(0, trace.Result.ExitStatus);
        Harness.SystemCall sent = trace.Named("sendto", "sendmsg").First(call => call.Line.Contains("permit", StringComparison.Ordinal));
        Assert.Contains("verb=\\\"join\\\"", sent.Line, StringComparison.Ordinal);
        Assert.True(trace.Calls.ToList().IndexOf(sent) < trace.Calls.ToList().FindIndex(call => call.Name == "setns"));
    }

    private static SessionResult Join(string session, params string[] command) => SessionCommand.Helper(["join", session, "--", .. command]).Execute();
}
