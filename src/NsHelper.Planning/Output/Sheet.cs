using System.Text;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Output;

/// <summary>
/// A text of headings and labelled rows, 80 columns wide: words break between pieces only, and the line of the profile that asked
/// for a row stands at the right margin, or below the row when it does not fit there. Longer pieces are never cut.
/// </summary>
internal sealed class Sheet(OutputStyle style)
{
    private const int Width = 80;
    private const int LabelColumn = 2;
    private const int WordColumn = 16;
    private const int Gap = 2;

    private readonly StringBuilder text = new();

    public void Heading(string title, SourceLocation? location = null)
    {
        text.Append(text.Length == 0 ? "" : "\n").Append(style.Paint(Ink.Strong, title));
        Locate(title.Length, location);
        text.Append('\n');
    }

    /// <summary>A label (empty to continue the row above) and what must not be broken, each piece with the separator that follows it.</summary>
    public void Row(string label, IEnumerable<string> pieces, SourceLocation? location = null)
    {
        text.Append(' ', LabelColumn).Append(label).Append(' ', Math.Max(1, WordColumn - LabelColumn - label.Length));
        int column = Math.Max(WordColumn, LabelColumn + label.Length + 1);
        bool first = true;
        SourceLocation? pending = location;
        foreach (string piece in pieces)
        {
            if (!first && column + 1 + piece.Length > Width)
            {
                pending = Fits(column, pending) ? Locate(column, pending) : pending;
                text.Append('\n').Append(' ', WordColumn);
                (column, first) = (WordColumn, true);
            }

            text.Append(first ? "" : " ").Append(piece);
            column += piece.Length + (first ? 0 : 1);
            first = false;
        }

        Locate(column, pending);
        text.Append('\n');
    }

    public void Row(string label, string words, SourceLocation? location = null) => Row(label, [words], location);

    /// <summary>The list with a separator behind every piece but the last.</summary>
    public static IEnumerable<string> Separated(IReadOnlyList<string> pieces, string separator)
    {
        for (int i = 0; i < pieces.Count; i++)
        {
            yield return i < pieces.Count - 1 ? pieces[i] + separator : pieces[i];
        }
    }

    public override string ToString() => text.ToString();

    private static bool Fits(int column, SourceLocation? location) =>
        location is { } place && column + Gap + LengthOf(place) <= Width;

    private static int LengthOf(SourceLocation location) => Shown(location).Length;

    // The file's name is foreign text too: an administrator's directory may hold anything.
    private static string Shown(SourceLocation location) => Escaped.Text(location.ToString());

    private SourceLocation? Locate(int column, SourceLocation? location)
    {
        if (location is not { } place)
        {
            return null;
        }

        if (!Fits(column, place))
        {
            text.Append('\n');
            column = 0;
        }

        text.Append(' ', Math.Max(LabelColumn, Width - column - LengthOf(place))).Append(style.Paint(Ink.Faint, Shown(place)));
        return null;
    }
}
