using System.Diagnostics;
using System.Text.Json;
using NsHelper.Planning.Output;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>A merged profile for programs: "profile" has its values in the shape of the file, "origins" the line of each, by the path of its key.</summary>
internal static class ProfileJson
{
    public static string Of(ProfileName name, TomlTable merged) => JsonDocumentText.Write(json =>
    {
        json.WriteString("name", name.Text);
        json.WriteStartObject("profile");
        WriteFields(json, merged, ProfileSchema.Top, isTop: true);
        json.WriteEndObject();
        json.WriteStartArray("origins");
        WriteOrigins(json, merged, ProfileSchema.Top, "");
        json.WriteEndArray();
    });

    private static void WriteFields(Utf8JsonWriter json, TomlTable table, TableSchema schema, bool isTop)
    {
        foreach (TomlEntry entry in MergedEntries.Of(table, schema, isTop))
        {
            TableSchema inner = schema.Find(entry.Key)?.Table ?? schema;
            json.WritePropertyName(entry.Key);
            if (entry.Table is TomlTable found)
            {
                WriteObject(json, found, inner);
            }
            else if (entry.Elements is { } elements)
            {
                json.WriteStartArray();
                elements.ForEach(element => WriteObject(json, element, inner));
                json.WriteEndArray();
            }
            else if (entry.Items is { } items)
            {
                json.WriteStartArray();
                items.ForEach(item => WriteValue(json, item));
                json.WriteEndArray();
            }
            else
            {
                WriteValue(json, entry.Value);
            }
        }
    }

    private static void WriteObject(Utf8JsonWriter json, TomlTable table, TableSchema schema)
    {
        json.WriteStartObject();
        WriteFields(json, table, schema, isTop: false);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, ValueSyntax? value)
    {
        switch (value)
        {
            case StringValueSyntax text:
                json.WriteStringValue(text.Value);
                break;
            case BooleanValueSyntax flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case IntegerValueSyntax number:
                json.WriteNumberValue(number.Value);
                break;
            default:
                throw new UnreachableException();
        }
    }

    // A list has the line of its key, and each entry its own: they may come from several files.
    private static void WriteOrigins(Utf8JsonWriter json, TomlTable table, TableSchema schema, string path)
    {
        foreach (TomlEntry entry in MergedEntries.Of(table, schema, path.Length == 0))
        {
            TableSchema inner = schema.Find(entry.Key)?.Table ?? schema;
            string key = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (entry.Table is TomlTable found)
            {
                WriteOrigins(json, found, inner, key);
            }
            else if (entry.Elements is { } elements)
            {
                for (int i = 0; i < elements.Count; i++)
                {
                    WriteOrigins(json, elements[i], inner, $"{key}[{i}]");
                }
            }
            else
            {
                WriteOrigin(json, key, DiagnosticList.LocationOf(entry.KeySpan));
                for (int i = 0; i < entry.Items?.Count; i++)
                {
                    WriteOrigin(json, $"{key}[{i}]", DiagnosticList.LocationOf(entry.Items[i]!.Span));
                }
            }
        }
    }

    private static void WriteOrigin(Utf8JsonWriter json, string key, SourceLocation origin)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteLocation(origin);
        json.WriteEndObject();
    }
}
