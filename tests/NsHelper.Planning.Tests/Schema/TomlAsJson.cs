using System.Text.Json.Nodes;
using Tomlyn;
using Tomlyn.Model;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>A TOML text as editors give it to a JSON Schema: by the library's own model, which knows nothing of the reader.</summary>
internal static class TomlAsJson
{
    public static JsonNode Read(string text) => Of(TomlSerializer.Deserialize<TomlTable>(text)!);

    private static JsonNode Of(object? value) => value switch
    {
        TomlTable table => new JsonObject(table.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Of(pair.Value)))),
        TomlTableArray tables => new JsonArray([.. tables.Select(Of)]),
        TomlArray array => new JsonArray([.. array.Select(Of)]),
        bool flag => flag,
        long number => number,
        double number => number,
        string words => words,
        TomlDateTime date => date.ToString(),
        _ => throw new InvalidOperationException($"no JSON is known for {value}"),
    };
}
