using System.Diagnostics;
using NsHelper.SystemTests.Harness;
using Xunit;
using Trace = NsHelper.SystemTests.Harness.Trace;

namespace NsHelper.SystemTests.Sessions;

/// <summary>The processes around a command: what the session sees, what ends when, which signal reaches whom.</summary>
public sealed class ProcessTests : SystemTest
{
    /// <summary>What is typed at a start is not lost between the fork of the command and its own process group.</summary>
    [Fact]
    public void A_signal_that_comes_before_the_commands_process_group_reaches_the_command()
    {
        Install("t");
        RunningTrace start = Trace.Start(SessionCommand.Run("t", "/bin/sleep", "5"), Injection.Delay("setpgid", 1500, 1));
        int monitor = start.WaitForHelper();
        _ = start.WaitForCall("setpgid");
        Assert.True(Posix.Kill(monitor, Posix.SIGINT));
        Trace trace = start.Finish();
        Assert.True(trace.Result.ExitStatus == 130, $"{trace}");
    }

    /// <summary>
    /// ^C and `kill -- -GROUP` reach the init too, which is in the group until the session stands. There the signal waits, and of what the monitor adds to it the
    /// kernel keeps nothing.
    /// </summary>
    [Theory]
    [InlineData("move_mount")]
    [InlineData("setsid")]
    public void A_signal_to_the_process_group_of_a_start_reaches_the_command(string held)
    {
        Install("t", "[protect]\nprivate_tmp = true");
        RunningTrace start = Trace.Start(SessionCommand.Run("t", "/bin/sleep", "5"), Injection.Delay(held, 1500, 1));
        int monitor = start.WaitForHelper();
        int init = start.WaitForCall(held);
        Assert.NotEqual(monitor, init);
        Assert.True(Posix.Kill(init, Posix.SIGINT));
        Assert.True(Posix.Kill(monitor, Posix.SIGINT));
        Trace trace = start.Finish();
        Assert.True(trace.Result.ExitStatus == 130, $"{trace}");
    }

