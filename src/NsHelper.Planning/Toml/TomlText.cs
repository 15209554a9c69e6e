using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>A string of the file and where it stands, down to its single characters.</summary>
internal sealed record TomlText(string Value, SourceSpan Span, string Written)
{
    public static TomlText Of(StringValueSyntax syntax) => new(syntax.Value ?? "", syntax.Span, syntax.Token?.Text ?? "");

    /// <summary>What follows the first characters.</summary>
    public TomlText From(int index) => new(Value[index..], SpanAt(index, Value.Length - index), "");

    /// <summary>The place of some characters of the value; the whole string when escapes or line breaks shift them.</summary>
    public SourceSpan SpanAt(int index, int length)
    {
        if (Written.Length != Value.Length + 2)
        {
            return Span;
        }

        int columns = DiagnosticList.Characters(Value.AsSpan(0, index));
        TextPosition start = Span.Start;
        return new SourceSpan(
            Span.FileName,
            new TextPosition(start.Offset + 1 + index, start.Line, start.Column + 1 + columns),
            new TextPosition(start.Offset + index + length, start.Line, start.Column + columns + length));
    }
}
