using NsHelper.Planning.Output;

namespace NsHelper.Planning.Mounts;

/// <summary>The lines in front of an entry of a tree.</summary>
internal static class TreeLines
{
    // Beyond this depth the tree goes straight down, or a table of nested mounts would grow with the square of its length.
    private const int DeepestLevel = 24;

    public static string Before(MountNode node, LineStyle style)
    {
        bool[] lasts = LevelsOf(node);
        return lasts.Length == 0 ? "" : Continued(lasts[..^1], style) + (lasts[^1], style) switch
        {
            (true, LineStyle.Ascii) => "`-",
            (true, _) => "\u2514\u2500",
            (false, LineStyle.Ascii) => "|-",
            (false, _) => "\u251c\u2500",
        };
    }

    /// <summary>For a line below the entry that belongs to it; the next entry tells whether the entry has children.</summary>
    public static string Below(MountNode node, MountNode? next, LineStyle style)
    {
        bool[] lasts = LevelsOf(node);
        bool hasChildren = next is not null && LevelsOf(next).Length > lasts.Length;
        return Continued([.. lasts, !hasChildren], style) + "  ";
    }

    private static bool[] LevelsOf(MountNode node)
    {
        bool[] levels = [.. node.Lasts];
        Array.Resize(ref levels, Math.Min(levels.Length, DeepestLevel));
        Array.Reverse(levels);
        return levels;
    }

    private static string Continued(bool[] lasts, LineStyle style)
    {
        string line = style == LineStyle.Ascii ? "| " : "\u2502 ";
        return string.Concat(Array.ConvertAll(lasts, last => last ? "  " : line));
    }
}
