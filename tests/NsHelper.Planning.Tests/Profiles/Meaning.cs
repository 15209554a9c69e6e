using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>What something says, as one text to compare: a profile without its places, or the tables of files with them.</summary>
internal static class Meaning
{
    public static string Of(ProfileReading reading) => reading switch
    {
        ProfileReading.Valid valid => Of(valid.Profile),
        ProfileReading.Invalid invalid => string.Join('\n', invalid.Diagnostics.Select(fault => $"{fault.Location.File}:{fault.Location.Line}:{fault.Location.Column} {fault.Message}")),
        _ => throw new InvalidOperationException(),
    };

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    public static string Of(TomlTable table)
    {
        var text = new StringBuilder();
        foreach (TomlEntry entry in table.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Key} {Place(entry.KeySpan)} = ").Append(Of(entry)).Append('\n');
        }

        return text.ToString();
    }

    private static string Of(TomlEntry entry) =>
        entry.IsWrong ? "wrong"
        : entry.Table is TomlTable table ? $"{{\n{Of(table)}}}"
        : entry.Elements is { } elements ? string.Concat(elements.Select(element => $"[[{Place(element.Span)}\n{Of(element)}]]"))
        : entry.Items is { } items ? $"[{string.Join(", ", items.Select(item => Of(item)))}]"
        : Of(entry.Value);

    private static string Of(ValueSyntax? value) => value is null ? "nothing" : $"{value} {Place(value.Span)}";

    private static string Place(SourceSpan span) => DiagnosticList.LocationOf(span) is var place ? $"{place}:{place.Column}" : "";

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null or string or bool or int or long or uint or Enum:
                text.Append(CultureInfo.InvariantCulture, $"{value};");
                break;
            case SourceLocation:
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (object? item in items)
                {
                    Append(text, item);
                }

                text.Append(']');
                break;
            case Diagnostic diagnostic:
                text.Append(diagnostic.Message);
                break;
            case IFormattable or NsHelper.Planning.Paths.AbsolutePath or ProfileName:
                text.Append(CultureInfo.InvariantCulture, $"{value};");
                break;
            default:
                text.Append('(').Append(value.GetType().Name).Append(' ');
                foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    text.Append(property.Name).Append('=');
                    Append(text, property.GetValue(value));
                }

                text.Append(')');
                break;
        }
    }
}
