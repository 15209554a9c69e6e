using System.Collections.Immutable;
using NsHelper.Planning.Schema;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>
/// Typed reading of one table that was compared with its schema. An absent key gives null, and so does a wrong one, which is reported already:
/// a reader goes on, and all faults come out together.
/// </summary>
internal sealed class TableReader(TomlTable table, TableSchema schema, DiagnosticList diagnostics)
{
    public SourceSpan Span => table.Span;

    public TomlTable Content => table;

    public DiagnosticList Diagnostics => diagnostics;

    public bool Has(string key) => table.Find(key) is not null;

    /// <summary>The place of a key that is there, else of the table.</summary>
    public SourceSpan SpanOf(string key) => table.Find(key)?.KeySpan ?? table.Span;

    public void Refuse(SourceSpan span, string message, string? hint) => diagnostics.Add(span, message, hint);

    /// <summary>Refuses a key that is there, unless its value is wrong anyway.</summary>
    public void RefuseKey(string key, string message, string? hint)
    {
        if (Take(key) is { IsWrong: false } entry)
        {
            Refuse(entry.KeySpan, message, hint);
        }
    }

    public void Require(string key, string hint)
    {
        // A line the parser stumbled over may well have had the key.
        if (!Has(key) && !diagnostics.HasUnreadable(key))
        {
            Refuse(table.Span, $"\"{key}\" is missing{(table.Path.Length == 0 ? "" : $" in {Escaped.Shown(table.Path)}")}", hint);
        }
    }

    public TomlText? Text(string key) => Take(key) is { IsWrong: false, Value: StringValueSyntax text } ? TomlText.Of(text) : null;

    public bool? Flag(string key) => Take(key) is { IsWrong: false, Value: BooleanValueSyntax flag } ? flag.Value : null;

    public long? Number(string key) =>
        Take(key) is { IsWrong: false, Value: IntegerValueSyntax number } ? TomlNumbers.Canonical(number.Token?.Text ?? "") : null;

    /// <summary>One of the words of the schema: its index among them, or null. A word of a later version is reported as that.</summary>
    public int? Choice(string key)
    {
        if (Text(key) is not TomlText text || schema.Find(key) is not KeySchema known)
        {
            return null;
        }

        int index = known.Words.AsSpan().IndexOf(text.Value);
        if (index < 0)
        {
            NotAvailable(text.Span, $"{Name(key)} = \"{Escaped.Shown(text.Value)}\"", $"accepted: {Spelling.List(known.Words)}");
        }

        return index < 0 ? null : index;
    }

    /// <summary>The entries of a list; null when the key is absent or wrong, and an empty list is empty.</summary>
    public ImmutableArray<TomlText>? Texts(string key)
    {
        if (Take(key) is not { IsWrong: false, Items: { } items })
        {
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<TomlText>(items.Count);
        foreach (ValueSyntax? item in items)
        {
            texts.Add(TomlText.Of((StringValueSyntax)item!));
        }

        return texts.MoveToImmutable();
    }

    public TableReader? Table(string key) =>
        Take(key) is { IsWrong: false, Table: TomlTable found } && schema.Find(key)?.Table is TableSchema inner ? new TableReader(found, inner, diagnostics) : null;

    /// <summary>The tables of [[key]], in file order, each with what it must have.</summary>
    public ImmutableArray<TableReader> Elements(string key)
    {
        if (Take(key) is not { IsWrong: false, Elements: { } found } || schema.Find(key)?.Table is not TableSchema inner)
        {
            return [];
        }

        var readers = ImmutableArray.CreateBuilder<TableReader>(found.Count);
        foreach (TomlTable element in found)
        {
            var reader = new TableReader(element, inner, diagnostics);
            reader.RequireAll();
            readers.Add(reader);
        }

        return readers.MoveToImmutable();
    }

    public void RequireAll()
    {
        foreach (KeySchema key in schema.Keys)
        {
            if (key.Required is string hint)
            {
                Require(key.Name, hint);
            }
        }
    }

    public string Name(string key) => Escaped.Shown(table.PathOf(key));

    /// <summary>The entry of a key, which counts as read from now on.</summary>
    public TomlEntry? Take(string key)
    {
        TomlEntry? entry = table.Find(key);
        if (entry is not null)
        {
            entry.WasRead = true;
        }

        return entry;
    }

    /// <summary>Says of what schema 1 has that this version does not act on it: the profile is good, and no session starts.</summary>
    public void NotAvailable(SourceSpan span, string what, string? hint) => diagnostics.Warn(span, $"{what} is not available in this version", hint);

    /// <summary>Nothing is ever ignored: a key that nobody asked for is one of a later version, or a fault.</summary>
    public void Finish()
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.WasRead || entry.IsWrong)
            {
                continue;
            }

            if (schema.Find(entry.Key) is { IsLater: true })
            {
                NotAvailable(entry.KeySpan, Name(entry.Key), null);
            }
            else
            {
                Refuse(entry.KeySpan, $"{Name(entry.Key)} has no effect here", null);
            }
        }
    }
}
