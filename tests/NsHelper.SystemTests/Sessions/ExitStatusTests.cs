using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: scripts decide by the status; one that is invented or shifted hides a command's failure (specification, section 7).</summary>
public sealed class ExitStatusTests : SystemTest
{
    public ExitStatusTests() => Install("t");

    [Fact]
    public void The_commands_status_is_passed_through()
    {
        // Every sixteenth, and those that mean something to nshelper or a shell.
        foreach (int status in Enumerable.Range(0, 256).Where(n => n % 16 == 0 || n is 1 or 2 or 124 or 125 or 126 or 127 or 129 or 137 or 139 or 254 or 255))
        {
            SessionResult result = SessionCommand.Run("t", TestHost.Probe, "exit", $"{status}").Execute();
            Assert.True(result.ExitStatus == status, $"{status}: {result}");
            Assert.Empty(result.Error);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(31)]
    public void A_command_that_a_signal_kills_gives_128_and_the_signal(int signal)
    {
        SessionResult result = SessionCommand.Run("t", TestHost.Probe, "kill", $"{signal}").Execute();
        Assert.Equal((128 + signal, null), (result.ExitStatus, result.Signal));

        Install("in-place", "[namespaces]\npid = \"host\"");
        result = SessionCommand.Run("in-place", TestHost.Probe, "kill", $"{signal}").Execute();
        Assert.Equal((null, signal), (result.ExitStatus, result.Signal));
    }

    [Fact]
    public void A_shell_sees_128_plus_the_signal()
    {
        SessionResult result = SessionCommand.Direct("/bin/sh", "-c", $"{TestHost.Helper} run t -- {TestHost.Probe} kill 9; echo $?").Execute();
        Assert.Equal("137\n", result.OutputText);
    }

    [Fact]
    public void A_command_that_is_not_there_is_127()
    {
        SessionResult result = SessionCommand.Run("t", "/mnt/srv/absent").Execute();
        Assert.Equal(127, result.ExitStatus);
        Assert.StartsWith("nshelper: cannot ", result.ErrorText, StringComparison.Ordinal);
        Assert.Contains("/mnt/srv/absent", result.ErrorText, StringComparison.Ordinal);
        Assert.Single(result.ErrorText.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_command_that_cannot_be_executed_is_126()
    {
        File.WriteAllText(Temporary("/mnt/srv/data"), "#!/bin/sh\n");
        File.SetUnixFileMode("/mnt/srv/data", Modes.PublicFile);
        foreach (string path in new[] { "/mnt/srv/data", "/mnt/srv" })
        {
            SessionResult result = SessionCommand.Run("t", path).Execute();
            Assert.True(result.ExitStatus == 126, result.ToString());
            Assert.StartsWith("nshelper: cannot ", result.ErrorText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_refused_before_the_command_is_125()
    {
        Install(ProfileFile.ForAlice("broken") with { Text = "schema = 1\nunknown = 2\n" });
        foreach (SessionCommand command in new[]
        {
            SessionCommand.Run("no-such-profile", "/bin/true"),
            SessionCommand.Run("broken", "/bin/true"),
            SessionCommand.Helper("run", "--no-such-option", "t", "--", "/bin/true"),
            SessionCommand.Helper("run"),
            SessionCommand.Run("t", "/bin/true").As(TestUser.Bob),
        })
        {
            SessionResult result = command.Execute();
            Assert.True(result.ExitStatus == 125 && result.Output.Length == 0 && result.Error.Length > 0, $"{string.Join(' ', command.Arguments)}: {result}");
        }
    }
}
