using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a program that starts sessions cannot tell from an exit status alone whether it was the command's, and must not get its descriptor into the session.</summary>
public sealed class StatusStreamTests : SystemTest
{
    private string Events => $"{TestUser.Alice.Home}/events";

    [Theory]
    [InlineData("")]
    [InlineData("[namespaces]\npid = \"host\"\nuts = \"private\"")]
    public void A_session_is_told_from_its_start_to_its_end(string lines)
    {
        Install("t", lines);
        SessionResult result = Told("t", "readlink /proc/self/ns/mnt; readlink /proc/self/ns/uts; exit 7");
        Assert.Equal(7, result.ExitStatus);
        JsonElement[] events = Lines();
        Assert.Equal(["started", "exited"], events.Select(NameOf));
        Assert.Equal(7, events[1].GetProperty("exit-status").GetInt32());
        JsonElement started = events[0];
        Assert.Equal((1, "t"), (started.GetProperty("version").GetInt32(), started.GetProperty("profile").GetString()));
        Assert.Matches("^[0-9a-f]{32}$", started.GetProperty("session").GetString());
        Assert.True(started.GetProperty("child-pid").GetInt32() > 1);
        Assert.Equal(8, started.GetProperty("namespaces").EnumerateObject().Count());
        string[] own = ["mnt", "uts"];
        Assert.Equal(result.OutputText, string.Concat(own.Select(kind => $"{kind}:[{started.GetProperty("namespaces").GetProperty(kind).GetUInt64()}]\n")));
    }

    [Fact]
    public void A_step_that_fails_is_told_with_its_place()
    {
        Install("t", "[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"");
        Assert.Equal(125, Told("t", "true").ExitStatus);
        JsonElement[] events = Lines();
        Assert.Equal(["error", "exited"], events.Select(NameOf));
        Assert.Equal(
            ("sources", 125, 2, "/mnt/nowhere", "/etc/nshelper/profiles/t.toml"),
            (events[0].GetProperty("stage").GetString(), events[0].GetProperty("code").GetInt32(), events[0].GetProperty("errno").GetInt32(),
                events[0].GetProperty("path").GetString(), events[0].GetProperty("file").GetString()));
        Assert.True(events[0].GetProperty("line").GetInt32() > 1);
        Assert.Equal(125, events[1].GetProperty("exit-status").GetInt32());
    }

    /// <summary>127 may be the command's own: only the error tells.</summary>
    [Theory]
    [InlineData("/bin/no-such-command", 127, true)]
    [InlineData("/etc/passwd", 126, true)]
    [InlineData("/bin/sh -c 'exit 127'", 127, false)]
    public void A_command_that_cannot_be_executed_is_told_from_one_that_ends_so(string command, int status, bool isError)
    {
        Install("t", "");
        Assert.Equal(status, Shell($"exec 9>{Events}; {TestHost.Helper} run --json-status-fd 9 t -- {command}").ExitStatus);
        Assert.Equal(isError ? ["started", "error", "exited"] : ["started", "exited"], Lines().Select(NameOf));
    }

    [Fact]
    public void A_refusal_says_no_more_than_the_message()
    {
        Assert.Equal(125, Told("nobodys", "true").ExitStatus);
        JsonElement error = Assert.Single(Lines());
        Assert.Equal(("error", "authorisation", 125), (NameOf(error), error.GetProperty("stage").GetString(), error.GetProperty("code").GetInt32()));
        Assert.False(error.TryGetProperty("file", out _));
    }

    /// <summary>fd-user-inherit: it is the monitor's. Neither the init nor the command has it, and what lies beside it is closed as ever.</summary>
    [Fact]
    public void The_session_does_not_have_the_descriptor()
    {
        Install("t", "");
        SessionResult result = Shell($"exec 8</etc/passwd 9>{Events} 10</etc/group; exec {TestHost.Helper} run --json-status-fd=9 t -- /bin/sh -c 'echo /proc/$$/fd/*'");
        Assert.DoesNotMatch("fd/([89]|1[0-9]\\b)", result.OutputText);

        RunningSession session = Start(SessionCommand.Direct("/bin/sh", "-c", $"exec 9>{Events}; exec {TestHost.Helper} run --json-status-fd 9 t -- /bin/sleep 60"));
        Wait.Until(() => session.WaitForCommand().Pid != session.Init && session.Init != session.Helper, () => "no command");
        Assert.Equal([true, false, false], new[] { session.Helper, session.Init, session.Pid }.Select(HasEvents));
    }

    [Theory]
    [InlineData("", "descriptor 9 cannot be written to")]
    [InlineData("exec 9</etc/passwd;", "descriptor 9 cannot be written to")]
    [InlineData("exec 9</;", "descriptor 9 cannot be written to")]
    public void A_descriptor_that_cannot_be_written_to_is_refused(string prepare, string message)
    {
        Install("t", "");
        SessionResult result = Shell($"{prepare} exec {TestHost.Helper} run --json-status-fd 9 t -- /bin/true");
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains(message, result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_is_gone_changes_nothing()
    {
        Install("t", "");
        SessionResult ended = Shell($"{{ sleep 0.2; {TestHost.Helper} run --json-status-fd 9 t -- /bin/sh -c 'exit 7'; echo $? >{Events}; }} 9>&1 | true; sleep 0.1; cat {Events}");
        Assert.Equal("7\n", ended.OutputText);
        SessionResult refused = Shell($"{{ sleep 0.2; {TestHost.Helper} run --json-status-fd 9 nobodys; echo $? >{Events}; }} 9>&1 | true; sleep 0.1; cat {Events}");
        Assert.Equal("125\n", refused.OutputText);
    }

    private bool HasEvents(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Any(path => new FileInfo(path).LinkTarget == Events);

    private SessionResult Told(string profile, string script) =>
        Shell($"exec 9>{Events}; exec {TestHost.Helper} run --json-status-fd 9 {profile} -- /bin/sh -c '{script}'");

    private static SessionResult Shell(string script) => SessionCommand.Direct("/bin/sh", "-c", script).Execute();

    private JsonElement[] Lines() => [.. File.ReadAllLines(Events).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? NameOf(JsonElement line) => line.GetProperty("event").GetString();
}
