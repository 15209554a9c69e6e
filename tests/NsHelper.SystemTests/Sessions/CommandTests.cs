using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a profile that lists commands grants those and no others, and what the user typed reaches the command unchanged.</summary>
public sealed class CommandTests : SystemTest
{
    private const string Listed = "schema = 1\n[allow]\nusers = [\"alice\"]\n[[command]]\npath = \"/mnt/probe/probe\"\ndefault = true\n[[command]]\npath = \"/bin/echo\"\n";

    [Fact]
    public void Without_a_command_the_default_runs()
    {
        Install(new ProfileFile("t", Listed));
        Assert.Equal([12001u, 12001u, 12001u, 12001u], SessionCommand.Helper("run", "t").Execute().Probe.UserIds);
    }

    [Fact]
    public void Without_a_command_and_a_default_the_start_is_refused()
    {
        Install("t");
        SessionResult result = SessionCommand.Helper("run", "t").Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains("default", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_command_runs_and_another_is_refused_in_every_spelling()
    {
        Install(new ProfileFile("t", Listed));
        File.CreateSymbolicLink(Temporary("/mnt/srv/echo"), "/bin/echo");
        Assert.Equal("a b\n", SessionCommand.Run("t", "/bin/echo", "a b").Execute().OutputText);
        foreach (string other in new[] { "/bin/cat", "/bin/sh", "/mnt/probe/../probe/launch", "/mnt/srv/echo", "/bin/../bin/echo", "/bin//echo", "/bin/./echo", "./echo", "bin/echo", "/bin/echo/" })
        {
            SessionResult result = SessionCommand.Run("t", other, "/etc/passwd").Execute();
            Assert.True(result.ExitStatus == 125 && result.Output.Length == 0, $"{other}: {result}");
        }
    }

    [Fact]
    public void Every_byte_of_the_arguments_arrives()
    {
        Install("t");
        byte[] all = [.. Enumerable.Range(1, 255).Select(n => (byte)n)];
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe, "state").WithArgumentBytes(all).WithArgumentBytes([]).WithArgumentBytes([0xff, 0xfe]).With("--arg", Hex("--join")).Execute().Probe;
        Assert.Equal(["2f6d6e742f70726f62652f70726f6265", Hex("state"), Convert.ToHexStringLower(all), "", "fffe", Hex("--join")], probe.Arguments.Select(Convert.ToHexStringLower));
    }

    [Fact]
    public void Standard_streams_are_the_callers()
    {
        Install("t");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "cat; echo err >&2").WithInput("through").Execute();
        Assert.Equal(("through", "err\n"), (result.OutputText, result.ErrorText));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
