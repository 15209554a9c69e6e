using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: what is meant to end with its last session must neither outlive it nor go while another has it, however the sessions end.</summary>
public sealed class ShareLifetimeTests : SystemTest
{
    private const string Target = "/mnt/srv/shared";
    private const string Key = "last.g12010.work";
    private const string Place = $"/run/nshelper/share/{Key}";

    public ShareLifetimeTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        ExpectShare(Key);
        ProfileFile profile = ProfileFile.ForAlice("t");
        Install(profile with
        {
            Text = $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"group\"\ngroup = \"nsok\"\nlifetime = \"last-session\"\n",
        });
    }

    private static bool IsMounted => MountEntry.Read(Environment.ProcessId).Any(mount => mount.Target == Place);

    [Fact]
    public void It_is_there_for_every_session_until_the_last_one_ends_and_new_for_the_next()
    {
        RunningSession first = Start(Sleeping()).WaitForCommand();
        RunningSession second = Start(Sleeping().As(TestUser.Carol)).WaitForCommand();
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", $"echo here >{Target}/note").Execute().ExitStatus);
        End(first);
        Assert.True(IsMounted);
        Assert.Equal("here\n", SessionCommand.Run("t", "/bin/cat", $"{Target}/note").Execute().OutputText);
        End(second);
        Assert.False(IsMounted, "the share outlived its last session");
        Assert.False(Directory.Exists(Place));
        Assert.Equal("", SessionCommand.Run("t", "/bin/ls", "-A", Target).Execute().OutputText);
        Assert.False(IsMounted);
    }

    [Fact]
    public void A_session_that_takes_its_share_away_ends_with_the_status_of_its_command()
    {
        Assert.Equal(37, SessionCommand.Run("t", "/bin/sh", "-c", "exit 37").Execute().ExitStatus);
        SessionResult missing = SessionCommand.Run("t", "/bin/no-such-command").Execute();
        Assert.Equal(127, missing.ExitStatus);
        Assert.False(IsMounted);
    }

    /// <summary>The init has the one descriptor that says so; it can write nothing with it, and the command does not get it.</summary>
    [Fact]
    public void The_init_holds_the_share_by_an_empty_file_that_it_cannot_write_and_the_command_does_not_have()
    {
        RunningSession session = Start(Sleeping()).WaitForCommand();
        string held = Assert.Single(LocksOf(session.Init));
        Assert.Equal("/run/nshelper/share/use", new FileInfo(held).LinkTarget);
        string flags = File.ReadLines($"/proc/{session.Init}/fdinfo/{Path.GetFileName(held)}").Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
        Assert.Equal('0', flags[^1]);
        Assert.Empty(LocksOf(session.Pid));
        Assert.Empty(LocksOf(session.Helper));
        End(session);
    }

    [Fact]
    public void What_the_administrator_mounted_below_it_goes_with_it()
    {
        RunningSession session = Start(Sleeping()).WaitForCommand();
        Directory.CreateDirectory($"{Place}/below");
        Posix.Mount("below", $"{Place}/below", "tmpfs", 0, "");
        Assert.True(Wait.Happens(() => session.Mounts().Any(mount => mount.Target == $"{Target}/below"), 1000), "the mount did not arrive");
        End(session);
        Assert.DoesNotContain(MountEntry.Read(Environment.ProcessId), mount => mount.Target.StartsWith(Place, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_killed_monitor_leaves_the_next_session_takes_away()
    {
        Leave();
        Assert.Equal("", SessionCommand.Run("t", "/bin/ls", "-A", Target).Execute().OutputText);
        Assert.False(IsMounted);
    }

    [Fact]
    public void What_a_killed_monitor_leaves_anybody_may_have_taken_away_and_root_sees_what()
    {
        Leave();
        Assert.Equal((0, $"share {Key}\n"), AnswerOf(SessionCommand.Helper("gc", "--dry-run").As(TestUser.Root)));
        Assert.Equal((0, ""), AnswerOf(SessionCommand.Helper("gc", "--dry-run")));
        Assert.True(IsMounted);
        Assert.Equal((0, ""), AnswerOf(SessionCommand.Helper("gc").As(TestUser.Bob)));
        Assert.False(IsMounted);
        SessionCommand.Helper("gc").As(TestUser.Root).Execute();
        Assert.Equal((0, "{\n  \"version\": 1,\n  \"shares\": [],\n  \"sessions\": []\n}\n"), AnswerOf(SessionCommand.Helper("gc", "--json").As(TestUser.Root)));
    }

    [Fact]
    public void Two_that_take_it_away_at_once_do_not_disturb_each_other()
    {
        Leave();
        Trace trace = Attacks.HeldHelper.At(SessionCommand.Helper("gc"), ("fcntl", Trace.Of(SessionCommand.Helper("gc", "--dry-run")).Counts()["fcntl"] - 3), _ => Assert.Equal((0, ""), AnswerOf(SessionCommand.Helper("gc"))));
        Assert.Equal((0, ""), (trace.Result.ExitStatus, trace.Result.ErrorText));
        Assert.False(IsMounted);
    }

    [Fact]
    public void A_share_that_a_session_has_is_nobodys_to_take_away()
    {
        RunningSession session = Start(Sleeping()).WaitForCommand();
        Assert.Equal((0, ""), AnswerOf(SessionCommand.Helper("gc").As(TestUser.Root)));
        Assert.True(IsMounted);
        End(session);
    }

    private static IEnumerable<string> LocksOf(int pid) =>
        Directory.GetFiles($"/proc/{pid}/fd").Where(path => new FileInfo(path).LinkTarget?.StartsWith("/run/nshelper", StringComparison.Ordinal) == true);

    private static (int? Status, string Text) AnswerOf(SessionCommand command)
    {
        // What is left of the session itself is for RegistryTests.
        SessionResult result = command.Execute();
        return (result.ExitStatus, string.Concat(result.OutputText.Split('\n').Where(line => !line.StartsWith("session ", StringComparison.Ordinal)).Select(line => $"{line}\n"))[..^1] + result.ErrorText);
    }

    private static SessionCommand Sleeping() => SessionCommand.Run("t", "/bin/sleep", "60");

    private static void End(RunningSession session)
    {
        Posix.Kill(session.Helper, Posix.SIGTERM);
        Assert.Equal(128 + Posix.SIGTERM, session.Finish().ExitStatus);
    }

    /// <summary>A share with a file in it that no session has.</summary>
    private void Leave()
    {
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c", $"echo old >{Target}/note; exec sleep 60"));
        Wait.Until(() => File.Exists($"{Place}/note") || session.HasExited, () => "no note in the backing");
        int init = session.WaitForCommand().Init;
        Posix.Kill(session.Helper, Posix.SIGKILL);
        Wait.Until(() => !Directory.Exists($"/proc/{init}"), () => "the init outlived its monitor");
        Assert.True(IsMounted);
    }
}