    /// <summary>A user whose signals are all in use, or who may have none waiting: the kernel then says nothing of who sent one.</summary>
    [Theory]
    [InlineData(15)]
    [InlineData(64)]
    public void A_signal_reaches_the_command_though_none_may_wait(int number)
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "5").Limit(11, 0, 0)).WaitForCommand();
        Assert.True(Posix.Kill(session.Helper, number));
        Assert.Equal(128 + number, session.Finish().ExitStatus);
    }

    [Fact]
    public void A_session_sees_its_own_processes_alone()
    {
        Install("t");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo $$; echo /proc/[0-9]*; cat /proc/1/comm").Execute();
        Assert.Equal("2\n/proc/1 /proc/2\nnshelper\n", result.OutputText);
    }

    [Fact]
    public void Nobody_of_a_running_session_is_root_or_has_a_capability()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        int[] pids = [session.Helper, session.Init, session.Pid];
        Assert.Equal(3, pids.Distinct().Count());
        foreach (int pid in pids)
        {
            Assert.Equal("12001\t12001\t12001\t12001", ProcessEntry.Status(pid, "Uid"));
            foreach (string set in new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" })
            {
                Assert.Equal("0000000000000000", ProcessEntry.Status(pid, set));
            }

            Assert.Single(System.IO.Directory.GetDirectories($"/proc/{pid}/task"));
        }

        // Nobody but root looks into the two that are nshelper, and they hold nothing but the way they talk.
        Assert.Equal(["0", "1", "2"], Descriptors(session.Pid));
        Assert.Single(Descriptors(session.Init));
        SessionResult look = SessionCommand.Direct("/bin/sh", "-c", $"ls /proc/{session.Helper}/fd /proc/{session.Init}/fd /proc/{session.Init}/root").Execute();
        Assert.Equal(3, look.ErrorText.Split("Permission denied").Length - 1);
    }

    [Theory]
    [InlineData("kill -9 1; kill -STOP 1; kill -TERM 1; kill -INT 1; sleep 0.2; echo alive", "alive\n")]
    [InlineData("sleep 60 & kill -9 -1; wait $!; echo $?", "137\n")]
    public void The_init_obeys_nobody_in_the_session(string script, string output)
    {
        Install("t");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
        Assert.Equal(output, result.OutputText);
    }

    [Fact]
    public void Orphans_are_reaped_and_end_with_the_command()
    {
        Install("t");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "for n in 1 2 3 4 5 6 7 8 9 10; do (sleep 0 & ) ; done; sleep 0.5; grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null; (sleep 59 &); exit 5").Execute();
        Assert.Equal((5, ""), (result.ExitStatus, result.OutputText));
        Wait.Until(() => !ProcessEntry.OfTestUsers().Any(process => process.CommandLine == "sleep 59 "), () => "a process outlived its session");
    }

    [Fact]
    public void On_exit_wait_waits_for_all_and_keeps_the_commands_status()
    {
        Install("t", "[session]\non_exit = \"wait\"");
        var clock = Stopwatch.StartNew();
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "(sleep 1; echo late) & exit 6").Execute();
        Assert.Equal((6, "late\n"), (result.ExitStatus, result.OutputText));
        Assert.InRange(clock.ElapsedMilliseconds, 900, 20_000);
    }

    [Theory]
    [InlineData("[namespaces]\npid = \"private\"\n")]
    [InlineData("[namespaces]\npid = \"host\"\n")]
    public void Runtime_max_ends_a_session_and_says_so(string namespaces)
    {
        Install("t", $"{namespaces}[session]\nruntime_max = 1");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "sleep 30; echo never").Execute();
        Assert.Equal((143, ""), (result.ExitStatus, result.OutputText));
        Assert.Equal("nshelper: session of t ended: its runtime_max of 1 s is over\n", result.ErrorText);
    }

    [Fact]
    public void A_command_that_does_not_want_to_end_is_killed()
    {
        Install("t", "[session]\nruntime_max = 1");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done").Execute();
        Assert.Equal(137, result.ExitStatus);
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public void A_monitor_that_is_killed_takes_the_session_with_it_unless_told_otherwise(string key, bool survives)
    {
        Install("t", $"[identity]\nkill_on_parent_exit = {key}");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c", "sleep 2; echo x >~/outlived")).WaitForCommand();
        int command = session.Pid;
        SessionCommand.Direct("/bin/kill", "-KILL", $"{session.Helper}").Execute();
        Wait.Until(() => session.HasExited, () => "the monitor lives");
        Assert.Equal(survives, Wait.Happens(() => File.Exists("/mnt/home/alice/outlived"), 4000));
        Wait.Until(() => ProcessEntry.Executable(command) is null, () => "the command lives");
        File.Delete("/mnt/home/alice/outlived");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(64)]
    public void A_signal_to_the_process_the_caller_knows_reaches_the_command(int number)
    {
        Install("t");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/bash", "-c", $"trap 'echo got; exit 9' {number}; echo ready; while :; do sleep 0.05; done")).WaitForCommand();
        Wait.Until(() => (Convert.ToUInt64(ProcessEntry.Status(session.Pid, "SigCgt") ?? "0", 16) & (1UL << (number - 1))) != 0, () => "no trap");
        SessionCommand.Direct("/bin/kill", $"-{number}", $"{session.Helper}").Execute();
        SessionResult result = session.Finish();
        Assert.Equal((9, "ready\ngot\n"), (result.ExitStatus, result.OutputText));
    }

    /// <summary>ns-fork-fail: the first fork is nshelper's own, the second one counts among the user's processes.</summary>
    [Theory]
    [InlineData("clone", 1, "cannot run t: cannot start the init: fork: resource temporarily unavailable")]
    [InlineData("sendmsg", 1, "cannot run t: cannot start the command: sendmsg: resource temporarily unavailable")]
    [InlineData("setsid", 1, "cannot run t: cannot start the command: setsid: resource temporarily unavailable")]
    public void A_process_that_cannot_be_started_ends_the_start(string call, int when, string message)
    {
        Install("t");
        Harness.Trace trace = Harness.Trace.Of(SessionCommand.Run("t", "/bin/true"), Injection.Fault(call, "EAGAIN", when));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
        Assert.Contains(message, trace.Result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_who_may_have_no_further_process_gets_no_session()
    {
        Install("t");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Limit(6, 0, 0).Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("cannot start the command: fork: resource temporarily unavailable", result.ErrorText, StringComparison.Ordinal);
        Wait.Until(() => !ProcessEntry.All().Any(process => process.CommandLine.StartsWith("nshelper run", StringComparison.Ordinal)), () => "a process is left");
    }

    /// <summary>ns-pin-bind: no namespace is held by a mount, and none is left when a session is gone.</summary>
    [Fact]
    public void Two_hundred_starts_side_by_side_all_work_and_leave_nothing()
    {
        Install("t", "[namespaces]\nuts = \"private\"\nnetwork = \"private\"\ntime = \"private\"\ncgroup = \"private\"");
        SessionResult[] results = new SessionResult[200];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => results[i] = SessionCommand.Run("t", "/bin/sh", "-c", $"exit {i % 100}").Execute());
        Assert.Equal(Enumerable.Range(0, results.Length).Select(i => (int?)(i % 100)), results.Select(result => result.ExitStatus));
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Type == "nsfs");
        Wait.Until(() => ProcessEntry.OfTestUsers().Count == 0, () => "a process is left");
    }

    [Fact]
    public void Clocks_of_a_private_time_namespace_show_what_the_hosts_show()
    {
        Install("t", "[namespaces]\ntime = \"private\"");
        string[] offsets = SessionCommand.Run("t", "/bin/cat", "/proc/self/timens_offsets").Execute().OutputText.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["monotonic", "0", "0", "boottime", "0", "0"], offsets);
    }

    private static string[] Descriptors(int pid) => [.. System.IO.Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
