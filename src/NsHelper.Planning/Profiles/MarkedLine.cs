using System.Text;

namespace NsHelper.Planning.Profiles;

/// <summary>A line of a file, made printable, and below it ^~~~ under the fault. Tabs stay tabs in both, so they line up on every terminal.</summary>
internal static class MarkedLine
{
    private const int Widest = 160;
    private const int Before = 60;
    private const string Indent = "  ";

    public static void Append(StringBuilder text, Diagnostic diagnostic, string markStart, string markEnd)
    {
        List<string> cells = CellsOf(diagnostic.SourceLine);
        int start = Math.Min(diagnostic.Location.Column - 1, cells.Count);
        int end = Math.Min(start + diagnostic.Length, cells.Count);

        // A line may be as long as the file: what surrounds the fault is enough.
        int first = start > Before ? start - Before : 0;
        int last = Math.Min(cells.Count, first + Widest);
        text.Append(Indent).Append(first > 0 ? "..." : "").AppendJoin("", cells[first..last]).Append(last < cells.Count ? "..." : "").Append('\n');

        text.Append(Indent).Append(' ', first > 0 ? 3 : 0);
        foreach (string cell in cells[first..start])
        {
            text.Append(cell == "\t" ? "\t" : new string(' ', cell.Length));
        }

        int width = 0;
        foreach (string cell in cells[start..Math.Min(end, last)])
        {
            width += cell.Length;
        }

        text.Append(markStart).Append('^').Append('~', Math.Max(0, width - 1)).Append(markEnd).Append('\n');
    }

    /// <summary>One cell a character of the file: printable ASCII and tabs as they are, all else escaped.</summary>
    private static List<string> CellsOf(string line)
    {
        List<string> cells = new(line.Length);
        foreach (Rune rune in line.EnumerateRunes())
        {
            // The backslash stays: escapes of TOML must be recognised, and nothing here is read back.
            cells.Add(rune.Value is '\t' or '\\' or (>= 0x20 and < 0x7f) ? rune.ToString() : Escaped.Text(rune.ToString()));
        }

        return cells;
    }
}
