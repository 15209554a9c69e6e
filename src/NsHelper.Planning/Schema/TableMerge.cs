using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Schema;

/// <summary>
/// Lays one checked file over what lies below it. A value replaces a value, a list replaces the whole list or adds to it and removes from it by
/// name, tables merge, and the tables of an array merge by their identity. Every value keeps its place. To remove what is not there is a
/// fault: whoever wrote it believes that something is gone.
/// </summary>
internal sealed class TableMerge(DiagnosticList diagnostics)
{
    private const string Remove = "remove";

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
            if (index < 0)
            {
                merged.Entries.Add(above);
            }
            else
            {
                merged.Entries[index] = above;
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
        foreach (ValueSyntax? item in change.Find(Remove)?.Items ?? [])
        {
            if (items.RemoveAll(value => TextOf(value) == TextOf(item)) == 0)
            {
                diagnostics.Add(item!.Span, $"{Escaped.Shown(name)} has no \"{Escaped.Shown(TextOf(item))}\" to remove", null);
            }
        }

        foreach (ValueSyntax? item in change.Find("add")?.Items ?? [])
        {
            if (items.Exists(value => TextOf(value) == TextOf(item)))
            {
                diagnostics.Add(item!.Span, $"{Escaped.Shown(name)} has \"{Escaped.Shown(TextOf(item))}\" already", null);
            }
            else
            {
                items.Add(item);
            }
        }

        return items;
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
        int below = lower.Count;
        foreach (TomlTable table in upper)
        {
            // Only with what lies below: twice the same in one file is a fault that the readers find.
            int index = joined.FindIndex(0, below, other => IsSame(schema, other, table));
            if (table.Find(Remove) is { IsWrong: false, Value: BooleanValueSyntax { Value: true } })
            {
                below -= RemoveAt(joined, index, schema, table);
            }
            else if (index < 0)
            {
                joined.Add(Merge(schema, table.EmptyIn(parent), table));
            }
            else
            {
                joined[index] = Merge(schema, joined[index], table);
            }
        }

        return joined;
    }

    private int RemoveAt(List<TomlTable> joined, int index, TableSchema schema, TomlTable table)
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
            diagnostics.Add(table.Span, $"there is no such [[{Escaped.Shown(table.Path)}]] to remove", $"it is known by {string.Join(" and ", schema.Identity)}");
            return 0;
        }

        joined.RemoveAt(index);
        return 1;
    }

    private static bool IsSame(TableSchema schema, TomlTable left, TomlTable right)
    {
        foreach (string key in schema.Identity)
        {
            if (!IsSame(left.Find(key), right.Find(key)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(TomlEntry? left, TomlEntry? right)
    {
        if (left?.Items is { } leftItems && right?.Items is { } rightItems)
        {
            return leftItems.Count == rightItems.Count && leftItems.TrueForAll(item => TextOf(item) == TextOf(rightItems[leftItems.IndexOf(item)]));
        }

        return left?.Items is null && right?.Items is null && TextOf(left?.Value) == TextOf(right?.Value);
    }

    private static string TextOf(ValueSyntax? value) => (value as StringValueSyntax)?.Value ?? "";
}
