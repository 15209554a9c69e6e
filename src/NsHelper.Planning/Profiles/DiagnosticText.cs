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

    private static readonly Palette NoColor = new("", "", "", "", "");
    private static readonly Palette Ansi = new("\e[1m", "\e[1;31m", "\e[1;33m", "\e[32m", "\e[0m");

    public static string Plain(ImmutableArray<Diagnostic> diagnostics) => Render(diagnostics, NoColor);

    public static string Colored(ImmutableArray<Diagnostic> diagnostics) => Render(diagnostics, Ansi);

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

    private static string Render(ImmutableArray<Diagnostic> diagnostics, Palette palette)
    {
        var text = new StringBuilder();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            SourceLocation place = diagnostic.Location;
            string mark = diagnostic.Severity == Severity.Error ? palette.Error : palette.Warning;
            text.Append(palette.Place).Append(Escaped.Text(place.File));
            if (place.Line > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $":{place.Line}:{place.Column}");
            }

            text.Append(": ").Append(palette.End).Append(mark).Append(WordOf(diagnostic.Severity)).Append(": ").Append(palette.End).Append(diagnostic.Message);
            if (diagnostic.Rule is string rule)
            {
                text.Append(" [").Append(rule).Append(']');
            }

            text.Append('\n');
            if (diagnostic.SourceLine.Length > 0)
            {
                MarkedLine.Append(text, diagnostic, mark, palette.End);
            }

            if (diagnostic.Hint is string hint)
            {
                text.Append("  ").Append(palette.Hint).Append("hint: ").Append(palette.End).Append(hint).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string WordOf(Severity severity) => severity == Severity.Error ? "error" : "warning";

    /// <summary>Escape sequences of the terminal; empty ones for plain text.</summary>
    private sealed record Palette(string Place, string Error, string Warning, string Hint, string End);
}
