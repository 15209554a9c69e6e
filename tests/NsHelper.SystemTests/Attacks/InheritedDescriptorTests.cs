using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section H. Descriptors that survive into the session lead back out of it (CVE-2024-21626, CVE-2023-34059), a directory on
/// standard input or as working directory shows what the profile hides, and a searched command may be the attacker's (CVE-2019-25016).
/// </summary>
public sealed class InheritedDescriptorTests : SystemTest
{
    private const string Hidden = "/mnt/srv/hidden";

    public InheritedDescriptorTests()
    {
        Directory.CreateDirectory(Temporary(Hidden));
        File.WriteAllText($"{Hidden}/f", "hidden content");
        Install("hide", $"[[mount]]\ntarget = \"{Hidden}\"\ntype = \"tmpfs\"");
    }

    /// <summary>fd-user-inherit: two hundred of the caller's, and a handle on the root directory.</summary>
    [Fact]
    public void What_the_caller_left_open_is_gone()
    {
        SessionCommand command = SessionCommand.Run("hide", TestHost.Probe).With("--crowd", "200", "--open", "77:d:/", "--open", "78:p:/mnt/srv");
        Assert.Equal([0, 1, 2], command.Execute().Probe.Descriptors.Select(descriptor => descriptor.Number));

        // Closed at the start, not only before execve: no number of the caller's is there to be taken for one of ours.
        List<SystemCall> calls = [.. Trace.Of(command).HelperCalls];
        int closed = calls.FindIndex(call => call.Name == "close_range");
        Assert.InRange(closed, 0, calls.FindIndex(call => call.Name == "setresuid"));
    }

    /// <summary>fd-priv-leak: at execve nothing of the helper's is open any more.</summary>
    [Fact]
    public void At_execve_only_the_standard_descriptors_are_open()
    {
        string[] open = [];
        _ = HeldHelper.At(SessionCommand.Run("hide", "/bin/true"), ("execve", 1), pid => open = [.. Directory.GetFiles($"/proc/{pid}/fd").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]);
        Assert.Equal(["0", "1", "2"], open);
    }

    /// <summary>fd-stdio-dir: a directory or an O_PATH handle as standard input, output or error is replaced.</summary>
    [Theory]
    [InlineData("0:d")]
    [InlineData("1:d")]
    [InlineData("2:d")]
    [InlineData("0:p")]
    [InlineData("1:p")]
    [InlineData("2:p")]
    public void A_directory_as_standard_stream_shows_nothing(string how)
    {
        // The shell's own stream is read, and what was there is written to another stream.
        string number = how.Split(':')[0];
        string[] words = ["/bin/sh", "-c", $"content=$(cat /proc/$$/fd/{number}/f) || exit; printf %s \"$content\" >&{(number == "2" ? 1 : 2)}"];
        string[] open = ["--open", $"{how}:{Hidden}"];
        SessionResult plain = SessionCommand.Direct(words[0], words[1..]).With(open).Execute();
        Assert.Equal("hidden content", plain.OutputText + plain.ErrorText);
        SessionResult shown = SessionCommand.Run("hide", words).With(open).Execute();
        Assert.False(shown.TimedOut);
        Assert.DoesNotContain("hidden content", shown.OutputText + shown.ErrorText, StringComparison.Ordinal);
        Assert.NotEqual(0, shown.ExitStatus);
    }

    /// <summary>fd-cwd-leak: a working directory below the hidden one is looked up again in the session, where it is not.</summary>
    [Fact]
    public void A_hidden_working_directory_is_left()
    {
        Directory.CreateDirectory($"{Hidden}/deep");
        File.WriteAllText($"{Hidden}/deep/f", "hidden content");
        SessionResult plain = SessionCommand.Direct("/bin/cat", "f").In($"{Hidden}/deep").Execute();
        Assert.Equal("hidden content", plain.OutputText);
        SessionResult inside = SessionCommand.Run("hide", "/bin/cat", "f").In($"{Hidden}/deep").Execute();
        Assert.DoesNotContain("hidden content", inside.OutputText, StringComparison.Ordinal);
        Assert.Equal("/", SessionCommand.Run("hide", TestHost.Probe).In($"{Hidden}/deep").Execute().Probe.Text("cwd"));
        Assert.Equal(Hidden, SessionCommand.Run("hide", TestHost.Probe).In(Hidden).Execute().Probe.Text("cwd"));
        Assert.NotEqual(0, SessionCommand.Run("hide", "/bin/cat", "f").In(Hidden).Execute().ExitStatus);
    }

    /// <summary>exec-path-search: the profile's PATH, never the caller's; what has no interpreter line is not given to a shell.</summary>
    [Fact]
    public void A_command_is_searched_for_in_the_profiles_path_alone()
    {
        string evil = TestUser.Alice.Write("id", "#!/bin/sh\necho evil\n", Modes.Executable);
        SessionResult result = SessionCommand.Run("hide", "id").WithEnvironment($"PATH=.:{TestUser.Alice.Home}").In(TestUser.Alice.Home).Execute();
        Assert.Equal(0, result.ExitStatus);
        Assert.DoesNotContain("evil", result.OutputText, StringComparison.Ordinal);
        string text = TestUser.Alice.Write("text", "echo ran\n", Modes.Executable);
        SessionResult noInterpreter = SessionCommand.Run("hide", text).Execute();
        Assert.Equal(126, noInterpreter.ExitStatus);
        Assert.Empty(noInterpreter.Output);
        Assert.Contains("evil", SessionCommand.Run("hide", evil).Execute().OutputText, StringComparison.Ordinal);
    }

    /// <summary>exec-child-state: the command gets the caller's state back, whatever that was, and nothing of the helper's.</summary>
    [Theory]
    [InlineData("--umask", "000")]
    [InlineData("--umask", "077")]
    [InlineData("--ignore", "13")]
    [InlineData("--ignore", "17")]
    [InlineData("--ignore", "11")]
    [InlineData("--block", "10")]
    [InlineData("--block", "15")]
    [InlineData("--nice", "7")]
    [InlineData("--cpu", "0")]
    [InlineData("--limit", "4:1000:2000")]
    [InlineData("--limit", "7:64:128")]
    [InlineData("--limit", "1:100000:200000")]
    [InlineData("--limit", "0:100:200")]
    [InlineData("--oom", "100")]
    public void The_command_finds_the_callers_state(string option, string value)
    {
        ProbeReport direct = SessionCommand.Direct(TestHost.Probe).With(option, value).Execute().Probe;
        ProbeReport inside = SessionCommand.Run("hide", TestHost.Probe).With(option, value).Execute().Probe;
        Assert.Equal(direct.Number("umask"), inside.Number("umask"));
        Assert.Equal(direct.Text("SigBlk"), inside.Text("SigBlk"));
        Assert.Equal(direct.Text("SigIgn"), inside.Text("SigIgn"));
        Assert.Equal(direct.Number("nice"), inside.Number("nice"));
        Assert.Equal(direct.Number("oomScoreAdjust"), inside.Number("oomScoreAdjust"));
        Assert.Equal(direct.Numbers("affinity"), inside.Numbers("affinity"));
        Assert.Equal(direct.Number("dumpable"), inside.Number("dumpable"));
        Assert.Equal(direct.Limits, inside.Limits);
        Assert.Equal(direct.Timers, inside.Timers);
    }
}
