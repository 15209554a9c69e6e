using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Schema;

/// <summary>What would be right where a key or the kind of its value is wrong.</summary>
/// <param name="top">The keys of the whole file.</param>
internal sealed class KeyHints(TableSchema top)
{
    /// <summary>A key that stands in many tables says little about where this one belongs.</summary>
    private const int MostPlaces = 3;

    /// <summary>The word that was meant, or the table it belongs in, or what the table takes.</summary>
    public string ForUnknown(string key, TableSchema schema)
    {
        foreach ((string synonym, string hint) in schema.Synonyms)
        {
            if (synonym == key)
            {
                return hint;
            }
        }

        if (Spelling.Nearest(key, schema.Names) is string nearest)
        {
            return $"did you mean \"{nearest}\"?";
        }

        List<string> places = [];
        FindPlaces(key, top, "", places);
        return places.Count is 0 or > MostPlaces ? $"known: {Spelling.List(schema.Names)}" : $"\"{key}\" belongs {string.Join(" or ", places)}";
    }

    /// <summary>What to write for a value of the wrong kind; null where the message says it all.</summary>
    public static string? ForKind(TomlEntry entry, KeySchema key)
    {
        bool takesTexts = key.Takes(ValueKinds.List);
        return entry switch
        {
            { Value: StringValueSyntax text } when takesTexts => $"write {entry.Key} = [\"{Escaped.Shown(text.Value ?? "")}\"]",
            { Table: not null } when takesTexts && !key.IsSequence => $"write {entry.Key} = [...], or {{ add = [...], remove = [...] }}",
            { Items: not null } when key.Name == "commands" => "write a [[command]] with path = \"...\" for each, or commands = \"any\"",
            _ when key.Words.Length > 0 && key.Takes(ValueKinds.Text) => $"accepted: {Accepted(key)}",
            { Value: IntegerValueSyntax number } when key.Takes(ValueKinds.Text) => $"write {entry.Key} = \"{Escaped.Shown(number.Token?.Text ?? "")}\"",
            _ => null,
        };
    }

    public static string Accepted(KeySchema key)
    {
        string words = key.Kinds.HasFlag(ValueKinds.Flag) ? $"true, false, {Spelling.List(key.Words)}" : Spelling.List(key.Words);
        return TextForms.Described(key.Form) is string form ? $"{words}, {form}" : words;
    }

    private static void FindPlaces(string key, TableSchema schema, string path, List<string> places)
    {
        foreach (KeySchema known in schema.Keys)
        {
            string inner = path.Length == 0 ? known.Name : $"{path}.{known.Name}";
            if (known.Name == key && !known.IsReserved)
            {
                places.Add(known.Table is not null ? $"at the top: {Header(known, inner)}" : PlaceIn(schema, path));
            }

            if (known.Table is TableSchema table)
            {
                FindPlaces(key, table, inner, places);
            }
        }
    }

    private static string Header(KeySchema key, string path) => key.Takes(ValueKinds.Tables) ? $"[[{path}]]" : $"[{path}]";

    private static string PlaceIn(TableSchema schema, string path) =>
        path.Length == 0 ? "above the first [table]" : schema.Identity.Length > 0 ? $"in [[{path}]]" : $"in [{path}]";
}
