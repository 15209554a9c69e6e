using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Walks the syntax tree once and joins headers, dotted keys and inline tables; what is defined twice is a fault.</summary>
internal sealed class TomlTableBuilder
{
    private readonly TomlDefinitions definitions;

    private TomlTableBuilder(DiagnosticList diagnostics) => definitions = new TomlDefinitions(diagnostics);

    public static TomlTable Build(DocumentSyntax document, string file, DiagnosticList diagnostics)
    {
        var builder = new TomlTableBuilder(diagnostics);
        var root = new TomlTable(null, "", DiagnosticList.StartOf(file), TableOrigin.Header);
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            builder.AddPair(root, pair);
        }

        foreach (TableSyntaxBase section in document.Tables)
        {
            if (!builder.definitions.Count(section.Span))
            {
                break;
            }

            TomlTable table = builder.Open(root, section);
            foreach (KeyValueSyntax pair in section.Items)
            {
                builder.AddPair(table, pair);
            }
        }

        return root;
    }

    private TomlTable Open(TomlTable root, TableSyntaxBase section)
    {
        TomlTable table = root;
        List<(string Key, SourceSpan Span)> keys = TomlKeys.Of(section.Name);
        for (int i = 0; i < keys.Count; i++)
        {
            (string key, SourceSpan span) = keys[i];
            TomlEntry? entry = table.Find(key);
            bool isLast = i == keys.Count - 1;
            if (isLast)
            {
                return section is TableArraySyntax ? OpenElement(table, entry, key, span) : OpenTable(table, entry, key, span);
            }

            table = Descend(table, entry, key, span);
        }

        return TomlDefinitions.Detached(table, "", default);
    }

    private TomlTable Descend(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            return definitions.NewTable(table, key, span, TableOrigin.Implicit);
        }

        if (entry.Value is null && entry.Elements is { Count: > 0 } elements)
        {
            return elements[^1];
        }

        return entry.Table is { Origin: not TableOrigin.Inline } found ? found : definitions.Twice(table, entry, span);
    }

    private TomlTable OpenTable(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            return definitions.NewTable(table, key, span, TableOrigin.Header);
        }

        if (entry.Table is { Origin: TableOrigin.Implicit } found)
        {
            found.Origin = TableOrigin.Header;
            found.Span = span;
            return found;
        }

        return definitions.Twice(table, entry, span);
    }

    private TomlTable OpenElement(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            entry = new TomlEntry(key, span) { Elements = [] };
            definitions.AddEntry(table, entry);
        }
        else if (entry.Value is not null || entry.Elements is null)
        {
            return definitions.Twice(table, entry, span);
        }

        TomlTable element = new(table, key, span, TableOrigin.Header);
        entry.Elements?.Add(element);
        return element;
    }

    private void AddPair(TomlTable table, KeyValueSyntax pair)
    {
        if (!definitions.Count(pair.Span))
        {
            return;
        }

        List<(string Key, SourceSpan Span)> keys = TomlKeys.Of(pair.Key);
        for (int i = 0; i < keys.Count; i++)
        {
            (string key, SourceSpan span) = keys[i];
            TomlEntry? entry = table.Find(key);
            if (i == keys.Count - 1)
            {
                AddValue(table, entry, key, span, pair.Value);
            }
            else if (entry is null)
            {
                table = definitions.NewTable(table, key, span, TableOrigin.Dotted);
            }
            else
            {
                table = entry.Table is { Origin: TableOrigin.Dotted } found ? found : definitions.Twice(table, entry, span);
            }
        }
    }

    private void AddValue(TomlTable table, TomlEntry? entry, string key, SourceSpan span, ValueSyntax? value)
    {
        if (entry is not null)
        {
            definitions.Twice(table, entry, span);
            return;
        }

        entry = new TomlEntry(key, span) { Value = value };
        definitions.AddEntry(table, entry);
        if (value is InlineTableSyntax inline)
        {
            entry.Table = Inline(table, key, span, inline);
        }
        else if (value is ArraySyntax array && TablesIn(array))
        {
            entry.Elements = [];
            foreach (ArrayItemSyntax item in array.Items)
            {
                entry.Elements.Add(Inline(table, key, item.Span, (InlineTableSyntax)item.Value!));
            }
        }
        else if (value is ArraySyntax list)
        {
            entry.Items = [];
            foreach (ArrayItemSyntax item in list.Items)
            {
                entry.Items.Add(item.Value);
            }
        }
    }

    private TomlTable Inline(TomlTable parent, string key, SourceSpan span, InlineTableSyntax syntax)
    {
        var table = new TomlTable(parent, key, span, TableOrigin.Dotted);
        foreach (InlineTableItemSyntax item in syntax.Items)
        {
            if (item.KeyValue is KeyValueSyntax pair)
            {
                AddPair(table, pair);
            }
        }

        table.Origin = TableOrigin.Inline;
        return table;
    }

    private static bool TablesIn(ArraySyntax array)
    {
        foreach (ArrayItemSyntax item in array.Items)
        {
            if (item.Value is not InlineTableSyntax)
            {
                return false;
            }
        }

        return array.Items.ChildrenCount > 0;
    }
}
