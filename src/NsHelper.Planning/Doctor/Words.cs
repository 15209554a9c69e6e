using System.Globalization;

namespace NsHelper.Planning.Doctor;

/// <summary>Foreign text in a finding: escaped, quoted where a shell would read it, and not more of it than fits.</summary>
internal static class Words
{
    private const int MostNames = 5;

    /// <summary>"ada", "ada and bob", "ada, bob and 7 more".</summary>
    public static string List(IReadOnlyList<string> names)
    {
        int shown = names.Count <= MostNames ? names.Count : MostNames - 1;
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < shown; i++)
        {
            bool isLast = i == shown - 1 && shown == names.Count;
            text.Append(i == 0 ? "" : isLast ? " and " : ", ").Append(Escaped.Shown(names[i]));
        }

        return shown == names.Count ? text.ToString() : string.Create(CultureInfo.InvariantCulture, $"{text} and {names.Count - shown} more");
    }

    /// <summary>A word of a command that root may type as it stands, whatever a user called his file.</summary>
    public static string Quoted(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or '.' or '_' or '-' or '+' or '@'))
            {
                return $"'{Escaped.Text(word).Replace("'", @"'\''", StringComparison.Ordinal)}'";
            }
        }

        return word;
    }

    /// <summary>What is done for the first, and that it is to be done for the others.</summary>
    public static string ForEach(string command, int count) => count > 1 ? $"{command}, and so for the others" : command;
}
