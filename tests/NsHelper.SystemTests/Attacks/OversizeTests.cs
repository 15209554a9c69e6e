using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: exec-oversize (the screen review 3.f, CVE-2026-4897). Arguments and environments as large as the kernel lets through must be passed on exactly or refused, soon and in little memory.</summary>
public sealed class OversizeTests : SystemTest
{
    public OversizeTests() => Install("t");

    [Theory]
    [InlineData("--arg-fill", "3000:10", "")]
    [InlineData("--arg-fill", "100000:1", "more than 65536 arguments")]
    [InlineData("--arg-fill", "15:131000", "")]
    [InlineData("--arg-fill", "17:131000", "longer than 2097152 bytes")]
    [InlineData("--arg-fill", "1:131000", "")]
    [InlineData("--env-fill", "100000:1", "")]
    [InlineData("--env-fill", "201000:1", "too many arguments or variables")]
    [InlineData("--env-fill", "15:131000", "")]
    [InlineData("--env-fill", "1:131000", "")]
    public void It_is_passed_on_exactly_or_refused(string option, string shape, string refusal)
    {
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo $# $(printf %s \"$@\" | wc -c)", "sh")
            .Limit(3, -1, -1).With(option, shape).Execute();
        Assert.Equal(refusal.Length == 0 ? 0 : 125, result.ExitStatus);
        Assert.Contains(refusal, result.ErrorText, StringComparison.Ordinal);
        Assert.InRange(result.PeakKilobytes, 0, 128 * 1024);
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 2);
        Assert.True(result.Error.Length < 1000, result.ToString());
        if (result.ExitStatus == 0)
        {
            int[] numbers = [.. shape.Split(':').Select(int.Parse)];
            Assert.Equal(option == "--arg-fill" ? $"{numbers[0]} {numbers[0] * numbers[1]}\n" : "0 0\n", result.OutputText);
        }
    }

    [Fact]
    public void Entries_that_are_no_variables_are_dropped_and_never_repaired()
    {
        Install("keep", "[environment]\npolicy = \"keep\"");
        SessionCommand command = SessionCommand.Run("keep", TestHost.Probe);
        foreach (string entry in new[] { "", "=", "=x", "noequals", "1BAD=x", "SP ACE=x", "A-B=x", "GOOD=1", "GOOD=2", "\u00e9=x" })
        {
            command = command.WithEnvironmentBytes(Encoding.UTF8.GetBytes(entry));
        }

        IReadOnlyList<string> environment = command.Execute().Probe.EnvironmentText;
        Assert.Equal(["GOOD=1"], environment.Where(entry => entry.StartsWith("GOOD", StringComparison.Ordinal)));
        Assert.DoesNotContain(environment, entry => entry.StartsWith('=') || !entry.Contains('=', StringComparison.Ordinal) || entry.Contains(' ', StringComparison.Ordinal) || entry[0] > 0x7f);
    }
}
