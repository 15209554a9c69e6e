using System.Text;

namespace NsHelper.Planning.Profiles;

/// <summary>A line of a file, made printable, and below it ^~~~ under the fault. Tabs stay tabs in both, so they line up on every terminal.</summary>
internal static class MarkedLine
{
    private const int Widest = 160;
    private const int Before = 60;
    private const string Indent = "  ";
    private const string Ellipsis = "...";

    public static void Append(StringBuilder text, Diagnostic diagnostic, string markStart, string markEnd)
    {
        // A line may be as long as the file: what surrounds the fault is enough.
        int start = diagnostic.Location.Column - 1;
        int first = start > Before ? start - Before : 0;
        List<string> cells = CellsOf(diagnostic.SourceLine, first, out bool goesOn);
        start = Math.Min(start - first, cells.Count);
        int end = Math.Min(start + diagnostic.Length, cells.Count);

        text.Append(Indent).Append(first > 0 ? Ellipsis : "").AppendJoin("", cells).Append(goesOn ? Ellipsis : "").Append('\n');
        text.Append(Indent).Append(' ', first > 0 ? Ellipsis.Length : 0);
        foreach (string cell in cells[..start])
        {
            text.Append(cell == "\t" ? "\t" : new string(' ', cell.Length));
        }

        int width = 0;
        foreach (string cell in cells[start..end])
        {
            width += cell.Length;
        }

        text.Append(markStart).Append('^').Append('~', Math.Max(0, width - 1)).Append(markEnd).Append('\n');
    }

    /// <summary>From the character <paramref name="first"/> on, one cell a character: printable ASCII and tabs as they are, all else escaped.</summary>
    private static List<string> CellsOf(string line, int first, out bool goesOn)
    {
        List<string> cells = [];
        int index = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            goesOn = cells.Count == Widest;
            if (goesOn)
            {
                return cells;
            }

            if (index++ >= first)
            {
                // The backslash stays: escapes of TOML must be recognised, and nothing here is read back.
                cells.Add(rune.Value is '\t' or '\\' or (>= 0x20 and < 0x7f) ? rune.ToString() : Escaped.Text(rune.ToString()));
            }
        }

        goesOn = false;
        return cells;
    }
}
