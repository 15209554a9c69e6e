using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: exec-timers. Interval timers survive execve(2): the caller could end the helper at an instruction of his choice.</summary>
public sealed class TimerTests : SystemTest
{
    [Fact]
    public void A_timer_of_the_caller_does_not_end_the_helper()
    {
        // The first profile file is opened 1.2 s after a 0.4 s timer was set: only a disarmed one lets the start go on.
        Install("t");
        Trace trace = Trace.Of(SessionCommand.Run("t", TestHost.Probe).With("--timer", "0:400000"), Injection.Delay("openat2", 1200, 1));
        Assert.True(trace.CommandStarted, trace.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void It_is_stopped_before_any_file_of_ours_is_opened_and_runs_on_in_the_session(int which)
    {
        Install("t");
        SessionCommand command = SessionCommand.Run("t", TestHost.Probe).With("--timer", $"{which}:9000000");
        Assert.InRange(command.Execute().Probe.Timers[which].Value, 1_000_000, 9_100_000);
        List<SystemCall> calls = [.. Trace.Of(command).HelperCalls];
        string timer = which switch { 0 => "ITIMER_REAL", 1 => "ITIMER_VIRTUAL", _ => "ITIMER_PROF" };
        int stopped = calls.FindIndex(call => call.Name == "setitimer" && call.Arguments[0] == timer && call.Arguments[1].Contains("it_value={tv_sec=0, tv_usec=0}", StringComparison.Ordinal));
        Assert.InRange(stopped, 0, calls.FindIndex(call => call.Name == "openat2"));
    }

    [Fact]
    public void Ended_at_any_moment_it_leaves_nothing()
    {
        // 60 starts, a timer every 0.1 ms from 0.2 ms on: across the loader, the runtime and most of the plan. The host is compared afterwards.
        ExpectShare("u12001.work");
        Directory.CreateDirectory(Temporary("/mnt/srv/shared"));
        Install("t", "[protect]\nprivate_tmp = true\n[[share]]\nname = \"work\"\ntarget = \"/mnt/srv/shared\"\nscope = \"user\"\nsource = \"tmpfs\"");
        int killed = 0;
        for (int i = 0; i < 60; i++)
        {
            SessionResult result = SessionCommand.Run("t", "/bin/true").With("--timer", $"0:{200 + (i * 100)}").Execute();
            killed += result.Signal == 14 ? 1 : 0;
            // Of the command's own end by the timer, which it gets back, the init tells by 128 + 14.
            Assert.True(result.Signal == 14 || result.ExitStatus is 0 or 142, result.ToString());
        }

        Assert.InRange(killed, 1, 60);
    }
}
