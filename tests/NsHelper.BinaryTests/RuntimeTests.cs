using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>
/// The runtime obeys nobody's environment, not even root's: each attack is shown to bite on the control binary first.
/// </summary>
public sealed class RuntimeTests
{
    /// <summary>The collector's own variables stop a runtime before Main; setuid or not, ours never sees them.</summary>
    [Theory]
    [InlineData("DOTNET_GCHeapHardLimit=1000")]
    [InlineData("DOTNET_GCRegionRange=100000")]
    public void A_variable_of_the_runtime_has_no_effect(string variable)
    {
        Assert.Equal(255, CommandResult.Of("env", variable, Repository.Control, "--version").Status);

        Assert.Equal(Plain, CommandResult.Of("env", variable, Repository.Binary, "--version"));
    }

    /// <summary>With event pipes linked in these make a file of the caller's choice, as root.</summary>
    [Fact]
    public void The_event_pipe_variables_make_no_file()
    {
        string directory = Directory.CreateTempSubdirectory("nshelper-").FullName;
        try
        {
            CommandResult result = CommandResult.In(
                directory,
                "env", "DOTNET_EnableEventPipe=1", $"DOTNET_EventPipeOutputPath={directory}/trace", "DOTNET_EnableDiagnostics=1", $"TMPDIR={directory}",
                Repository.Binary, "--version");

            Assert.Equal(Plain, result);
            Assert.Empty(Directory.GetFileSystemEntries(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// A small RLIMIT_AS is the caller's to set. The collector once wrote outside what it had committed then; it must
    /// start or end cleanly (255 from the runtime, 125 from us), never by a signal.
    /// </summary>
    [Fact]
    public void Under_every_small_address_space_it_starts_or_refuses_but_never_crashes()
    {
        const int kilobytes = 1024;
        var statuses = new SortedDictionary<int, int>();
        for (int megabytes = 30; megabytes <= 110; megabytes += 2)
        {
            string limit = (megabytes * kilobytes).ToString(CultureInfo.InvariantCulture);
            statuses[megabytes] = CommandResult.Of("sh", "-c", "ulimit -v \"$1\" && exec \"$2\" --version", "sh", limit, Repository.Binary).Status;
        }

        Assert.All(statuses, pair => Assert.Contains(pair.Value, new[] { 0, 125, 127, 255 }));
        Assert.Equal(0, statuses[110]);
        Assert.Contains(255, statuses.Values);
    }

    /// <summary>DT_INIT of the file: before the runtime reserves its heap, and once for each segment.</summary>
    [Fact]
    public void The_pages_of_the_program_are_asked_for_before_the_runtime_starts()
    {
        IReadOnlyList<string> calls = MemoryAdvice();

        Assert.Equal(["READ", "READ", "READ", "WRITE"], calls.Take(4).Select(call => Regex.Match(call, "MADV_POPULATE_([A-Z]+)\\) = 0$").Groups[1].Value));
        Assert.DoesNotContain(calls.Skip(4), call => call.Contains("POPULATE", StringComparison.Ordinal));
    }

    /// <summary>Linux before 5.14 does not know the request; a filter may refuse it.</summary>
    [Theory]
    [InlineData("EINVAL")]
    [InlineData("EPERM")]
    [InlineData("ENOMEM")]
    public void Where_the_kernel_gives_no_pages_at_once_it_starts_all_the_same(string error)
    {
        IReadOnlyList<string> calls = MemoryAdvice("-e", $"inject=madvise:error={error}:when=1..4");

        Assert.Equal(4, calls.Count(call => call.Contains("POPULATE", StringComparison.Ordinal) && call.EndsWith("(INJECTED)", StringComparison.Ordinal)));
    }

    /// <summary>The calls of madvise(2) of a start that succeeds.</summary>
    private static IReadOnlyList<string> MemoryAdvice(params string[] injection)
    {
        CommandResult result = CommandResult.Of("strace", ["-e", "trace=madvise", .. injection, Repository.Binary, "--version"]);
        Assert.Equal(0, result.Status);
        return [.. result.Output.Split('\n').Where(line => line.StartsWith("madvise(", StringComparison.Ordinal))];
    }

    private static CommandResult Plain => CommandResult.Of(Repository.Binary, "--version");
}
