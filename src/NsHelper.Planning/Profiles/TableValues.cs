using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>Values of a merged table for rules that look at it once more: null for what is absent or wrong, and nothing is reported.</summary>
internal static class TableValues
{
    public static TomlText? TextOf(TomlTable? table, string key) =>
        table?.Find(key) is { IsWrong: false, Value: StringValueSyntax text } ? TomlText.Of(text) : null;

    public static bool? FlagOf(TomlTable? table, string key) =>
        table?.Find(key) is { IsWrong: false, Value: BooleanValueSyntax flag } ? flag.Value : null;

    public static TomlTable? TableOf(TomlTable table, string key) => table.Find(key) is { IsWrong: false } entry ? entry.Table : null;

    public static List<TomlTable> ElementsOf(TomlTable table, string key) => table.Find(key) is { IsWrong: false, Elements: { } found } ? found : [];

    /// <summary>The texts of a list; empty when there is none.</summary>
    public static List<TomlText> TextsOf(TomlTable? table, string key)
    {
        List<TomlText> texts = [];
        if (table?.Find(key) is { IsWrong: false, Items: { } items })
        {
            foreach (ValueSyntax? item in items)
            {
                if (item is StringValueSyntax text)
                {
                    texts.Add(TomlText.Of(text));
                }
            }
        }

        return texts;
    }

    public static bool Has(TomlTable? table, string key, string word) => TextsOf(table, key).Exists(text => text.Value == word);
}
