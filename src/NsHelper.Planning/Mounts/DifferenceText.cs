using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// Differences of two mount tables, a line or two a target, in the manner of diff(1): + only here, - only there, ~ changed. Pieces that do
/// not fit into 80 columns go to the next line; none is cut.
/// </summary>
internal static class DifferenceText
{
    private const int Width = 80;
    private const int LongestTarget = 24;
    private const int Gap = 2;

    /// <param name="differences">In the order of the paths.</param>
    /// <param name="here">What the table is called that is looked at.</param>
    /// <param name="there">And the other.</param>
    /// <param name="style">Of the drawing.</param>
    /// <param name="verbosity">Verbose has every mount by itself, and every option.</param>
    /// <param name="propagation">Whether propagation was asked for: then mounts are shown with it.</param>
    public static string Of(
        ImmutableArray<MountDifference> differences, string here, string there, OutputStyle style, Verbosity verbosity, PropagationForm propagation)
    {
        if (differences.IsEmpty || verbosity == Verbosity.Quiet)
        {
            return "";
        }

        var text = new StringBuilder();
        text.Append(style.Paint(Ink.Strong, $"--- {there}")).Append('\n').Append(style.Paint(Ink.Strong, $"+++ {here}")).Append('\n');
        ImmutableArray<FoldedDifference> lines = verbosity == Verbosity.Verbose ? FoldedDifference.Each(differences) : FoldedDifference.Of(differences);
        int column = ColumnOf(lines);
        foreach (FoldedDifference line in lines)
        {
            Append(text, line, column, style, verbosity, propagation);
        }

        return text.ToString();
    }

    private static int ColumnOf(ImmutableArray<FoldedDifference> lines)
    {
        int longest = 0;
        foreach (FoldedDifference line in lines)
        {
            longest = Math.Max(longest, Math.Min(LongestTarget, line.Difference.Target.ToString().Length));
        }

        return Gap + longest + Gap;
    }

    private static void Append(StringBuilder text, FoldedDifference folded, int column, OutputStyle style, Verbosity verbosity, PropagationForm propagation)
    {
        MountDifference difference = folded.Difference;
        (char sign, Ink ink) = difference.Change switch
        {
            MountChange.Added => ('+', Ink.Added),
            MountChange.Missing => ('-', Ink.Missing),
            _ => ('~', Ink.Mark),
        };
        List<string> pieces = difference.Options.IsEmpty ? PiecesOf(difference, verbosity, propagation) : [.. Texts.Of(difference.Options, change => change.ToString())];
        if (folded.Count > 0)
        {
            pieces.Add(string.Create(CultureInfo.InvariantCulture, $"and {folded.Count} {(folded.Count == 1 ? "mount" : "mounts")} below it"));
        }

        if (difference.SharedWith is { } peer)
        {
            pieces.Add($"shared with {peer} there");
        }

        var line = new StringBuilder().Append(sign).Append(' ').Append(difference.Target.ToString());
        foreach (string piece in pieces)
        {
            int start = Math.Max(line.Length + Gap, column);
            if (start > column && start + piece.Length > Width)
            {
                text.Append(style.Paint(ink, line.ToString())).Append('\n');
                line.Clear();
                start = column;
            }

            line.Append(' ', start - line.Length).Append(piece);
        }

        text.Append(style.Paint(ink, line.ToString())).Append('\n');
    }

    private static List<string> PiecesOf(MountDifference difference, Verbosity verbosity, PropagationForm propagation)
    {
        MountEntry subject = difference.Subject;
        List<string> pieces = [];
        if (difference is { Change: MountChange.Changed, There: { } before })
        {
            pieces.AddRange([$"{before.FilesystemType} {MountText.SourceOf(before)}", $"-> {subject.FilesystemType} {MountText.SourceOf(subject)}"]);
        }
        else
        {
            pieces.AddRange([subject.FilesystemType.ToString(), MountText.SourceOf(subject)]);
        }

        pieces.Add(MountText.FlagsOf(subject, verbosity));
        if (verbosity == Verbosity.Verbose)
        {
            pieces.Add($"options {subject.FilesystemOptions}");
        }

        if (propagation == PropagationForm.Compared)
        {
            pieces.Add(MountDifferences.WordOf(subject.Propagation));
        }

        if (difference.HiddenBy is { } cover)
        {
            pieces.Add($"hidden by {cover}{(difference.Change == MountChange.Added ? " there" : "")}");
        }

        if ((difference.Change == MountChange.Added ? difference.There : difference.Change == MountChange.Missing ? difference.Here : null) is { } below)
        {
            pieces.Add($"over {below.FilesystemType} {MountText.SourceOf(below)}");
        }

        return pieces;
    }
}
