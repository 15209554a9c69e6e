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

    public List<TomlTable>? Elements { get; set; }

    /// <summary>A key that nobody has asked for when the reader is done is unknown.</summary>
    public bool WasRead { get; set; }
}
