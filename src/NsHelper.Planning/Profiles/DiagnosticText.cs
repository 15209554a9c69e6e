using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Profiles;

/// <summary>Shows diagnostics: place, message, the line of the file with a mark under the fault, and what would be right.</summary>
internal static class DiagnosticText
{
    /// <summary>Characters of a line that is shown to programs; of a hundred faults in one line of 64 KiB the answer would be megabytes.</summary>
    private const int LongestSource = 1024;

    private const int Width = 80;
    private const int MessageIndent = 4;
    private const string HintMark = "hint: ";
    private const int HintIndent = 8;

    private static readonly Palette NoColor = new("", "", "", "", "");
    private static readonly Palette Ansi = new("\e[1m", "\e[1;31m", "\e[1;33m", "\e[32m", "\e[0m");

    /// <summary>For people, hints break at words. A message breaks on a terminal only: elsewhere programs read it by the line.</summary>
    public static string Plain(ImmutableArray<Diagnostic> diagnostics, OutputTarget target = OutputTarget.File) => Render(diagnostics, NoColor, target);

    public static string Colored(ImmutableArray<Diagnostic> diagnostics, OutputTarget target = OutputTarget.File) => Render(diagnostics, Ansi, target);

    /// <summary>All in the member "diagnostics"; texts are JSON strings of what the file holds, not escaped for terminals.</summary>
    public static string Json(ImmutableArray<Diagnostic> diagnostics) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("diagnostics");
        foreach (Diagnostic diagnostic in diagnostics)
        {
            Write(json, diagnostic);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, Diagnostic diagnostic)
    {
        json.WriteStartObject();
        json.WriteLocation(diagnostic.Location);
        json.WriteNumber("length", diagnostic.Length);
        json.WriteString("severity", WordOf(diagnostic.Severity));
        json.WriteString("rule", diagnostic.Rule);
        json.WriteString("message", diagnostic.Message);
        json.WriteString("source", diagnostic.SourceLine.Length <= LongestSource ? diagnostic.SourceLine : "");
        json.WriteString("hint", diagnostic.Hint);
        json.WriteEndObject();
    }

    private static string Render(ImmutableArray<Diagnostic> diagnostics, Palette palette, OutputTarget target)
    {
        var text = new StringBuilder();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            string place = Escaped.Text(diagnostic.Location.File);
            if (diagnostic.Location.Line > 0)
            {
                place += string.Create(CultureInfo.InvariantCulture, $":{diagnostic.Location.Line}:{diagnostic.Location.Column}");
            }

            string mark = diagnostic.Severity == Severity.Error ? palette.Error : palette.Warning;
            string severity = $"{WordOf(diagnostic.Severity)}: ";
            string message = diagnostic.Rule is string rule ? $"{diagnostic.Message} [{rule}]" : diagnostic.Message;
            text.Append(palette.Place).Append(place).Append(": ").Append(palette.End).Append(mark).Append(severity).Append(palette.End);
            AppendWords(text, message, place.Length + 2 + severity.Length, target == OutputTarget.Terminal ? Width : int.MaxValue, MessageIndent);
            if (diagnostic.SourceLine.Length > 0)
            {
                MarkedLine.Append(text, diagnostic, mark, palette.End);
            }

            if (diagnostic.Hint is string hint)
            {
                text.Append("  ").Append(palette.Hint).Append(HintMark).Append(palette.End);
                AppendWords(text, hint, HintIndent, Width, HintIndent);
            }
        }

        return text.ToString();
    }

    /// <summary>Breaks between words alone; a longer word stays whole.</summary>
    private static void AppendWords(StringBuilder text, string words, int column, int width, int indent)
    {
        int end = 0;
        while (end < words.Length)
        {
            int start = end;
            end = words.IndexOf(' ', start + 1) is > 0 and int blank ? blank : words.Length;
            if (start > 0 && column + end - start > width)
            {
                text.Append('\n').Append(' ', indent);
                (column, start) = (indent, start + 1);
            }

            text.Append(words, start, end - start);
            column += end - start;
        }

        text.Append('\n');
    }

    private static string WordOf(Severity severity) => severity == Severity.Error ? "error" : "warning";

    /// <summary>Escape sequences of the terminal; empty ones for plain text.</summary>
    private sealed record Palette(string Place, string Error, string Warning, string Hint, string End);
}
