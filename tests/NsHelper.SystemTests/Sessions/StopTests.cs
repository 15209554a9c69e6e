using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: stop must end what is meant, all of it, and nothing else, and say when it has not.</summary>
public sealed class StopTests : SystemTest
{
    public StopTests()
    {
        Install("t");
        Install("in-place", "[namespaces]\npid = \"host\"");
    }

    [Theory]
    [InlineData("one")]
    [InlineData("t")]
    [InlineData("--all")]
    public void A_session_ends_by_its_name_its_profile_or_with_all_others(string word)
    {
        RunningSession session = Start(SessionCommand.Helper("run", "--name", "one", "t", "--", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal((0, ""), Stop(word));
        Assert.Equal(128 + Posix.SIGTERM, session.Finish().ExitStatus);
    }

    [Fact]
    public void A_session_ends_by_its_id_or_the_beginning_of_it()
    {
        foreach (int digits in new[] { 32, 12, 4 })
        {
            RunningSession session = Start(SessionCommand.Run("in-place", "/bin/sleep", "60")).WaitForCommand();
            string id = SessionCommand.Helper("sessions", "-q").Execute().OutputText.TrimEnd('\n');
            Assert.Equal((0, ""), Stop(id[..digits]));
            session.Finish();
        }
    }

    [Fact]
    public void A_word_for_two_sessions_stops_none()
    {
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession second = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal((1, "nshelper: cannot stop t: more than one session is meant by that; `nshelper sessions` shows their ids\n"), Stop("t"));
        Assert.False(first.HasExited || second.HasExited);
        Assert.Equal((0, ""), Stop("--all"));
    }

    [Fact]
    public void What_there_is_is_stopped_and_what_there_is_not_is_told()
    {
        Start(SessionCommand.Helper("run", "--name", "one", "t", "--", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal((1, "nshelper: cannot stop none: you have no such session\n"), Stop("none", "one"));
        Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
    }

    [Fact]
    public void A_command_that_does_not_listen_is_killed_and_all_that_it_started_with_it()
    {
        RunningSession session = Start(SessionCommand.Run(
            "t", "/bin/sh", "-c", "trap '' TERM HUP; setsid sleep 61 & while :; do setsid sleep 62 & sleep 1; done")).WaitForCommand();
        Wait.Until(() => ProcessEntry.OfTestUsers().Count(process => process.CommandLine.Contains("sleep 6", StringComparison.Ordinal)) > 1, () => "no children");
        long start = Environment.TickCount64;
        Assert.Equal((0, ""), Stop("--timeout", "1", "t"));
        Assert.InRange(Environment.TickCount64 - start, 900, 5000);
        Assert.Equal(128 + Posix.SIGKILL, session.Finish().ExitStatus);
        Assert.True(Wait.Happens(() => ProcessEntry.OfTestUsers().Count == 0, 2000), "something was left");
    }

    [Fact]
    public void Another_signal_is_sent_when_it_is_asked_for()
    {
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c", "trap 'exit 41' USR1; echo; while :; do sleep 0.05; done")).WaitForCommand();
        Thread.Sleep(200);
        Assert.Equal((0, ""), Stop("--signal", "USR1", "t"));
        Assert.Equal(41, session.Finish().ExitStatus);
    }

    /// <summary>A monitor that was killed passes nothing on: the init hears SIGKILL alone.</summary>
    [Fact]
    public void A_session_without_its_monitor_is_ended_all_the_same()
    {
        Install("loose", "[identity]\nkill_on_parent_exit = false");
        RunningSession session = Start(SessionCommand.Run("loose", "/bin/sleep", "60")).WaitForCommand();
        int init = session.Init;
        Posix.Kill(session.Helper, Posix.SIGKILL);
        Assert.Equal((0, ""), Stop("--timeout", "1", "loose"));
        Wait.Until(() => !Directory.Exists($"/proc/{init}"), () => "the init is there");
    }

    [Fact]
    public void A_stopped_session_ends()
    {
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Posix.Kill(session.Helper, Posix.SIGSTOP);
        Assert.Equal((0, ""), Stop("--timeout", "5", "t"));
        Assert.Equal(128 + Posix.SIGTERM, session.Finish().ExitStatus);
    }

    [Fact]
    public void The_site_says_how_long_is_waited()
    {
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done")).WaitForCommand();
        Thread.Sleep(200);
        File.WriteAllText(Temporary("/etc/nshelper/nshelper.toml"), "[sessions]\nstop_timeout = 1\n");
        long start = Environment.TickCount64;
        Assert.Equal((0, ""), Stop("t"));
        Assert.InRange(Environment.TickCount64 - start, 900, 5000);
        session.Finish();
    }

    [Fact]
    public void A_profile_may_keep_its_users_from_stopping_and_not_root()
    {
        Install(ProfileFile.ForAlice("kept") with { Text = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\nverbs = [\"run\"]\n" });
        RunningSession session = Start(SessionCommand.Helper("run", "--name", "one", "kept", "--", "/bin/sleep", "60")).WaitForCommand();
        string id = SessionCommand.Helper("sessions", "-q").Execute().OutputText.TrimEnd('\n');
        Assert.Equal((1, $"nshelper: cannot stop {id}: its profile does not let its users stop it\n"), Stop("one"));
        SessionResult byRoot = SessionCommand.Helper("stop", id).As(TestUser.Root).Execute();
        Assert.Equal((0, ""), (byRoot.ExitStatus, byRoot.ErrorText));
        session.Finish();
    }

    private static (int? Status, string Error) Stop(params string[] words)
    {
        SessionResult result = SessionCommand.Helper(["stop", .. words]).Execute();
        Assert.Equal("", result.OutputText);
        return (result.ExitStatus, result.ErrorText);
    }
}
