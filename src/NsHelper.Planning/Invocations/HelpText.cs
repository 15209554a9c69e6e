using System.Text;

namespace NsHelper.Planning.Invocations;

/// <summary>The help, from the table of verbs; 80 columns at most.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int OptionColumn = 26;
    private const int VerbColumn = 12;

    public static string General()
    {
        var text = new StringBuilder("usage: nshelper VERB [OPTIONS] [ARGS]\n       nshelper --version | --help\n\n");
        Paragraph(text, "Starts a command in namespaces and mounts that a profile of the administrator describes.", 0);
        text.Append("\nVerbs:\n");
        foreach (VerbEntry verb in VerbTable.All)
        {
            Row(text, verb.Name, verb.Summary, VerbColumn);
        }

        text.Append("\nThe options of a verb: nshelper VERB --help\n");
        return text.ToString();
    }

    public static string Of(VerbEntry verb)
    {
        var text = new StringBuilder();
        text.Append("usage: nshelper ").Append(verb.Name).Append(" [OPTIONS]");
        text.Append(verb.Operands.Length == 0 ? "" : " ").Append(verb.Operands).Append("\n\n");
        Paragraph(text, Sentence(verb.Summary) + verb.Details, 0);
        if (verb.Alias is { } alias)
        {
            text.Append("Also: nshelper ").Append(alias).Append('\n');
        }

        text.Append("\nOptions, before the first operand:\n");
        foreach (OptionEntry option in verb.Options)
        {
            if (option.Option == Option.ShortHelp)
            {
                continue;
            }

            string spelling = option.Option == Option.Help ? "-h, --help" : option.Spelling;
            Row(text, option.ValueName is null ? spelling : $"{spelling} {option.ValueName}", option.Help, OptionColumn);
        }

        text.Append("\nExit status:\n  ");
        Paragraph(text, verb.ExitStatuses, 2);
        return text.ToString();
    }

    private static string Sentence(string summary) => $"{char.ToUpperInvariant(summary[0])}{summary[1..]}. ";

    private static void Row(StringBuilder text, string left, string right, int column)
    {
        text.Append("  ").Append(left);
        if (left.Length + 3 > column)
        {
            text.Append('\n').Append(' ', column);
        }
        else
        {
            text.Append(' ', column - left.Length - 2);
        }

        Paragraph(text, right, column);
    }

    /// <summary>Breaks at blanks; the cursor stands at <paramref name="indent"/> when it begins.</summary>
    private static void Paragraph(StringBuilder text, string words, int indent)
    {
        int column = indent;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }

            text.Append(column > indent ? " " : "").Append(word);
            column += word.Length + (column > indent ? 1 : 0);
        }

        text.Append('\n');
    }
}
