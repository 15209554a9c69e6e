namespace NsHelper.Planning.Toml;

/// <summary>
/// Bounds what the parser is given: it recurses on nesting and needs seconds for a key of a hundred thousand parts.
/// Knows strings and comments, and nothing else of the grammar.
/// </summary>
internal static class TomlBounds
{
    public const int MaxDepth = 16;
    public const int MaxKeyParts = 16;

    /// <summary>Offset of the first character that leaves the bounds, with what it leaves; null when none does.</summary>
    public static (int Offset, string Fault)? Check(string text)
    {
        int depth = 0;
        int parts = 1;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = EndOfString(text, i, out _);
                    break;
                case '#':
                    i = EndOfLine(text, i) - 1;
                    break;
                case '[' or '{' when ++depth > MaxDepth:
                    return (i, $"arrays and tables are nested deeper than {MaxDepth}");
                case ']' or '}':
                    depth = Math.Max(0, depth - 1);
                    parts = 1;
                    break;
                case '.' when ++parts > MaxKeyParts:
                    return (i, $"a key has more than {MaxKeyParts} parts");
                case '=' or ',' or '\n' or '[' or '{':
                    parts = 1;
                    break;
            }
        }

        return null;
    }

    /// <summary>Index of the last character of the string that opens at <paramref name="start"/>; an unclosed one ends with its line, or with the text.</summary>
    public static int EndOfString(string text, int start, out bool isClosed)
    {
        isClosed = true;
        char quote = text[start];
        bool multiline = start + 2 < text.Length && text[start + 1] == quote && text[start + 2] == quote;
        for (int i = start + (multiline ? 3 : 1); i < text.Length; i++)
        {
            if (text[i] == '\\' && quote == '"')
            {
                i++;
            }
            else if (multiline ? IsTriple(text, i, quote) : text[i] == quote)
            {
                return multiline ? i + 2 : i;
            }
            else if (text[i] == '\n' && !multiline)
            {
                isClosed = false;
                return i;
            }
        }

        isClosed = false;
        return text.Length - 1;
    }

    private static bool IsTriple(string text, int i, char quote) =>
        text[i] == quote && i + 2 < text.Length && text[i + 1] == quote && text[i + 2] == quote;

    public static int EndOfLine(string text, int start)
    {
        int end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }
}
