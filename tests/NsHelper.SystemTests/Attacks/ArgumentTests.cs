using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section B. Options behind `--` (CVE-2020-17367), words joined to a shell line (CVE-2020-17368), numbers that wrap (CVE-2019-14287), names that
/// are paths (CVE-2023-42456) and bytes that are "repaired" on the way (sudo-rs #1413), against the setuid binary as an ordinary user.
/// </summary>
public sealed class ArgumentTests : SystemTest
{
    public ArgumentTests() => Install("t");

    /// <summary>arg-endopts, arg-no-children: everything behind the command is the command's, and no shell sees it.</summary>
    [Fact]
    public void What_looks_like_an_option_or_a_shell_word_reaches_the_command_as_it_is()
    {
        string[] words = ["--join", "1", "-o", "--", "--env", "A=B", "$(touch /mnt/srv/x)", ";id", "a\nb", "@/etc/shadow", "-", ""];
        SessionCommand command = SessionCommand.Run("t", [TestHost.Probe, "state", .. words]);
        ProbeReport probe = command.Execute().Probe;
        Assert.Equal(words, probe.Arguments.Skip(2).Select(System.Text.Encoding.UTF8.GetString));
        Trace trace = Trace.Of(command);
        Assert.Equal(2, trace.Calls.Count(call => call.Name is "execve" or "execveat"));
        Assert.Equal(2, trace.Calls.Count(call => call.Name is "fork" or "vfork" or "clone" or "clone3")); // the init and the command
        Assert.False(File.Exists("/mnt/srv/x"));
    }

    /// <summary>arg-nonutf8: each byte but NUL, in arguments and in a variable that the profile lets the user set.</summary>
    [Fact]
    public void Every_byte_passes_unchanged()
    {
        Install("bytes", "[environment]\nuser_vars = [\"V\"]");
        SessionCommand command = SessionCommand.Helper("run", "--env");
        byte[] all = [.. Enumerable.Range(1, 255).Select(value => (byte)value)];
        command = command.WithArgumentBytes([.. "V="u8, .. all]).WithArgumentBytes("bytes"u8).WithArgumentBytes("--"u8).WithArgumentBytes(System.Text.Encoding.ASCII.GetBytes(TestHost.Probe)).WithArgumentBytes("state"u8).WithArgumentBytes(all);
        ProbeReport probe = command.Execute().Probe;
        Assert.Equal(all, probe.Arguments[^1]);
        Assert.Contains(probe.Environment, entry => entry.AsSpan().SequenceEqual([.. "V="u8, .. all]));
    }

    /// <summary>arg-name-traversal, arg-nonutf8: refused before any file is looked at, and not echoed raw.</summary>
    [Theory]
    [InlineData("../../mnt/home/alice/p")]
    [InlineData("a/b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("-t")]
    [InlineData("_t")]
    [InlineData("t\n")]
    [InlineData("t\u001b[31m")]
    [InlineData("tä")]
    [InlineData("t.toml")]
    [InlineData("%u")]
    public void A_name_that_is_no_profile_name_opens_nothing(string name)
    {
        Trace trace = Trace.Of(SessionCommand.Run(name, "/bin/true"));
        Assert.Equal(125, trace.Result.ExitStatus);
        Assert.DoesNotContain(trace.HelperCalls.SelectMany(call => call.Paths), path => path.StartsWith("/etc/nshelper", StringComparison.Ordinal) || path.Contains("passwd", StringComparison.Ordinal));
        Assert.All(trace.Result.Error, value => Assert.True(value is (>= 0x20 and < 0x7f) or (byte)'\n', $"byte {value:x2} on standard error"));
    }

    /// <summary>arg-numbers: one spelling of a number, or none.</summary>
    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("0x1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("4294967297")]
    [InlineData("18446744073709551617")]
    [InlineData("١")]
    public void A_process_id_has_one_spelling(string number)
    {
        // A word that a session could be called by is looked for among these, and never read as a number.
        bool isWord = char.IsAsciiLetterOrDigit(number[0]) && number.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character));
        foreach (string verb in new[] { "ns", "mounts", "diff" })
        {
            SessionResult result = SessionCommand.Helper(verb, number).Execute();
            Assert.Equal(isWord && verb != "diff" ? 1 : 2, result.ExitStatus);
            Assert.Empty(result.Output);
            Assert.Equal(isWord, result.ErrorText.EndsWith(": you have no such session\n", StringComparison.Ordinal));
        }
    }
}
