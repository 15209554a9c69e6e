using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Profiles;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Gathers the faults of one file, so that all of them are shown in one run.</summary>
internal sealed class DiagnosticList(string file, string text)
{
    /// <summary>A file of nothing but faults must not make an answer of megabytes.</summary>
    public const int Maximum = 100;

    /// <summary>How messages about the syntax begin.</summary>
    public const string NoToml = "not TOML: ";

    private readonly List<Diagnostic> found = [];
    private int lastLineStart = -1;
    private string lastLine = "";

    public bool HasAny => found.Count > 0;

    /// <summary>Whether further faults would not be shown, so that none need be looked for.</summary>
    public bool IsFull => found.Count > Maximum;

    public SourceLocation LocationOf(SourceSpan span) => new(file, span.Start.Line + 1, span.Start.Column + 1);

    public void Add(SourceSpan span, string message, string? hint)
    {
        if (IsFull)
        {
            return;
        }

        int offset = Math.Clamp(span.Start.Offset, 0, text.Length);
        string line = LineAt(offset, out int lineStart);
        int begin = Math.Min(offset - lineStart, line.Length);
        int end = Math.Clamp(span.End.Offset + 1 - lineStart, begin, line.Length);
        Add(new Diagnostic
        {
            // The end of the file is where the parser says, but never beyond the end of the line.
            Location = LocationOf(span) with { Column = Math.Min(span.Start.Column, Characters(line)) + 1 },
            Message = message,
            SourceLine = line,
            Length = Math.Max(1, Characters(line.AsSpan(begin, end - begin))),
            Hint = hint,
        });
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

    /// <summary>Whether a fault is already known on this line (counted from 0): what the parser could not read needs no second complaint.</summary>
    public bool HasLine(int line) => found.Exists(diagnostic => diagnostic.Location.Line == line + 1);

    /// <summary>Whether a line that is no TOML has this word.</summary>
    public bool HasUnreadable(string word) => found.Exists(diagnostic =>
        diagnostic.Message.StartsWith(NoToml, StringComparison.Ordinal) && diagnostic.SourceLine.Contains(word, StringComparison.Ordinal));

    /// <summary>By place; of one place, what was found first comes first. A hundred at most, sorted by insertion.</summary>
    public ImmutableArray<Diagnostic> InOrder()
    {
        var ordered = ImmutableArray.CreateBuilder<Diagnostic>(found.Count);
        foreach (Diagnostic diagnostic in found)
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

    private static bool IsBefore(SourceLocation left, SourceLocation right) =>
        left.Line != right.Line ? left.Line < right.Line : left.Column < right.Column;

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

    private string LineAt(int offset, out int lineStart)
    {
        lineStart = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        if (lineStart != lastLineStart)
        {
            int lineEnd = text.IndexOf('\n', lineStart);
            lastLine = text[lineStart..(lineEnd < 0 ? text.Length : lineEnd)].TrimEnd('\r');
            lastLineStart = lineStart;
        }

        return lastLine;
    }
}
