using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Profiles;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Gathers the faults of one file, so that all of them are shown in one run.</summary>
internal sealed class DiagnosticList
{
    /// <summary>A file of nothing but faults must not make an answer of megabytes.</summary>
    public const int Maximum = 100;

    /// <summary>How messages about the syntax begin.</summary>
    public const string NoToml = "not TOML: ";

    private readonly List<(string File, string Text)> files = [];
    private readonly List<Diagnostic> found = [];
    private readonly List<Diagnostic> warnings = [];

    public bool HasAny => found.Count > 0;

    /// <summary>What does not make the file wrong.</summary>
    public ImmutableArray<Diagnostic> Warnings => InOrder(warnings);

    /// <summary>Whether further faults would not be shown, so that none need be looked for.</summary>
    public bool IsFull => found.Count > Maximum;

    /// <summary>Faults of one file more can be shown with their lines.</summary>
    public void AddFile(string file, string text) => files.Add((file, text));

    public static SourceLocation LocationOf(SourceSpan span) => new(span.FileName ?? "", span.Start.Line + 1, span.Start.Column + 1);

    public static SourceSpan StartOf(string file) => new(file, new TextPosition(0, 0, 0), new TextPosition(0, 0, 0));

    public void Add(SourceSpan span, string message, string? hint)
    {
        if (!IsFull)
        {
            Add(Of(span, message, hint));
        }
    }

    public void Warn(SourceSpan span, string message, string? hint)
    {
        if (warnings.Count < Maximum)
        {
            warnings.Add(Of(span, message, hint) with { Severity = Severity.Warning });
        }
    }

    /// <summary>A finding of a rule, which says whether it makes the file wrong.</summary>
    public void Report(LintRule rule, SourceSpan span, string message, string? hint)
    {
        Diagnostic diagnostic = Of(span, message, hint) with { Rule = rule.Id, Severity = rule.Severity };
        if (rule.Severity == Severity.Error)
        {
            Add(diagnostic);
        }
        else if (warnings.Count < Maximum)
        {
            warnings.Add(diagnostic);
        }
    }

    /// <summary>Gives the warnings so far to a rule, and adds to each what follows from it.</summary>
    public void NameWarnings(LintRule rule, string consequence)
    {
        for (int i = 0; i < warnings.Count; i++)
        {
            warnings[i] = warnings[i] with { Rule = rule.Id, Message = warnings[i].Message + consequence };
        }
    }

    /// <summary>Makes warnings of the findings of a rule.</summary>
    public void Soften(LintRule rule)
    {
        foreach (Diagnostic diagnostic in found.FindAll(diagnostic => diagnostic.Rule == rule.Id))
        {
            found.Remove(diagnostic);
            warnings.Add(diagnostic with { Severity = Severity.Warning });
        }
    }

    private Diagnostic Of(SourceSpan span, string message, string? hint)
    {
        string text = TextOf(span.FileName);
        int offset = Math.Clamp(span.Start.Offset, 0, text.Length);
        string line = LineAt(text, offset, out int lineStart);
        int begin = Math.Min(offset - lineStart, line.Length);
        int end = Math.Clamp(span.End.Offset + 1 - lineStart, begin, line.Length);
        return new Diagnostic
        {
            // The end of the file is where the parser says, but never beyond the end of the line.
            Location = LocationOf(span) with { Column = Math.Min(span.Start.Column, Characters(line)) + 1 },
            Message = message,
            SourceLine = line,
            Length = Math.Max(1, Characters(line.AsSpan(begin, end - begin))),
            Hint = hint,
        };
    }

    public void Add(Diagnostic diagnostic)
    {
        if (found.Count == Maximum)
        {
            found.Add(diagnostic with { Message = "too many mistakes; the rest is not shown", Hint = null });
        }
        else if (found.Count < Maximum)
        {
            found.Add(diagnostic);
        }
    }

    /// <summary>Whether a fault is already known on this line: what the parser could not read needs no second complaint.</summary>
    public bool HasLine(SourceSpan span) =>
        found.Exists(diagnostic => diagnostic.Location.Line == span.Start.Line + 1 && diagnostic.Location.File == span.FileName);

    /// <summary>Whether the line is no TOML: what the parser made of it says nothing.</summary>
    public bool IsUnreadable(SourceSpan span) => found.Exists(diagnostic =>
        diagnostic.Location.Line == span.Start.Line + 1 && diagnostic.Location.File == span.FileName && diagnostic.Message.StartsWith(NoToml, StringComparison.Ordinal));

    /// <summary>Whether a line that is no TOML has this word.</summary>
    public bool HasUnreadable(string word) => found.Exists(diagnostic =>
        diagnostic.Message.StartsWith(NoToml, StringComparison.Ordinal) && diagnostic.SourceLine.Contains(word, StringComparison.Ordinal));

    /// <summary>By file and place; of one place, what was found first comes first. Two hundred at most, sorted by insertion.</summary>
    public ImmutableArray<Diagnostic> InOrder() => InOrder(found);

    /// <summary>Faults and warnings together, in the same order.</summary>
    public ImmutableArray<Diagnostic> AllInOrder() => InOrder([.. found, .. warnings]);

    private ImmutableArray<Diagnostic> InOrder(List<Diagnostic> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        var ordered = ImmutableArray.CreateBuilder<Diagnostic>(list.Count);
        foreach (Diagnostic diagnostic in list)
        {
            int index = ordered.Count;
            while (index > 0 && IsBefore(diagnostic.Location, ordered[index - 1].Location))
            {
                index--;
            }

            ordered.Insert(index, diagnostic);
        }

        return ordered.MoveToImmutable();
    }

    private bool IsBefore(SourceLocation left, SourceLocation right) =>
        left.File != right.File ? IndexOf(left.File) < IndexOf(right.File)
        : left.Line != right.Line ? left.Line < right.Line : left.Column < right.Column;

    /// <summary>Unicode scalar values, as the columns count them.</summary>
    public static int Characters(ReadOnlySpan<char> span)
    {
        if (Ascii.IsValid(span))
        {
            return span.Length;
        }

        int count = 0;
        foreach (Rune _ in span.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    private int IndexOf(string file) => files.FindIndex(entry => entry.File == file);

    private string TextOf(string? file) => IndexOf(file ?? "") is >= 0 and int index ? files[index].Text : "";

    private static string LineAt(string text, int offset, out int lineStart)
    {
        lineStart = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        int lineEnd = text.IndexOf('\n', lineStart);
        return text[lineStart..(lineEnd < 0 ? text.Length : lineEnd)].TrimEnd('\r');
    }
}
