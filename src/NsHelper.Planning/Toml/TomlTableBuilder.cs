using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Walks the syntax tree once and joins headers, dotted keys and inline tables; what is defined twice is a fault.</summary>
internal sealed class TomlTableBuilder
{
    /// <summary>Keys of one table: lookups walk the list, so the list is bounded.</summary>
    private const int MaxKeys = 256;

    /// <summary>Keys and tables of the whole file: far more than a profile needs, few enough to be read in no time.</summary>
    private const int MaxNodes = 4096;

    private readonly DiagnosticList diagnostics;
    private int nodes;

    private TomlTableBuilder(DiagnosticList diagnostics) => this.diagnostics = diagnostics;

    public static TomlTable Build(DocumentSyntax document, DiagnosticList diagnostics)
    {
        var builder = new TomlTableBuilder(diagnostics);
        var root = new TomlTable(null, "", default, TableOrigin.Header);
        foreach (KeyValueSyntax pair in document.KeyValues)
        {
            builder.AddPair(root, pair);
        }

        foreach (TableSyntaxBase section in document.Tables)
        {
            if (!builder.Count(section.Span))
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
        List<(string Key, SourceSpan Span)> keys = KeysOf(section.Name);
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

        return Detached(table, default);
    }

    private TomlTable Descend(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            return NewTable(table, key, span, TableOrigin.Implicit);
        }

        if (entry.Value is null && entry.Elements is { Count: > 0 } elements)
        {
            return elements[^1];
        }

        return entry.Table is { Origin: not TableOrigin.Inline } found ? found : Twice(table, entry, span);
    }

    private TomlTable OpenTable(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            return NewTable(table, key, span, TableOrigin.Header);
        }

        if (entry.Table is { Origin: TableOrigin.Implicit } found)
        {
            found.Origin = TableOrigin.Header;
            found.Span = span;
            return found;
        }

        return Twice(table, entry, span);
    }

    private TomlTable OpenElement(TomlTable table, TomlEntry? entry, string key, SourceSpan span)
    {
        if (entry is null)
        {
            entry = new TomlEntry(key, span) { Elements = [] };
            AddEntry(table, entry);
        }
        else if (entry.Value is not null || entry.Elements is null)
        {
            return Twice(table, entry, span);
        }

        TomlTable element = new(table, key, span, TableOrigin.Header);
        entry.Elements?.Add(element);
        return element;
    }

    private void AddPair(TomlTable table, KeyValueSyntax pair)
    {
        if (!Count(pair.Span))
        {
            return;
        }

        List<(string Key, SourceSpan Span)> keys = KeysOf(pair.Key);
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
                table = NewTable(table, key, span, TableOrigin.Dotted);
            }
            else
            {
                table = entry.Table is { Origin: TableOrigin.Dotted } found ? found : Twice(table, entry, span);
            }
        }
    }

    private void AddValue(TomlTable table, TomlEntry? entry, string key, SourceSpan span, ValueSyntax? value)
    {
        if (entry is not null)
        {
            Twice(table, entry, span);
            return;
        }

        entry = new TomlEntry(key, span) { Value = value };
        AddEntry(table, entry);
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

    private TomlTable NewTable(TomlTable parent, string key, SourceSpan span, TableOrigin origin)
    {
        TomlTable table = new(parent, key, span, origin);
        AddEntry(parent, new TomlEntry(key, span) { Table = table });
        return table;
    }

    private void AddEntry(TomlTable table, TomlEntry entry)
    {
        if (table.Entries.Count < MaxKeys)
        {
            table.Entries.Add(entry);
        }
        else if (table.Entries.Count == MaxKeys)
        {
            diagnostics.Add(entry.KeySpan, $"a table has more than {MaxKeys} keys", null);
            table.Entries.Add(new TomlEntry("", entry.KeySpan) { WasRead = true });
        }
    }

    /// <summary>Whether there is room for one more; the first that finds none is reported.</summary>
    private bool Count(SourceSpan span)
    {
        if (nodes == MaxNodes)
        {
            diagnostics.Add(span, $"a file has more than {MaxNodes} keys and tables", null);
        }

        return nodes <= MaxNodes && nodes++ < MaxNodes;
    }

    /// <summary>Reports it, and gives a table in which what follows is still looked at.</summary>
    private TomlTable Twice(TomlTable table, TomlEntry entry, SourceSpan span)
    {
        diagnostics.Add(
            span,
            $"\"{Escaped.Text(table.PathOf(entry.Key))}\" is defined twice",
            $"the first is in line {diagnostics.LocationOf(entry.KeySpan).Line}");
        return entry.Table is { Origin: not TableOrigin.Inline } found ? found : Detached(table, span);
    }

    private static TomlTable Detached(TomlTable table, SourceSpan span) => new(table, "", span, TableOrigin.Header);

    private static List<(string Key, SourceSpan Span)> KeysOf(KeySyntax? syntax)
    {
        List<(string, SourceSpan)> keys = [];
        if (syntax?.Key is { } first && TextOf(first) is { } firstText)
        {
            keys.Add((firstText, first.Span));
            foreach (DottedKeyItemSyntax item in syntax.DotKeys)
            {
                if (item.Key is { } next && TextOf(next) is { } text)
                {
                    keys.Add((text, next.Span));
                }
            }
        }

        return keys;
    }

    private static string? TextOf(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax quoted => quoted.Value,
        _ => null,
    };
}
