using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>
/// Says in few words what is wrong with a text that the parser has refused; a good file never comes here. A slip after which nobody knows
/// what is a key and what a value ends the reading of the file: all that could be said of the rest would follow from it.
/// </summary>
internal static class TomlSlips
{
    private const string CurlyQuotes = "\u2018\u2019\u201a\u201c\u201d\u201e";

    /// <summary>Where the text leaves the grammar so far that the rest cannot be judged; null when each slip stays in its line.</summary>
    public static (int Offset, string Fault)? Lost(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            int end = TomlBounds.EndOfLine(text, start);
            ReadOnlySpan<char> line = text.AsSpan(start..end).Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                at = end + 1;
                continue;
            }

            start = end - text.AsSpan(start..end).TrimStart().Length;
            if (line[0] != '[')
            {
                if (Equals(text, start, end) is not int equals)
                {
                    return (start, "this is neither KEY = VALUE nor [TABLE]");
                }

                start = equals + 1;
            }

            if (Statement(text, start, isHeader: line[0] == '[', out at) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Own words for what the parser says of a place; null when it says it well enough.</summary>
    public static (string Fault, string? Hint)? Told(string text, SourceSpan span)
    {
        int offset = Math.Clamp(span.Start.Offset, 0, text.Length);
        int start = offset;
        while (start > 0 && IsOfWord(text[start - 1]))
        {
            start--;
        }

        int end = offset;
        while (end < text.Length && IsOfWord(text[end]))
        {
            end++;
        }

        string word = text[start..end];
        int before = text.AsSpan(..start).TrimEnd(" \t").Length - 1;
        bool isHeader = before >= 0 && text[before] == '[' && text.AsSpan(..before).TrimEnd(" \t") is [] or [.., '\n' or '['];
        if (word.Length == 0 || before < 0 || text[before] is not ('=' or '[' or ',') || isHeader || word is "true" or "false")
        {
            return null;
        }

        string bare = word.Trim(CurlyQuotes.ToCharArray());
        string shown = Escaped.Shown(bare);
        return bare.Length < word.Length ? ("a curly quotation mark quotes nothing", $"write straight quotes: \"{shown}\"")
            : word is "True" or "False" or "TRUE" or "FALSE" ? ($"{word} is no value", $"write {word.ToLowerInvariant()}")
            : ($"a value is missing its quotation marks: {shown}", $"write \"{shown}\"");
    }

    private static bool IsOfWord(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('=' or '[' or ']' or '{' or '}' or ',' or '"' or '\'' or '#');

    /// <summary>The first = of a line, outside of strings and comments; an unclosed string hides it, and is then found as what it is.</summary>
    private static int? Equals(string text, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = TomlBounds.EndOfString(text, i, out bool isClosed);
                    if (!isClosed)
                    {
                        return start - 1;
                    }

                    break;
                case '=':
                    return i;
                case '#':
                    return null;
            }
        }

        return null;
    }

    /// <summary>A value or a header, up to the end of its last line.</summary>
    private static (int, string)? Statement(string text, int start, bool isHeader, out int next)
    {
        var open = new Stack<int>();
        for (next = start; next < text.Length; next++)
        {
            switch (text[next])
            {
                case '"' or '\'':
                    int quote = next;
                    next = TomlBounds.EndOfString(text, quote, out bool isClosed);
                    if (!isClosed)
                    {
                        return (quote, $"the string is not closed: {text[quote]} is missing");
                    }

                    break;
                case '#':
                    next = TomlBounds.EndOfLine(text, next) - 1;
                    break;
                case '[' or '{':
                    open.Push(next);
                    break;
                case ']' or '}' when open.TryPop(out int opened) && text[opened] != (text[next] == ']' ? '[' : '{'):
                case '=' when open.TryPeek(out opened) && text[opened] == '[':
                case '\n' when isHeader && open.TryPeek(out opened):
                    return Unclosed(text, opened);
                case '\n' when open.Count == 0:
                    next++;
                    return null;
            }
        }

        return open.TryPeek(out int last) ? Unclosed(text, last) : null;
    }

    private static (int, string) Unclosed(string text, int opened) =>
        (opened, text[opened] == '[' ? "[ is not closed: ] is missing" : "{ is not closed: } is missing");
}
