using System.Text;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>The text of some lines of mdoc(7), as far as the manual of profiles uses it, without the markup.</summary>
internal static class MdocText
{
    private const string Closing = ".,;:)?";

    public static string Plain(ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder();
        foreach (string line in lines)
        {
            if (line.StartsWith(".Bd", StringComparison.Ordinal))
            {
                break; // what follows shows it again
            }

            string words = line.StartsWith('.') ? Macro(line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries)) : Unescaped(line);
            text.Append(text.Length == 0 || words.Length == 0 ? "" : " ").Append(words);
        }

        return text.ToString();
    }

    public static string Unescaped(string text) => text.Replace(@"\&", "", StringComparison.Ordinal).Replace(@"\(dq", "\"", StringComparison.Ordinal);

    private static string Macro(ReadOnlySpan<string> line)
    {
        ReadOnlySpan<string> words = line[1..];
        int end = words.Length;
        while (end > 0 && words[end - 1].Length == 1 && Closing.Contains(words[end - 1], StringComparison.Ordinal))
        {
            end--;
        }

        string after = string.Concat(words[end..]);
        words = words[..end];
        return line[0] switch
        {
            "Pp" => "",
            "Cm" or "Pa" or "Ev" or "Li" or "Ar" or "Em" or "Sx" => Joined(words) + after,
            "Nm" => "nshelper" + after,
            "Fl" => "-" + Joined(words) + after,
            "Qq" or "Dq" => $"\"{Joined(words)}\"{after}",
            "Pq" => $"({Macro(words)}){after}",
            "Xr" => $"{words[0]}({words[1]}){after}",
            _ => throw new InvalidOperationException($"no text is known for .{line[0]}"),
        };
    }

    private static string Joined(ReadOnlySpan<string> words)
    {
        var text = new StringBuilder();
        foreach (string word in words)
        {
            text.Append(text.Length == 0 || (word.Length == 1 && Closing.Contains(word, StringComparison.Ordinal)) ? "" : " ").Append(Unescaped(word));
        }

        return text.ToString();
    }
}
