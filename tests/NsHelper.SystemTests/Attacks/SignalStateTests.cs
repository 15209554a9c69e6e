using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-sigstate (bubblewrap #705, sudo 9ff27d27). With SIGCHLD ignored a status is invented, with everything blocked the helper
/// cannot be ended; and a command must find the signals as its caller had them.
/// </summary>
public sealed class SignalStateTests : SystemTest
{
    public SignalStateTests() => Install("t");

    [Fact]
    public void The_status_is_the_commands_although_SIGCHLD_is_ignored_and_everything_blocked() =>
        Assert.Equal(7, SessionCommand.Run("t", TestHost.Probe, "exit", "7").With("--ignore", "17", "--block", "0").Execute().ExitStatus);

    [Theory]
    [InlineData("--block", "0")]
    [InlineData("--block", "15")]
    [InlineData("--ignore", "1")]
    [InlineData("--ignore", "2")]
    [InlineData("--ignore", "15")]
    [InlineData("--ignore", "17")]
    [InlineData("--ignore", "34")]
    [InlineData("--ignore", "64")]
    public void The_session_has_the_callers_mask_and_ignored_signals(params string[] options)
    {
        ProbeReport direct = SessionCommand.Direct(TestHost.Probe).With(options).Execute().Probe;
        ProbeReport session = SessionCommand.Run("t", TestHost.Probe).With(options).Execute().Probe;
        Assert.Equal((direct.Text("SigBlk"), direct.Text("SigIgn")), (session.Text("SigBlk"), session.Text("SigIgn")));
        Assert.Equal("0000000000000000", session.Text("SigCgt"));
    }

    [Fact]
    public void The_runtimes_ignored_SIGPIPE_does_not_stay_with_the_command() =>
        Assert.Equal("0000000000000000", SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Text("SigIgn"));

    [Fact]
    public void An_administrator_can_end_a_helper_that_was_started_with_everything_blocked_and_ignored()
    {
        RunningTrace trace = Trace.Start(SessionCommand.Run("t", "/bin/sleep", "60").With("--block", "0", "--ignore", "15"), Injection.Delay("openat2", 3000, 1));
        int pid = trace.WaitForCall("openat2");
        Assert.True(Posix.Kill(pid, 15));
        Assert.Equal(15, trace.Finish().Result.Signal);
    }
}
