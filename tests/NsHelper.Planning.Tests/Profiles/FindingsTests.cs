using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: a parent of ten profiles has its mistake once, and what is said last must be true.</summary>
public sealed class FindingsTests
{
    [Fact]
    public void The_same_finding_is_kept_once()
    {
        var findings = new Findings();
        findings.Add([Found("base", 3, "m")]);
        findings.Add([Found("base", 3, "m"), Found("base", 3, "other"), Found("child", 3, "m")]);
        Assert.Equal(3, findings.InOrder().Length);
        Assert.Equal(3, findings.Errors);
    }

    [Fact]
    public void Files_come_as_they_were_met_and_each_by_place()
    {
        var findings = new Findings();
        findings.Add([Found("b", 9, "m"), Found("a", 2, "m")]);
        findings.Add([Found("b", 1, "m"), Found("b", 9, "n")]);
        findings.Add(LintRule.NotReadable, Severity.Error, "a", "whole");
        Assert.Equal(["b1m", "b9m", "b9n", "a0whole", "a2m"], findings.InOrder().Select(found => $"{found.Location.File}{found.Location.Line}{found.Message}"));
    }

    [Theory]
    [InlineData(1, 0, "1 error")]
    [InlineData(2, 1, "2 errors, 1 warning")]
    [InlineData(0, 2, "2 warnings")]
    public void It_counts(int errors, int warnings, string summary)
    {
        var findings = new Findings();
        Assert.True(findings.IsEmpty);
        for (int i = 0; i < errors + warnings; i++)
        {
            findings.Add([Found("f", i, "m") with { Severity = i < errors ? Severity.Error : Severity.Warning }]);
        }

        Assert.Equal((summary, false), (findings.Summary, findings.IsEmpty));
    }

    private static Diagnostic Found(string file, int line, string message) =>
        new() { Location = new SourceLocation(file, line, 1), Message = message, SourceLine = "", Length = 1 };
}
