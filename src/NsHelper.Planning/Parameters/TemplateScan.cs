namespace NsHelper.Planning.Parameters;

/// <summary>
/// Reads a text in which {NAME} stands for a parameter, {{ for { and }} for }, piece by piece, once from left to right: what a parameter
/// stands for is never read again.
/// </summary>
internal ref struct TemplateScan(string text)
{
    private int next;

    public PieceKind Kind { get; private set; }

    /// <summary>What a text stands for, or the name of a parameter.</summary>
    public string Value { get; private set; } = "";

    /// <summary>Index of the piece in the text.</summary>
    public int Start { get; private set; }

    public readonly int Length => next - Start;

    public readonly bool IsLast => next == text.Length;

    /// <summary>On to the next piece; false at the end.</summary>
    public bool Next()
    {
        Start = next;
        if (next == text.Length)
        {
            return false;
        }

        char first = text[next];
        int name = next + 1;
        int end = EndOfName(name);
        (Kind, Value, next) = first is not ('{' or '}') ? (PieceKind.Text, text[next..EndOfText()], EndOfText())
            : name < text.Length && text[name] == first ? (PieceKind.Text, first.ToString(), name + 1)
            : first == '{' && end > name && end < text.Length && text[end] == '}' ? (PieceKind.Parameter, text[name..end], end + 1)
            : (PieceKind.Fault, text[next..name], name);
        return true;
    }

    public static bool HasParameter(string text)
    {
        var scan = new TemplateScan(text);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Parameter)
            {
                return true;
            }
        }

        return false;
    }

    private readonly int EndOfText()
    {
        int brace = text.AsSpan(next).IndexOfAny('{', '}');
        return brace < 0 ? text.Length : next + brace;
    }

    private readonly int EndOfName(int start)
    {
        int end = start;
        while (end < text.Length && Parameter.IsOfName(text[end]))
        {
            end++;
        }

        return end;
    }
}

internal enum PieceKind
{
    Text,
    Parameter,

    /// <summary>A brace that is neither doubled nor part of {NAME}.</summary>
    Fault,
}
