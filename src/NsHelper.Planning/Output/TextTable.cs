using System.Text;

namespace NsHelper.Planning.Output;

/// <summary>
/// Cells in aligned columns. A column is as wide as its widest cell up to a cap; a longer cell pushes the rest of its own line to the
/// right instead of widening the whole table. No trailing blanks.
/// </summary>
internal sealed class TextTable(OutputStyle style, params int[] caps)
{
    private const int Gap = 2;
    private readonly List<(TextCell[] Cells, string? Remark)> rows = [];

    public void Add(params TextCell[] cells) => rows.Add((cells, null));

    /// <summary>A line of its own below the last row, not in columns.</summary>
    public void Remark(string line) => rows.Add(([], line));

    public override string ToString()
    {
        int[] widths = Widths();
        var text = new StringBuilder();
        foreach ((TextCell[] cells, string? remark) in rows)
        {
            if (remark is not null)
            {
                text.Append(style.Paint(Ink.Faint, remark)).Append('\n');
                continue;
            }

            int last = LastShown(cells);
            int owed = 0;
            for (int i = 0; i <= last; i++)
            {
                text.Append(style.Paint(cells[i].Ink, cells[i].Text));

                // What a long cell took too much, the blanks of the following cells give back.
                int room = widths[i] - cells[i].Text.Length - owed;
                owed = Math.Max(0, -room);
                text.Append(' ', i == last ? 0 : Gap + Math.Max(0, room));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private int[] Widths()
    {
        int[] widths = new int[caps.Length];
        foreach ((TextCell[] cells, _) in rows)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                widths[i] = Math.Max(widths[i], Math.Min(caps[i], cells[i].Text.Length));
            }
        }

        return widths;
    }

    private static int LastShown(TextCell[] cells)
    {
        int last = cells.Length - 1;
        while (last >= 0 && cells[last].Text.Length == 0)
        {
            last--;
        }

        return last;
    }
}

/// <summary>One cell: printable text of one column per character, and its colour.</summary>
internal readonly record struct TextCell(string Text, Ink Ink)
{
    public static TextCell[] Titles(params string[] titles) => Array.ConvertAll(titles, title => new TextCell(title, Ink.Strong));

    public static implicit operator TextCell(string text) => new(text, Ink.Plain);
}
