using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using NsHelper.Planning.Profiles;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>
/// Bytes of a configuration file to tables. Strict where the library is not: the encoding, the size, the nesting,
/// and that nothing the library throws leaves here.
/// </summary>
internal static class TomlFile
{
    private const int ShownParserText = 120;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>The document's table; null when the text could not be read as TOML at all, and <paramref name="diagnostics"/> has why.</summary>
    public static TomlTable? Read(ProfileText file, DiagnosticList diagnostics)
    {
        ReadOnlySpan<byte> bytes = file.Bytes.AsSpan();
        if (EncodingFault(file.File, bytes) is Diagnostic fault)
        {
            diagnostics.AddFile(file.File, "");
            diagnostics.Add(fault);
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes);
        diagnostics.AddFile(file.File, text);
        if (TomlBounds.Check(text) is (int offset, string reason))
        {
            diagnostics.Add(SpanOf(file.File, text, offset), reason, null);
            return null;
        }

        return Parse(file.File, text, diagnostics) is DocumentSyntax document ? TomlTableBuilder.Build(document, file.File, diagnostics) : null;
    }

    private static DocumentSyntax? Parse(string file, string text, DiagnosticList diagnostics)
    {
        DocumentSyntax document;
        try
        {
            // Without its validation, which takes long on hostile input: TomlTableBuilder finds what is defined twice.
            document = SyntaxParser.Parse(text, file, validate: false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Tomlyn 2.10.2 throws ArgumentOutOfRangeException at a backslash at the end of the file, and says not where it was.
            diagnostics.Add(SpanOf(file, text, Math.Max(0, text.Length - 1)), "cannot parse the file", "a string is not closed, or an escape sequence in it is cut off");
            return null;
        }

        if (document.HasErrors && TomlSlips.Lost(text) is (int offset, string slip))
        {
            diagnostics.Add(SpanOf(file, text, offset), DiagnosticList.NoToml + slip, "the rest is checked when this is mended");
            return null;
        }

        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            // One slip makes the parser stumble over the rest of the line too.
            if (!diagnostics.IsFull && !diagnostics.HasLine(message.Span))
            {
                (string fault, string? hint) = TomlSlips.Told(text, message.Span) is { } told ? (DiagnosticList.NoToml + told.Fault, told.Hint) : (SyntaxMessage(message.Message), null);
                diagnostics.Add(message.Span, fault, hint);
            }
        }

        return document;
    }

    private static string SyntaxMessage(string message)
    {
        string shown = message.Length <= ShownParserText ? message : message[..ShownParserText] + "...";
        shown = shown.Replace('␤', ' ').Replace('␍', ' ');
        return DiagnosticList.NoToml + char.ToLowerInvariant(shown[0]) + Escaped.Shown(shown[1..]);
    }

    private static SourceSpan SpanOf(string file, string text, int offset)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, Math.Min(offset, text.Length));
        int lineStart = before.LastIndexOf('\n') + 1;
        var position = new TextPosition(offset, before.Count('\n'), DiagnosticList.Characters(before[lineStart..]));
        return new SourceSpan(file, position, position);
    }

    private static Diagnostic? EncodingFault(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ProfileText.MaxBytes)
        {
            return FaultAt(file, bytes, 0, $"the file is larger than {ProfileText.MaxBytes} bytes", null);
        }

        if (bytes.StartsWith(ByteOrderMark))
        {
            return FaultAt(file, bytes, 0, "the file begins with a byte order mark", "save it as UTF-8 without a byte order mark");
        }

        int zero = bytes.IndexOf((byte)0);
        int invalid = FirstInvalid(bytes);
        if (zero < 0 && invalid < 0)
        {
            return null;
        }

        return invalid >= 0 && (zero < 0 || invalid < zero)
            ? FaultAt(file, bytes, invalid, $"byte 0x{bytes[invalid]:x2} is not UTF-8", "save the file as UTF-8")
            : FaultAt(file, bytes, zero, "the file has a NUL byte", null);
    }

    private static Diagnostic FaultAt(string file, ReadOnlySpan<byte> bytes, int offset, string message, string? hint)
    {
        ReadOnlySpan<byte> before = bytes[..offset];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        int lineLength = bytes[offset..].IndexOf((byte)'\n');
        ReadOnlySpan<byte> rest = lineLength < 0 ? bytes[offset..] : bytes.Slice(offset, lineLength);
        string readable = Encoding.UTF8.GetString(before[lineStart..]);
        return new Diagnostic
        {
            Location = new SourceLocation(file, before.Count((byte)'\n') + 1, DiagnosticList.Characters(readable) + 1),
            Message = message,
            SourceLine = readable + Escaped.Bytes(rest[..Math.Min(rest.Length, ShownParserText)]),
            Length = 1,
            Hint = hint,
        };
    }

    /// <summary>Offset of the first byte that begins no well-formed UTF-8 sequence, or -1.</summary>
    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return -1;
        }

        int offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out int length) == OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
