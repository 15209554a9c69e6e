using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Schema;

/// <summary>
/// Lays one checked file over what lies below it. A value replaces a value, a list replaces the whole list or adds to it and removes from it by
/// name, tables merge, and the tables of an array merge by their identity. Every value keeps its place. To remove what is not there is a
/// fault: whoever wrote it believes that something is gone. What grows from layer to layer has the bounds of a single file.
/// </summary>
internal sealed class TableMerge(DiagnosticList diagnostics)
{
    private const string Remove = "remove";

    /// <summary>Of what there is, in a hint.</summary>
    private const int MostShown = 5;

    /// <summary>A new table; the two that are merged stay as they are.</summary>
    public TomlTable Merge(TableSchema schema, TomlTable lower, TomlTable upper)
    {
        TomlTable merged = lower.Copy();
        foreach (TomlEntry entry in upper.Entries)
        {
            int index = merged.Entries.FindIndex(below => below.Key == entry.Key);
            TomlEntry above = entry.IsWrong || schema.Find(entry.Key) is not KeySchema key
                ? new TomlEntry(entry.Key, entry.KeySpan) { IsWrong = true }
                : Over(key, index < 0 ? null : merged.Entries[index], entry, merged);
            if (index >= 0)
            {
                merged.Entries[index] = above;
            }
            else if (HasRoom(merged.Entries.Count, TomlDefinitions.MaxKeys, entry.KeySpan, merged.Path, "keys"))
            {
                merged.Entries.Add(above);
            }
        }

        return merged;
    }

    private TomlEntry Over(KeySchema key, TomlEntry? lower, TomlEntry upper, TomlTable parent)
    {
        if (upper.Table is TomlTable change && key.Takes(ValueKinds.List) && TomlKinds.IsListChange(upper))
        {
            return new TomlEntry(upper.Key, upper.KeySpan) { Items = Changed(lower?.Items ?? Written(lower) ?? Defaults(key, upper), change, parent.PathOf(upper.Key)) };
        }

        if (upper.Table is TomlTable table && key.Table is TableSchema schema)
        {
            return new TomlEntry(upper.Key, lower?.KeySpan ?? upper.KeySpan) { Table = Merge(schema, lower?.Table ?? table.EmptyIn(parent), table) };
        }

        if (upper.Elements is { } elements && key.Table is TableSchema element)
        {
            return new TomlEntry(upper.Key, lower?.KeySpan ?? upper.KeySpan) { Elements = Joined(element, lower?.Elements ?? [], elements, parent) };
        }

        return new TomlEntry(upper.Key, upper.KeySpan) { Value = upper.Value, Items = upper.Items };
    }

    private List<ValueSyntax?> Changed(List<ValueSyntax?> below, TomlTable change, string name)
    {
        List<ValueSyntax?> items = [.. below];
        List<string> texts = below.ConvertAll(TextOf);
        foreach (ValueSyntax? item in change.Find(Remove)?.Items ?? [])
        {
            int before = texts.Count;
            for (int index = texts.IndexOf(TextOf(item)); index >= 0; index = texts.IndexOf(TextOf(item)))
            {
                items.RemoveAt(index);
                texts.RemoveAt(index);
            }

            if (texts.Count == before)
            {
                diagnostics.Add(item!.Span, $"{Escaped.Shown(name)} has no \"{Escaped.Shown(TextOf(item))}\" to remove", ThereIs(texts));
            }
        }

        foreach (ValueSyntax? item in change.Find("add")?.Items ?? [])
        {
            if (texts.Contains(TextOf(item)))
            {
                diagnostics.Add(item!.Span, $"{Escaped.Shown(name)} has \"{Escaped.Shown(TextOf(item))}\" already", null);
            }
            else if (HasRoom(items.Count, SchemaCheck.MaxEntries, item!.Span, name, "entries"))
            {
                items.Add(item);
                texts.Add(TextOf(item));
            }
        }

        return items;
    }

    private bool HasRoom(int count, int most, SourceSpan place, string name, string what)
    {
        if (count == most)
        {
            diagnostics.Add(place, $"{Escaped.Shown(name)} has more than {most} {what} in all files", null);
        }

        return count < most;
    }

    /// <summary>A list that was written as one text.</summary>
    private static List<ValueSyntax?>? Written(TomlEntry? entry) => entry?.Value is StringValueSyntax text ? [text] : null;

    private static List<ValueSyntax?> Defaults(KeySchema key, TomlEntry place)
    {
        List<ValueSyntax?> items = [];
        foreach (string text in key.Default)
        {
            items.Add(new StringValueSyntax(text) { Span = place.KeySpan });
        }

        return items;
    }

    private List<TomlTable> Joined(TableSchema schema, List<TomlTable> lower, List<TomlTable> upper, TomlTable parent)
    {
        List<TomlTable> joined = [.. lower];
        List<string> identities = lower.ConvertAll(table => IdentityOf(schema, table));
        foreach (TomlTable table in upper)
        {
            // Only with what lies below: twice the same in one file is a fault that the readers find.
            int index = identities.IndexOf(IdentityOf(schema, table));
            if (table.Find(Remove) is { IsWrong: false, Value: BooleanValueSyntax { Value: true } })
            {
                RefuseInRemoval(index, schema, table, joined);
                if (index >= 0)
                {
                    joined.RemoveAt(index);
                    identities.RemoveAt(index);
                }
            }
            else if (index >= 0)
            {
                joined[index] = Merge(schema, joined[index], table);
            }
            else if (HasRoom(joined.Count, SchemaCheck.MaxEntries, table.Span, table.Path, "tables"))
            {
                joined.Add(Merge(schema, table.EmptyIn(parent), table));
            }
        }

        return joined;
    }

    private void RefuseInRemoval(int index, TableSchema schema, TomlTable table, List<TomlTable> there)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Key != Remove && !schema.Identity.AsSpan().Contains(entry.Key))
            {
                diagnostics.Add(entry.KeySpan, $"{Escaped.Shown(table.PathOf(entry.Key))} has no effect in what is removed", null);
            }
        }

        if (index < 0)
        {
            diagnostics.Add(table.Span, $"there is no such [[{Escaped.Shown(table.Path)}]] to remove", $"it is known by {string.Join(" and ", schema.Identity)}; {ThereIs(there.ConvertAll(other => TextOf(other.Find(schema.Identity[0])?.Value)))}");
        }
    }

    private static string ThereIs(List<string> texts)
    {
        List<string> shown = texts.GetRange(0, Math.Min(texts.Count, MostShown)).ConvertAll(text => $"\"{Escaped.Shown(text)}\"");
        return shown.Count == 0 ? "there is none" : $"there is {string.Join(", ", shown)}{(texts.Count > MostShown ? ", ..." : "")}";
    }

    /// <summary>By what a table of an array is known, as one text. The control characters are in no value that passed the check.</summary>
    private static string IdentityOf(TableSchema schema, TomlTable table)
    {
        string identity = "";
        foreach (string key in schema.Identity)
        {
            TomlEntry? entry = table.Find(key);
            identity += entry?.Items is { } items ? $"\0{string.Join('\0', items.ConvertAll(TextOf))}\u0001" : $"{TextOf(entry?.Value)}\u0001";
        }

        return identity;
    }

    private static string TextOf(ValueSyntax? value) => (value as StringValueSyntax)?.Value ?? "";
}
