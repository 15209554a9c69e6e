using System.Diagnostics;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Output;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// A merged profile written as one file: a valid profile of the same meaning, its keys in the order of the schema. Foreign text comes out
/// as TOML basic strings of printable ASCII, so no value can pass for another line, nor write on a terminal.
/// </summary>
internal sealed class ProfileToml
{
    private const int Width = 80;
    private const int Gap = 2;

    /// <summary>Shorter than this no column of values is made, however long the names of the files are.</summary>
    private const int LeastColumn = 24;
    private const string Indent = "    ";

    private readonly List<(string Text, SourceLocation? Origin)> lines = [];
    private readonly OriginForm origins;
    private readonly OutputStyle style;

    private ProfileToml(OriginForm origins, OutputStyle style) => (this.origins, this.style) = (origins, style);

    public static string Of(TomlTable merged, OriginForm origins, OutputStyle style)
    {
        var text = new ProfileToml(origins, style);
        text.WriteTable(merged, ProfileSchema.Top, "");
        return text.Rendered();
    }

    // What belongs to the table itself comes first: behind the header of an inner one it would be that one's.
    private void WriteTable(TomlTable table, TableSchema schema, string path)
    {
        List<TomlEntry> entries = MergedEntries.Of(table, schema, path.Length == 0);
        foreach (TomlEntry entry in entries)
        {
            if (entry.Table is null && entry.Elements is null)
            {
                WriteValue(entry);
            }
        }

        foreach (TomlEntry entry in entries)
        {
            TableSchema inner = schema.Find(entry.Key)?.Table ?? schema;
            string name = path.Length == 0 ? KeyOf(entry.Key) : $"{path}.{KeyOf(entry.Key)}";
            if (entry.Table is TomlTable found)
            {
                if (HasOwnHeader(found))
                {
                    WriteHeader($"[{name}]");
                }

                WriteTable(found, inner, name);
            }

            foreach (TomlTable element in entry.Elements ?? [])
            {
                WriteHeader($"[[{name}]]");
                WriteTable(element, inner, name);
            }
        }
    }

    // A table that holds nothing but tables is there by their headers; one that holds nothing at all may still mean something.
    private static bool HasOwnHeader(TomlTable table) =>
        table.Entries.Count == 0 || table.Entries.Exists(entry => entry.Table is null && entry.Elements is null);

    private void WriteHeader(string header)
    {
        lines.Add(("", null));
        lines.Add((header, null));
    }

    private void WriteValue(TomlEntry entry)
    {
        string key = $"{KeyOf(entry.Key)} = ";
        SourceLocation origin = DiagnosticList.LocationOf(entry.KeySpan);
        if (entry.Items is not { } items)
        {
            lines.Add((key + ValueOf(entry.Value), origin));
            return;
        }

        string list = $"{key}[{string.Join(", ", items.ConvertAll(ValueOf))}]";
        bool isOfOneFile = items.TrueForAll(item => item!.Span.FileName == entry.KeySpan.FileName);
        if (list.Length <= Width && (origins == OriginForm.None || isOfOneFile))
        {
            lines.Add((list, origin));
            return;
        }

        lines.Add(($"{key}[", origin));
        foreach (ValueSyntax? item in items)
        {
            lines.Add(($"{Indent}{ValueOf(item)},", DiagnosticList.LocationOf(item!.Span)));
        }

        lines.Add(("]", null));
    }

    private string Rendered()
    {
        int column = origins == OriginForm.None ? 0 : Column();
        var text = new StringBuilder();
        foreach ((string line, SourceLocation? origin) in lines)
        {
            text.Append(line.StartsWith('[') ? style.Paint(Ink.Strong, line) : line);
            if (origins == OriginForm.Comments && origin is SourceLocation place)
            {
                text.Append(' ', Math.Max(column - line.Length, 0) + Gap).Append(style.Paint(Ink.Faint, CommentOf(place)));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>As wide as the widest value, and no wider than leaves the longest origin its place.</summary>
    private int Column()
    {
        int widest = 0;
        int longest = 0;
        foreach ((string line, SourceLocation? origin) in lines)
        {
            if (origin is SourceLocation place)
            {
                widest = Math.Max(widest, line.Length);
                longest = Math.Max(longest, CommentOf(place).Length);
            }
        }

        return Math.Min(widest, Math.Max(LeastColumn, Width - Gap - longest));
    }

    private static string CommentOf(SourceLocation place) => $"# {Escaped.Text(place.ToString())}";

    private static string KeyOf(string key) => IsBare(key) ? key : Quoted(key);

    private static bool IsBare(string key)
    {
        foreach (char c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        return key.Length > 0;
    }

    private static string ValueOf(ValueSyntax? value) => value switch
    {
        StringValueSyntax text => Quoted(text.Value ?? ""),
        BooleanValueSyntax flag => flag.Value ? "true" : "false",
        IntegerValueSyntax number => number.Value.ToString(CultureInfo.InvariantCulture),
        _ => throw new UnreachableException(),
    };

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                >= ' ' and <= '~' => text.Append((char)rune.Value),
                <= char.MaxValue => text.Append("\\u").Append(rune.Value.ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append("\\U").Append(rune.Value.ToString("X8", CultureInfo.InvariantCulture)),
            };
        }

        return text.Append('"').ToString();
    }
}

/// <summary>Whether each value is shown with the line it comes from.</summary>
internal enum OriginForm
{
    None,

    /// <summary># FILE:LINE behind it.</summary>
    Comments,
}
