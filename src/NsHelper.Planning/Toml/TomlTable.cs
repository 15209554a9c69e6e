using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>A table of the file, with the place of every key. Keys are compared byte for byte.</summary>
internal sealed class TomlTable(TomlTable? parent, string key, SourceSpan span, TableOrigin origin)
{
    private readonly List<TomlEntry> entries = [];

    /// <summary>Keys from the root, joined by dots; empty for the root. Made when a message needs it.</summary>
    public string Path => parent is null ? key : parent.PathOf(key);

    /// <summary>The header, or what else made the table.</summary>
    public SourceSpan Span { get; set; } = span;

    public TableOrigin Origin { get; set; } = origin;

    public List<TomlEntry> Entries => entries;

    public TomlEntry? Find(string key)
    {
        foreach (TomlEntry entry in entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The same entries, in a list of its own.</summary>
    public TomlTable Copy()
    {
        TomlTable copy = Empty();
        copy.entries.AddRange(entries);
        return copy;
    }

    /// <summary>The same, but for the keys that are left out.</summary>
    public TomlTable Without(Predicate<string> isLeftOut)
    {
        TomlTable copy = Copy();
        copy.entries.RemoveAll(entry => isLeftOut(entry.Key));
        return copy;
    }

    /// <summary>The same place, without entries.</summary>
    public TomlTable Empty() => new(parent, key, Span, Origin);

    /// <summary>The same place in the file, without entries, as a table of another one.</summary>
    public TomlTable EmptyIn(TomlTable other) => new(other, key, Span, Origin);

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}

/// <summary>How a table came to be: that decides who may add to it.</summary>
internal enum TableOrigin
{
    /// <summary>Only named on the way to another header.</summary>
    Implicit,
    Header,

    /// <summary>By a dotted key.</summary>
    Dotted,

    /// <summary>{ ... }: complete where it stands.</summary>
    Inline,
}

/// <summary>A key and what it stands for: a value, a table, or an array of tables.</summary>
internal sealed class TomlEntry(string key, SourceSpan keySpan)
{
    public string Key { get; } = key;

    public SourceSpan KeySpan { get; } = keySpan;

    /// <summary>Null for tables that headers or dotted keys made, and where the parser found no value.</summary>
    public ValueSyntax? Value { get; set; }

    public TomlTable? Table { get; set; }

    /// <summary>The tables of [[key]], or of an array of inline tables.</summary>
    public List<TomlTable>? Elements { get; set; }

    /// <summary>The values of any other array; null where the parser found none.</summary>
    public List<ValueSyntax?>? Items { get; set; }

    /// <summary>Reported already; nobody need look at it.</summary>
    public bool IsWrong { get; set; }

    /// <summary>A key that nobody has asked for when the reader is done would have no effect.</summary>
    public bool WasRead { get; set; }
}
