using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>One line of sshd_config(5).</summary>
/// <param name="Keyword">In lower case, as sshd takes either.</param>
/// <param name="IsInMatch">Whether it stands below a Match, and so holds for some logins only.</param>
internal sealed record SshdLine(string File, int Number, string Keyword, ImmutableArray<string> Values, bool IsInMatch)
{
    private static readonly char[] Separators = [' ', '\t', '='];

    public string First => Values is [var first, ..] ? first : "";

    public static ImmutableArray<SshdLine> Read(HostFile file)
    {
        var lines = ImmutableArray.CreateBuilder<SshdLine>();
        bool isInMatch = false;
        int number = 0;
        foreach (string text in file.Lines())
        {
            number++;
            string[] words = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            string keyword = words[0].ToLowerInvariant();
            isInMatch |= keyword == "match";
            lines.Add(new SshdLine(file.Path, number, keyword, [.. Array.ConvertAll(words[1..], word => word.Trim('"'))], isInMatch));
        }

        return lines.ToImmutable();
    }
}
