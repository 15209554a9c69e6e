using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Enters keys and tables, within bounds, and reports what is defined twice.</summary>
internal sealed class TomlDefinitions(DiagnosticList diagnostics)
{
    /// <summary>Keys of one table: lookups walk the list, so the list is bounded.</summary>
    public const int MaxKeys = 256;

    /// <summary>Keys and tables of the whole file: far more than a profile needs, few enough to be read in no time.</summary>
    private const int MaxNodes = 4096;

    private int nodes;

    public TomlTable NewTable(TomlTable parent, string key, SourceSpan span, TableOrigin origin)
    {
        TomlTable table = new(parent, key, span, origin);
        AddEntry(parent, new TomlEntry(key, span) { Table = table });
        return table;
    }

    public void AddEntry(TomlTable table, TomlEntry entry)
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
    public bool Count(SourceSpan span)
    {
        if (nodes == MaxNodes)
        {
            diagnostics.Add(span, $"a file has more than {MaxNodes} keys and tables", null);
        }

        return nodes <= MaxNodes && nodes++ < MaxNodes;
    }

    /// <summary>Reports it, and gives a table in which what follows is still looked at.</summary>
    public TomlTable Twice(TomlTable table, TomlEntry entry, SourceSpan span)
    {
        diagnostics.Add(
            span,
            $"\"{Escaped.Shown(table.PathOf(entry.Key))}\" is defined twice",
            $"the first is in line {DiagnosticList.LocationOf(entry.KeySpan).Line}");
        return entry.Table is { Origin: not TableOrigin.Inline } found ? found : Detached(table, entry.Key, span);
    }

    /// <summary>A table that nobody will read, for what cannot be placed.</summary>
    public static TomlTable Detached(TomlTable parent, string key, SourceSpan span) => new(parent, key, span, TableOrigin.Header);
}
