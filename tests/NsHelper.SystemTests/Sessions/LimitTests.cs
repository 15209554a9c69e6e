using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// Why it exists: exec-child-state. A limit of the profile is the command's from its first instruction on, exactly; it cuts no step of the start;
/// and what the profile does not name is the caller's.
/// </summary>
public sealed class LimitTests : SystemTest
{
    private const string Withheld =
        "nshelper: cannot run t: cannot take up privileges: capset: operation not permitted (likely: a capability that the profile needs is missing from the bounding set, as in a container)\n";

    /// <summary>Whether this host has CAP_SYS_RESOURCE in its bounding set.</summary>
    private static bool CanRaise =>
        (Convert.ToUInt64(File.ReadAllLines("/proc/self/status").Single(line => line.StartsWith("CapBnd:", StringComparison.Ordinal))[7..].Trim(), 16) & (1UL << 24)) != 0;

    /// <summary>Every limit by its number, with a value that no caller of the tests has.</summary>
    public static TheoryData<string, int, string> Limits => new()
    {
        { "cpu = \"10min:1h\"", 0, "600:3600" },
        { "fsize = \"1M:2M\"", 1, $"{1 << 20}:{2 << 20}" },
        { "data = \"1G\"", 2, $"{1 << 30}:{1 << 30}" },
        { "stack = \"1M:16M\"", 3, $"{1 << 20}:{16 << 20}" },
        { "core = 0", 4, "0:0" },
        { "core = \"1K:infinity\"", 4, $"1024:{ulong.MaxValue}" },
        { "nproc = \"1:77\"", 6, "1:77" },
        { "nofile = \"16:48\"", 7, "16:48" },
        { "memlock = \"4K\"", 8, "4096:4096" },
        { "as = \"1G:2G\"", 9, $"{1L << 30}:{2L << 30}" },
        { "locks = 5", 10, "5:5" },
        { "sigpending = 6", 11, "6:6" },
        { "msgqueue = 7", 12, "7:7" },
        { "rttime = 100000", 15, "100000:100000" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void The_command_has_the_limit_of_the_profile_and_the_callers_others(string line, int resource, string value)
    {
        Install("t", $"[limits]\n{line}");
        string[] direct = [.. SessionCommand.Direct(TestHost.Probe).Execute().Probe.Limits];
        Assert.NotEqual(value, direct[resource]);
        direct[resource] = value;
        Assert.Equal(direct, SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Limits);
    }

    /// <summary>Above the caller's hard limit, of each kind: and the session has no capability of it.</summary>
    [Theory]
    [InlineData("nofile = \"64:4096\"", 7, 32, "64:4096")]
    [InlineData("core = \"infinity\"", 4, 0, "18446744073709551615:18446744073709551615")]
    [InlineData("cpu = \"infinity\"", 0, 1000, "18446744073709551615:18446744073709551615")]
    [InlineData("memlock = \"1G\"", 8, 4096, "1073741824:1073741824")]
    [InlineData("nice = 40", 13, 0, "40:40")]
    [InlineData("rtprio = 99", 14, 0, "99:99")]
    [InlineData("nproc = \"infinity\"", 6, 50, "18446744073709551615:18446744073709551615")]
    public void A_profile_may_raise_what_bounds_the_caller(string line, int resource, long callers, string value)
    {
        Install("t", $"[limits]\n{line}");
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).Limit(resource, callers, callers).Execute();
        if (!CanRaise)
        {
            // A host that withholds the capability itself: no session, rather than one with less than the profile says.
            Assert.Equal((125, Withheld), (result.ExitStatus, result.ErrorText));
            return;
        }

        Assert.Equal(value, result.Probe.Limits[resource]);
        Attacks.Confinement.MustBeWhole(result.Probe, TestUser.Alice);
    }

    /// <summary>The capability is effective for these calls and for no other, and a plan that raises nothing does not take it.</summary>
    [Fact]
    public void The_capability_is_taken_for_the_limits_alone()
    {
        Install("t", "[protect]\nprivate_tmp = true\n[limits]\nnofile = 100");
        Assert.DoesNotContain(Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls, call => call.Name == "capset" && call.Line.Contains("CAP_SYS_RESOURCE", StringComparison.Ordinal));

        Install("t", "[protect]\nprivate_tmp = true\n[limits]\nnofile = 100\nlocks = 7");
        SessionCommand command = SessionCommand.Run("t", "/bin/true").Limit(7, 50, 50).Limit(10, 5, 5);
        if (!CanRaise)
        {
            SessionResult refused = command.Execute();
            Assert.Equal((125, Withheld), (refused.ExitStatus, refused.ErrorText));
            return;
        }

        SystemCall[] calls = [.. Trace.Of(command).SetupCalls];
        int effective = Array.FindIndex(calls, call => call.Name == "capset" && call.Line.Contains("effective=1<<CAP_SETPCAP|1<<CAP_SYS_RESOURCE,", StringComparison.Ordinal));
        Assert.True(effective > 0, string.Join('\n', calls.Where(call => call.Name == "capset").Select(call => call.Line)));
        Assert.Equal(["close_range", "capset", "prlimit64", "prlimit64", "prctl"], calls[(effective - 1)..(effective + 4)].Select(call => call.Name));
        Assert.DoesNotContain(calls[..effective], call => call.Name == "capset" && call.Line.Split("permitted")[0].Contains("CAP_SYS_RESOURCE", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_kernel_refuses_ends_the_start_with_the_line()
    {
        ProfileFile profile = Install("t", "[limits]\nnofile = \"infinity\"");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Limit(7, 64, 64).Execute();
        Assert.Equal(
            (125, CanRaise ? $"nshelper: cannot run t: cannot set the limit nofile: prlimit64: operation not permitted (likely: fs.nr_open is the most that nofile can be)\n  {profile.Path}:7\n" : Withheld),
            (result.ExitStatus, result.ErrorText));
    }

    /// <summary>Limits under which no program could set up a session do not disturb the start, and hold for the command.</summary>
    [Theory]
    [InlineData("as = \"8M\"", 9, "8388608:8388608")]
    [InlineData("fsize = 0", 1, "0:0")]
    [InlineData("data = \"8M\"", 2, "8388608:8388608")]
    [InlineData("nproc = 0", 6, "0:0")]
    [InlineData("cpu = 1", 0, "1:1")]
    [InlineData("memlock = 0", 8, "0:0")]
    public void A_tight_limit_cuts_no_step_of_the_start(string line, int resource, string value)
    {
        Install("t", $"[protect]\nprivate_tmp = true\n[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\n[limits]\n{line}");
        Assert.Equal(value, SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Limits[resource]);
    }

    [Fact]
    public void No_open_file_is_left_to_the_command_and_none_was_missing_at_the_start()
    {
        Install("t", "[protect]\nprivate_tmp = true\n[limits]\nnofile = 3");
        RunningSession session = Start(SessionCommand.Run("t", TestHost.Probe, "hold", "/mnt/srv/never")).WaitForCommand();
        Assert.Equal(["3", "3"], File.ReadAllLines($"/proc/{session.Pid}/limits")[8][26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(300, 500)]
    [InlineData(500, 500)]
    [InlineData(1000, 1000)]
    public void The_score_for_the_out_of_memory_killer_is_the_profiles(int callers, int value)
    {
        Install("t", $"[limits]\noom_score_adjust = {value}");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).With("--oom", $"{callers}").Execute().Probe;
        Assert.Equal(value, probe.Number("oomScoreAdjust"));
        Attacks.Confinement.MustBeWhole(probe, TestUser.Alice);
    }

    /// <summary>The kernel refuses what is less than a privileged process has set.</summary>
    [Fact]
    public void A_score_that_the_kernel_refuses_ends_the_start_with_the_line()
    {
        ProfileFile profile = Install("t", "[limits]\noom_score_adjust = 100");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        Trace trace = Trace.Of(command, Injection.Fault("write", "EACCES", Trace.Of(command).Counts()["write"]));
        Assert.Equal(
            (125, $"nshelper: cannot run t: cannot set oom_score_adjust: write: permission denied (likely: the score is lower than one that a privileged process has set)\n  {profile.Path}:7\n"),
            (trace.Result.ExitStatus, trace.Result.ErrorText));
    }

    [Fact]
    public void The_session_runs_on_the_processors_of_the_profile()
    {
        Install("t", "[limits]\ncpu_affinity = \"0,100-8191\"");
        Assert.Equal([0u], SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Numbers("affinity"));
        ProfileFile profile = Install("t", "[limits]\ncpu_affinity = \"8191\"");
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"cannot set cpu_affinity: sched_setaffinity: invalid argument", result.ErrorText, StringComparison.Ordinal);
        Assert.EndsWith($"  {profile.Path}:7\n", result.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("077", 0x3f)]
    public void The_umask_is_the_profiles(string callers, int value)
    {
        Install("t", $"[identity]\numask = \"0{Convert.ToString(value, 8).PadLeft(3, '0')}\"");
        Assert.Equal(value, SessionCommand.Run("t", TestHost.Probe).With("--umask", callers == "0" ? "022" : "000").Execute().Probe.Number("umask"));
    }

    /// <summary>Each call that sets or reads back, refused once: the command never runs.</summary>
    [Theory]
    [InlineData("prlimit64", 1)]
    [InlineData("prlimit64", 2)]
    [InlineData("sched_setaffinity", 1)]
    [InlineData("sched_getaffinity", 1)]
    [InlineData("write", 1)]
    [InlineData("pread64", 1)]
    public void When_a_call_of_the_limits_fails_the_command_never_runs(string call, int fromTheLast)
    {
        Install("t", "[namespaces]\npid = \"host\"\n[limits]\nlocks = 5\noom_score_adjust = 5\ncpu_affinity = \"0\"");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        Trace trace = Trace.Of(command, Injection.Fault(call, "EPERM", Trace.Of(command).Counts()[call] - fromTheLast + 1));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }
}
