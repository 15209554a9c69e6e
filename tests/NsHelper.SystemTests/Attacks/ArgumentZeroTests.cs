using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-argc0 (CVE-2021-4034: without arguments the environment is read as arguments) and exec-argv0 (CVE-2021-3156,
/// CVE-2023-6246, the createdump finding: argv[0] chooses a mode, a path or the name in the log).
/// </summary>
public sealed class ArgumentZeroTests : SystemTest
{
    public ArgumentZeroTests() => Install("t");

    [Theory]
    [InlineData("--argv-null")]
    [InlineData("--argv-empty")]
    public void Without_arguments_the_environment_is_not_taken_for_them(string shape)
    {
        // An argv that is read past its end goes on with the environment, which here is a complete command line.
        SessionCommand command = SessionCommand.Helper().With(shape);
        foreach (string word in new[] { "run", "t", "--", "/bin/echo", "owned" })
        {
            command = command.WithEnvironmentBytes(Encoding.ASCII.GetBytes(word));
        }

        Nothing_happened(Trace.Of(command));
    }

    [Fact]
    public void An_empty_argument_zero_alone_is_a_usage_error() => Nothing_happened(Trace.Of(new SessionCommand { Arguments = [""] }));

    [Theory]
    [InlineData("sudoedit")]
    [InlineData("-x")]
    [InlineData("-nshelper")]
    [InlineData("/mnt/home/alice/evil")]
    [InlineData("../../evil/nshelper")]
    [InlineData("evil\n<85>nshelper[1]: permit")]
    [InlineData("%n%s%n%s%n%s")]
    [InlineData("100000")]
    public void It_changes_no_path_and_reaches_no_call(string name)
    {
        string evil = name == "100000" ? new string('A', 100_000) : name;
        Trace normal = Trace.Of(SessionCommand.Run("t", TestHost.Probe));
        Trace trace = Trace.Of(SessionCommand.Run("t", TestHost.Probe).Named(evil));
        Confinement.MustBeWhole(trace.Result.Probe, TestUser.Alice);
        Assert.Equal(Paths(normal), Paths(trace));
        string needle = evil[..Math.Min(evil.Length, 40)].Split('\n')[0];
        Assert.DoesNotContain(trace.HelperCalls.Skip(1), call => needle.Length > 4 && call.Line.Contains(needle, StringComparison.Ordinal));
    }

    private static void Nothing_happened(Trace trace)
    {
        Assert.True(trace.Result.ExitStatus is 2 or 125, trace.ToString());
        Assert.Empty(trace.Result.Output);
        Assert.False(trace.CommandStarted);
        Assert.DoesNotContain(trace.HelperCalls, call => call.Name is "unshare" or "openat2" || call.Paths.Any(path => path.StartsWith("/etc/nshelper", StringComparison.Ordinal)));
    }

    /// <summary>But for the record of the session, which has its time and its namespaces.</summary>
    private static IEnumerable<string> Paths(Trace trace) => trace.HelperCalls.Where(call => call.Name is not ("symlinkat" or "readlinkat")).SelectMany(call => call.Paths);
}
