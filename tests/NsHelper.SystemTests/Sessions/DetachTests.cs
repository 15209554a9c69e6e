using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a session that nobody waits for must begin for certain, keep nothing of who started it, and end when it is told to.</summary>
public sealed class DetachTests : SystemTest
{
    private const string Allowed = "[session]\nallow_detach = true\n";

    public DetachTests()
    {
        Install("t", $"[protect]\nprivate_tmp = true\n{Allowed}");
        Install("in-place", $"[namespaces]\npid = \"host\"\n{Allowed}");
        Install("none");
        Undo(() => SessionCommand.Helper("stop", "--all", "--timeout", "0").Execute());
    }

    [Theory]
    [InlineData("t")]
    [InlineData("in-place")]
    public void It_goes_on_and_its_id_is_what_is_printed(string profile)
    {
        SessionResult started = SessionCommand.Helper("run", "--detach", profile, "--", "/bin/sleep", "60").Execute();
        Assert.Equal((0, ""), (started.ExitStatus, started.ErrorText));
        Assert.Equal(started.OutputText, SessionCommand.Helper("sessions", "-q").Execute().OutputText);
        int init = Pid();
        Assert.Equal("12001", ProcessEntry.Status(init, "Uid")?.Split('\t')[0]);
        Assert.Equal(0, SessionCommand.Helper("join", started.OutputText[..8], "--", "/bin/true").Execute().ExitStatus);

        // The monitor has ended: what stop sends, the init passes on.
        Assert.DoesNotContain(ProcessEntry.OfHelper(), pid => pid != init);
        SessionResult stopped = SessionCommand.Helper("stop", started.OutputText.TrimEnd('\n')).Execute();
        Assert.Equal((0, ""), (stopped.ExitStatus, stopped.ErrorText));
        Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
    }

    /// <summary>Whoever reads what is printed sees its end, though the session goes on; and nothing of the terminal is left in it.</summary>
    [Fact]
    public void The_command_has_nothing_of_the_callers_streams()
    {
        string file = $"{TestUser.Alice.Home}/terminal";
        SessionResult started = SessionCommand.Helper("run", "--detach", "t", "--", "/bin/sh", "-c", $"ps -o tty= $$ >{file}.new; mv {file}.new {file}; exec sleep 60").Execute();
        Assert.Equal(0, started.ExitStatus);
        Wait.Until(() => File.Exists(file), () => "no file");
        foreach (string descriptor in new[] { "0", "1", "2" })
        {
            Assert.Equal("/dev/null", new FileInfo($"/proc/{ProcessEntry.LastDescendant(Pid())}/fd/{descriptor}").LinkTarget);
        }

        Assert.EndsWith("?", File.ReadAllText(file).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/nowhere", 127, "command not found")]
    [InlineData("/etc/passwd", 126, "it cannot be executed")]
    public void A_command_that_cannot_be_executed_is_told(string command, int status, string message)
    {
        SessionResult result = SessionCommand.Helper("run", "--detach", "t", "--", command).Execute();
        Assert.Equal((status, "", $"nshelper: cannot execute {command}: {message}\n"), (result.ExitStatus, result.OutputText, result.ErrorText));
        Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
    }

    /// <summary>It has begun, whatever becomes of it.</summary>
    [Fact]
    public void A_command_that_ends_at_once_has_begun()
    {
        for (int i = 0; i < 20; i++)
        {
            SessionResult result = SessionCommand.Helper("run", "--detach", "t", "--", "/bin/sh", "-c", "exit 127").Execute();
            Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
            Assert.Matches("^[0-9a-f]{32}\n$", result.OutputText);
        }
    }

    [Fact]
    public void A_session_that_cannot_be_made_is_no_detached_one()
    {
        Install("broken", $"[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"/mnt/missing\"\n{Allowed}");
        SessionResult result = SessionCommand.Helper("run", "--detach", "broken", "--", "/bin/sleep", "60").Execute();
        Assert.True(result.IsRefusal, $"{result}");
        Assert.Contains("/mnt/missing", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_time_is_bounded_all_the_same()
    {
        Install("short", $"{Allowed}runtime_max = \"1s\"\n");
        Assert.Equal(0, SessionCommand.Helper("run", "--detach", "short", "--", "/bin/sleep", "60").Execute().ExitStatus);
        Assert.NotEqual("", SessionCommand.Helper("sessions").Execute().OutputText);
        Wait.Until(() => SessionCommand.Helper("sessions").Execute().OutputText.Length == 0, () => "it went on");
    }

    [Fact]
    public void A_profile_that_does_not_say_so_allows_none()
    {
        SessionResult result = SessionCommand.Helper("run", "--detach", "none", "--", "/bin/sleep", "60").Execute();
        Assert.True(result.IsRefusal, $"{result}");
        Assert.StartsWith("nshelper: cannot run none: the profile does not allow --detach (allow_detach = true in [session] does)\n", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
    }

    private static int Pid() =>
        int.Parse(SessionCommand.Helper("sessions").Execute().OutputText.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
}
