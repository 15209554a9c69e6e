using System.Diagnostics;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Doctor;

/// <summary>A diagnosis for people: a mark for each finding, its text in 80 columns, and below it what repairs it, which is a command where one does.</summary>
internal static class DiagnosisText
{
    private const int Width = 80;
    private const int MarkColumn = 10;
    private const int TextColumn = 20;

    /// <summary>Quiet is what is wrong, and nothing where nothing is.</summary>
    public static string Of(Diagnosis diagnosis, OutputStyle style, Verbosity verbosity)
    {
        var text = new StringBuilder();
        HostArea? area = null;
        foreach (HostFinding finding in diagnosis.Findings)
        {
            if (verbosity != Verbosity.Quiet || finding.Level == FindingLevel.Wrong)
            {
                string name = finding.Area == area ? "" : DiagnosisWords.Of(finding.Area);
                Append(text, style.Paint(Ink.Strong, name), name.Length, DiagnosisWords.Of(finding.Level), InkOf(finding.Level), finding.Text, style);
                if (finding.Repair is string repair)
                {
                    Append(text, "", 0, "repair", Ink.Faint, repair, style);
                }

                area = finding.Area;
            }
        }

        return verbosity == Verbosity.Quiet ? text.ToString() : text.Append(Summary(diagnosis)).ToString();
    }

    private static void Append(StringBuilder text, string painted, int length, string mark, Ink ink, string words, OutputStyle style)
    {
        text.Append(painted).Append(' ', MarkColumn - length).Append(style.Paint(ink, mark)).Append(' ', TextColumn - MarkColumn - mark.Length);
        int column = TextColumn;
        bool isFirst = true;
        foreach (string word in words.Split(' '))
        {
            // Only a longer word goes beyond the margin: nothing is cut.
            if (!isFirst && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', TextColumn);
                (column, isFirst) = (TextColumn, true);
            }

            text.Append(isFirst ? "" : " ").Append(word);
            column += word.Length + (isFirst ? 0 : 1);
            isFirst = false;
        }

        text.Append('\n');
    }

    private static string Summary(Diagnosis diagnosis)
    {
        int wrong = diagnosis.Count(FindingLevel.Wrong);
        int warnings = diagnosis.Count(FindingLevel.Warning);
        string first = wrong == 0 ? "nothing is wrong" : string.Create(CultureInfo.InvariantCulture, $"{wrong} wrong");
        return warnings == 0 ? $"{first}\n" : string.Create(CultureInfo.InvariantCulture, $"{first}, {warnings} {(warnings == 1 ? "warning" : "warnings")}\n");
    }

    private static Ink InkOf(FindingLevel level) => level switch
    {
        FindingLevel.Ok => Ink.Added,
        FindingLevel.Note => Ink.Plain,
        FindingLevel.Unseen => Ink.Faint,
        FindingLevel.Warning => Ink.Mark,
        FindingLevel.Wrong => Ink.Missing,
        _ => throw new UnreachableException(),
    };
}
