using System.Collections.Immutable;
using System.Globalization;

namespace NsHelper.Planning.Profiles;

/// <summary>What `check` found in many files: each finding once, however many profiles the file is a part of; by file as first met, then by place.</summary>
internal sealed class Findings
{
    private readonly List<Diagnostic> found = [];
    private readonly List<string> files = [];
    private readonly HashSet<(SourceLocation Location, string Message)> known = [];

    public int Errors { get; private set; }

    public int Warnings { get; private set; }

    public bool IsEmpty => found.Count == 0;

    /// <summary>"2 errors, 1 warning"; what there is none of is left out.</summary>
    public string Summary => Errors > 0 && Warnings > 0 ? $"{Counted(Errors, "error")}, {Counted(Warnings, "warning")}"
        : Errors > 0 ? Counted(Errors, "error") : Counted(Warnings, "warning");

    public void Add(ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            Add(diagnostic);
        }
    }

    /// <summary>A finding about a file or directory as a whole.</summary>
    public void Add(LintRule rule, Severity severity, string path, string message) => Add(new Diagnostic
    {
        Location = new SourceLocation(path, 0, 0),
        Severity = severity,
        Rule = rule.Id,
        Message = message,
        SourceLine = "",
        Length = 1,
    });

    public ImmutableArray<Diagnostic> InOrder()
    {
        List<(Diagnostic Diagnostic, int Index)> indexed = [];
        foreach (Diagnostic diagnostic in found)
        {
            indexed.Add((diagnostic, indexed.Count));
        }

        indexed.Sort((left, right) => Compare(left.Diagnostic.Location, right.Diagnostic.Location) is not 0 and int order ? order : left.Index - right.Index);
        return [.. indexed.ConvertAll(entry => entry.Diagnostic)];
    }

    private void Add(Diagnostic diagnostic)
    {
        if (!known.Add((diagnostic.Location, diagnostic.Message)))
        {
            return;
        }

        found.Add(diagnostic);
        if (!files.Contains(diagnostic.Location.File))
        {
            files.Add(diagnostic.Location.File);
        }

        if (diagnostic.Severity == Severity.Error)
        {
            Errors++;
        }
        else
        {
            Warnings++;
        }
    }

    private int Compare(SourceLocation left, SourceLocation right) =>
        left.File != right.File ? files.IndexOf(left.File) - files.IndexOf(right.File)
        : left.Line != right.Line ? left.Line - right.Line : left.Column - right.Column;

    private static string Counted(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
