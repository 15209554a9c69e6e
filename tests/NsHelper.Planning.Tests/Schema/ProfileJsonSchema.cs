using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Documents;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>
/// The JSON Schema of one file of a profile, for editors: structure from the table of keys that the reader uses, descriptions and defaults from
/// nshelper-profile(5). It is made here and not in the program, which would carry it in every start.
/// </summary>
internal static class ProfileJsonSchema
{
    public const string File = "packaging/schema/profile-1.json";

    private const int MaxEntries = 1024;
    private const long MostDigits = 999_999_999_999_999_999;

    // Plain text in a file: nothing need be hidden from HTML.
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text => Document().ToJsonString(Written) + "\n";

    private static JsonObject Document()
    {
        var document = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["$id"] = "file:///usr/share/nshelper/schema/profile-1.json",
            ["title"] = "nshelper profile, schema 1",
            ["description"] = "A profile of nshelper(1), or a drop-in of one; see nshelper-profile(5).",
        };
        Describe(document, ProfileSchema.Top, "");
        document["required"] = Texts(ProfileSchema.Top.Keys.Where(key => key.Required is not null).Select(key => key.Name));
        return document;
    }

    /// <summary>What must be there in every file, that is by what an element is known: other keys may be in another file of the profile.</summary>
    private static void Describe(JsonObject node, TableSchema table, string path)
    {
        var properties = new JsonObject();
        foreach (KeySchema key in table.Keys.Where(key => !key.IsReserved))
        {
            properties[key.Name] = KeyNode(key, path);
        }

        node["type"] = "object";
        if (table.Rest is KeySchema rest)
        {
            node["propertyNames"] = FormNode(table.RestName);
            node["additionalProperties"] = rest.Table is TableSchema named ? Described(named, path) : TextNode(rest);
            return;
        }

        node["properties"] = properties;
        node["additionalProperties"] = false;
        if (table.Keys.Where(key => key.Required is not null && table.Identity.Contains(key.Name)).Select(key => key.Name).ToArray() is { Length: > 0 } identity)
        {
            node["required"] = Texts(identity);
        }
    }

    private static JsonObject Described(TableSchema table, string path)
    {
        var node = new JsonObject();
        Describe(node, table, path);
        return node;
    }

    private static JsonObject KeyNode(KeySchema key, string path)
    {
        string own = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
        var node = new JsonObject { ["title"] = Title(key, own) };
        ManualTable table = ManualPage.Profiles.Find(path);
        if (key.Table is { Keys.Length: > 0 } or { Rest.Table: not null })
        {
            node["description"] = ManualPage.Profiles.Find(own).Lead;
        }
        else
        {
            ManualEntry entry = table.Find(key.Name);
            node["description"] = table.IsLater && !entry.IsLater ? $"{entry.Text} Not available in this version." : entry.Text;
            if (ManualDefault.Of(key, entry) is object value)
            {
                node["default"] = JsonSerializer.SerializeToNode(value);
            }
        }

        JsonObject[] alternatives = [.. Alternatives(key, own)];
        if (alternatives.Length > 1)
        {
            node["anyOf"] = new JsonArray([.. alternatives]);
            return node;
        }

        foreach ((string name, JsonNode? part) in alternatives[0].ToArray())
        {
            node[name] = part?.DeepClone();
        }

        return node;
    }

    private static string Title(KeySchema key, string path) =>
        key.Takes(ValueKinds.Table) ? $"[{path}]" : key.Takes(ValueKinds.Tables) ? $"[[{path}]]" : key.Name;

    private static IEnumerable<JsonObject> Alternatives(KeySchema key, string path)
    {
        if (key.Takes(ValueKinds.Flag))
        {
            yield return new JsonObject { ["type"] = "boolean" };
        }

        if (key.Takes(ValueKinds.Number))
        {
            yield return new JsonObject { ["type"] = "integer", ["minimum"] = key.Least, ["maximum"] = Math.Min(key.Most, MostDigits) };
        }

        if (key.Takes(ValueKinds.Text))
        {
            yield return TextNode(key);
        }

        if (key.Takes(ValueKinds.List))
        {
            yield return ListNode(key);
        }

        if (key.Takes(ValueKinds.List) && !key.IsSequence)
        {
            yield return new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["add"] = ListNode(key), ["remove"] = ListNode(key) },
                ["additionalProperties"] = false,
                ["minProperties"] = 1,
            };
        }

        if (key.Table is TableSchema inner)
        {
            JsonObject table = Described(inner, path);
            yield return key.Takes(ValueKinds.Table)
                ? table
                : new JsonObject { ["type"] = "array", ["maxItems"] = MaxEntries, ["items"] = table };
        }
    }

    private static JsonObject ListNode(KeySchema key) =>
        new() { ["type"] = "array", ["items"] = TextNode(key), ["uniqueItems"] = !key.IsSequence, ["maxItems"] = MaxEntries };

    private static JsonObject TextNode(KeySchema key)
    {
        if (key.Form == TextForm.None)
        {
            return WordsNode(key.Words);
        }

        return key.Words.Length == 0 ? FormNode(key.Form) : new JsonObject { ["anyOf"] = new JsonArray(WordsNode(key.Words), FormNode(key.Form)) };
    }

    private static JsonObject WordsNode(IEnumerable<string> words) => new() { ["type"] = "string", ["enum"] = Texts(words) };

    private static JsonObject FormNode(TextForm form)
    {
        FormPattern pattern = FormPattern.Of(form);
        if (pattern.Words.Length > 0)
        {
            return WordsNode(pattern.Words);
        }

        var node = new JsonObject { ["type"] = "string", ["pattern"] = $"^{pattern.Pattern}$" };
        if (pattern.MaxLength is int most)
        {
            node["maxLength"] = most;
        }

        if (pattern.Not is string not)
        {
            node["not"] = new JsonObject { ["pattern"] = not };
        }

        return node;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
