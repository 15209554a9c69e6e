using System.Collections.Immutable;
using System.Globalization;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>
/// Typed, strict reading of one table. An absent key gives null; a wrong one gives null too and a diagnostic, so a reader
/// goes on and all faults come out together.
/// </summary>
internal sealed class TableReader(TomlTable table, DiagnosticList diagnostics)
{
    /// <summary>Tables of one array: they are compared pair by pair.</summary>
    private const int MaxElements = 1024;

    public SourceSpan Span => table.Span;

    public TomlTable Content => table;

    public DiagnosticList Diagnostics => diagnostics;

    public bool Has(string key) => table.Find(key) is not null;

    /// <summary>The place of a key that is there, else of the table.</summary>
    public SourceSpan SpanOf(string key) => table.Find(key)?.KeySpan ?? table.Span;

    public void Refuse(SourceSpan span, string message, string? hint) => diagnostics.Add(span, message, hint);

    /// <summary>Refuses a key that is there.</summary>
    public void RefuseKey(string key, string message, string? hint)
    {
        if (Take(key) is TomlEntry entry)
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

    public TomlText? Text(string key) => Take(key) is TomlEntry entry ? TomlStrings.Single(this, entry, entry.Value, "a string") : null;

    public bool? Flag(string key)
    {
        if (Take(key) is not TomlEntry entry)
        {
            return null;
        }

        if (entry.Value is BooleanValueSyntax flag)
        {
            return flag.Value;
        }

        WrongType(entry, "true or false");
        return null;
    }

    /// <summary>A plain decimal number within bounds.</summary>
    public long? Number(string key, long least, long most)
    {
        if (Take(key) is not TomlEntry entry)
        {
            return null;
        }

        if (entry.Value is not IntegerValueSyntax number)
        {
            WrongType(entry, "an integer");
            return null;
        }

        string range = string.Create(CultureInfo.InvariantCulture, $"accepted: {least} to {most}, in plain decimal digits");
        if (TomlNumbers.Canonical(number.Token?.Text ?? "") is long value && value >= least && value <= most)
        {
            return value;
        }

        Refuse(number.Span, $"{Escaped.Shown(number.Token?.Text ?? "")} is no value of {Name(key)}", range);
        return null;
    }

    /// <summary>One of some words: its index among the accepted ones, or null.</summary>
    public int? Choice(string key, ReadOnlySpan<string> accepted, ReadOnlySpan<string> later)
    {
        if (Take(key) is not TomlEntry entry)
        {
            return null;
        }

        if (TomlStrings.Single(this, entry, entry.Value, "a string") is not TomlText text)
        {
            return null;
        }

        int index = accepted.IndexOf(text.Value);
        if (index >= 0)
        {
            return index;
        }

        RefuseWord(key, text, accepted, later);
        return null;
    }

    public void RefuseWord(string key, TomlText text, ReadOnlySpan<string> accepted, ReadOnlySpan<string> later)
    {
        string word = $"\"{Escaped.Shown(text.Value)}\"";
        Refuse(
            text.Span,
            later.IndexOf(text.Value) >= 0 ? $"{Name(key)} = {word} is not available in this version" : $"{word} is no value of {Name(key)}",
            $"accepted: {Spelling.List(accepted)}");
    }

    /// <summary>A list of strings, none of them twice; null when the key is absent or wrong, and an empty list is empty.</summary>
    public ImmutableArray<TomlText>? Texts(string key) => Take(key) is TomlEntry entry ? TomlStrings.List(this, entry) : null;

    public TableReader? Table(string key)
    {
        if (Take(key) is not TomlEntry entry)
        {
            return null;
        }

        if (entry.Table is TomlTable found)
        {
            return new TableReader(found, diagnostics);
        }

        WrongType(entry, $"a table: [{Name(key)}]");
        return null;
    }

    /// <summary>The tables of [[key]], in file order.</summary>
    public ImmutableArray<TableReader> Elements(string key)
    {
        if (Take(key) is not TomlEntry entry || entry.Value is ArraySyntax { Items.ChildrenCount: 0 })
        {
            return [];
        }

        if (entry.Elements is not List<TomlTable> found)
        {
            WrongType(entry, $"an array of tables: [[{Name(key)}]]");
            return [];
        }

        if (found.Count > MaxElements)
        {
            Refuse(found[MaxElements].Span, $"more than {MaxElements} tables [[{Name(key)}]]", null);
            return [];
        }

        var readers = ImmutableArray.CreateBuilder<TableReader>(found.Count);
        foreach (TomlTable element in found)
        {
            readers.Add(new TableReader(element, diagnostics));
        }

        return readers.MoveToImmutable();
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

    /// <summary>Every key that nobody asked for is a fault.</summary>
    public void Finish(ReadOnlySpan<string> known, ReadOnlySpan<string> later)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (!entry.WasRead)
            {
                RefuseUnknown(entry, known, later);
            }
        }
    }

    private void RefuseUnknown(TomlEntry entry, ReadOnlySpan<string> known, ReadOnlySpan<string> later)
    {
        if (later.IndexOf(entry.Key) >= 0)
        {
            Refuse(entry.KeySpan, $"{Name(entry.Key)} is not available in this version", null);
            return;
        }

        string? nearest = Spelling.Nearest(entry.Key, known);
        Refuse(
            entry.KeySpan,
            $"unknown key \"{Escaped.Shown(entry.Key)}\"{(table.Path.Length == 0 ? "" : $" in {Escaped.Shown(table.Path)}")}",
            nearest is null ? $"known: {Spelling.List(known)}" : $"did you mean \"{nearest}\"?");
    }

    public void WrongType(TomlEntry entry, string expected)
    {
        if (entry.Value is null && entry.Table is null && entry.Elements is null)
        {
            // No value at all: the parser has said so.
            if (!diagnostics.HasLine(entry.KeySpan.Start.Line))
            {
                Refuse(entry.KeySpan, $"{Name(entry.Key)} has no value", null);
            }
        }
        else if (TomlKinds.IsListChange(entry))
        {
            Refuse(entry.Value?.Span ?? entry.KeySpan, $"{Name(entry.Key)} = {{ add, remove }} is not available in this version", null);
        }
        else
        {
            Refuse(entry.Value?.Span ?? entry.KeySpan, $"{Name(entry.Key)} must be {expected}, not {TomlKinds.Of(entry)}", null);
        }
    }
}
