using System.Globalization;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Schema;

/// <summary>
/// Compares one file with the schema, key by key: what is unknown, misspelt, of the wrong kind or out of bounds is a fault at its place.
/// What several keys or several files must be to each other is for the readers of the merged profile.
/// </summary>
/// <param name="top">The keys of the whole file.</param>
internal sealed class SchemaCheck(TableSchema top, DiagnosticList diagnostics)
{
    /// <summary>Entries of one list, and tables of one array, of a file and of the merged profile: they are compared pair by pair.</summary>
    public const int MaxEntries = 1024;

    private readonly KeyHints hints = new(top);

    public void Check(TomlTable file) => Check(file, top);

    private void Check(TomlTable table, TableSchema schema)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry is { Value: not null } or { Table: null, Elements: null } && diagnostics.IsUnreadable(entry.KeySpan))
            {
                entry.IsWrong = true;
            }
            else if (schema.Find(entry.Key) is not KeySchema key)
            {
                entry.IsWrong = true;
                RefuseUnknown(table, entry, schema);
            }
            else if (key.IsReserved)
            {
                entry.IsWrong = true;
                diagnostics.Add(entry.KeySpan, $"{Bracketed(table, entry)} needs schema 2", null);
            }
            else if (key == schema.Rest && !TextForms.Check(schema.RestName, table.PathOf(entry.Key), new TomlText(entry.Key, entry.KeySpan, ""), diagnostics))
            {
                entry.IsWrong = true;
            }
            else
            {
                entry.IsWrong = !CheckValue(table.PathOf(entry.Key), entry, key);
            }
        }
    }

    private bool CheckValue(string name, TomlEntry entry, KeySchema key) => entry switch
    {
        { Table: TomlTable change } when key.Takes(ValueKinds.List) && !key.IsSequence && TomlKinds.IsListChange(entry) => CheckChange(name, change, key),
        { Table: TomlTable table } when key is { Table: TableSchema schema } && key.Takes(ValueKinds.Table) => CheckTable(table, schema),
        { Elements: { } tables } when key is { Table: TableSchema schema } && key.Takes(ValueKinds.Tables) => CheckTables(name, tables, schema),
        { Items.Count: 0 } when key.Takes(ValueKinds.Tables) => true,
        { Items: { } items } when key.Takes(ValueKinds.List) => CheckList(name, entry, items, key),
        { Value: BooleanValueSyntax } when key.Takes(ValueKinds.Flag) => true,
        { Value: IntegerValueSyntax number } when key.Takes(ValueKinds.Number) => CheckNumber(name, number, key),
        { Value: StringValueSyntax text } when key.Takes(ValueKinds.Text) => CheckText(name, text, key),
        _ => RefuseKind(name, entry, key),
    };

    private bool CheckTable(TomlTable table, TableSchema schema)
    {
        Check(table, schema);
        return true;
    }

    private bool CheckTables(string name, List<TomlTable> tables, TableSchema schema)
    {
        if (tables.Count > MaxEntries)
        {
            diagnostics.Add(tables[MaxEntries].Span, $"more than {MaxEntries} tables [[{Escaped.Shown(name)}]]", null);
            return false;
        }

        foreach (TomlTable table in tables)
        {
            Check(table, schema);
        }

        return true;
    }

    private bool CheckChange(string name, TomlTable change, KeySchema key)
    {
        bool good = true;
        foreach (TomlEntry entry in change.Entries)
        {
            string part = $"{name}.{entry.Key}";
            bool isGood = entry.Items is { } items ? CheckList(part, entry, items, key) : RefuseKind(part, entry, key with { Kinds = ValueKinds.List });
            good = isGood && good;
        }

        return good;
    }

    private bool CheckList(string name, TomlEntry entry, List<ValueSyntax?> items, KeySchema key)
    {
        bool good = true;
        for (int i = 0; i < items.Count; i++)
        {
            if (i == MaxEntries || diagnostics.IsFull)
            {
                diagnostics.Add(items[i]?.Span ?? entry.KeySpan, $"{Escaped.Shown(name)} has more than {MaxEntries} entries", null);
                return false;
            }

            good = CheckItem(name, entry, items, i, key) && good;
        }

        return good;
    }

    private bool CheckItem(string name, TomlEntry entry, List<ValueSyntax?> items, int index, KeySchema key)
    {
        if (items[index] is not StringValueSyntax { Value: string value } item)
        {
            // The parser has said what it could not read, and if ever it has not, this does.
            if (items[index] is ValueSyntax other)
            {
                diagnostics.Add(other.Span, $"{Escaped.Shown(name)} must be {Expected(name, key)}, with no {TomlKinds.Plain(other)} in it", null);
            }
            else if (!diagnostics.HasAny)
            {
                diagnostics.Add(entry.KeySpan, $"{Escaped.Shown(name)} has an entry without a value", null);
            }

            return false;
        }

        for (int i = 0; i < index && !key.IsSequence; i++)
        {
            if (items[i] is StringValueSyntax { Value: string earlier } && earlier == value)
            {
                diagnostics.Add(item.Span, $"{Escaped.Shown(name)} names \"{Escaped.Shown(value)}\" twice", null);
                return false;
            }
        }

        return CheckText(name, item, key);
    }

    private bool CheckText(string name, StringValueSyntax syntax, KeySchema key)
    {
        TomlText text = TomlText.Of(syntax);
        foreach (char c in text.Value)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                diagnostics.Add(text.Span, $"{Escaped.Shown(name)} has a control character", null);
                return false;
            }
        }

        if (key.Words.AsSpan().Contains(text.Value))
        {
            return true;
        }

        if (key.Form != TextForm.None && (key.Words.Length == 0 || TextForms.LooksLike(key.Form, text.Value)))
        {
            return TextForms.Check(key.Form, name, text, diagnostics);
        }

        string? nearest = Spelling.Nearest(text.Value, key.Words);
        diagnostics.Add(
            text.Span,
            $"\"{Escaped.Shown(text.Value)}\" is no value of {Escaped.Shown(name)}",
            TextForms.HintFor(key, text.Value) ?? (nearest is null ? $"accepted: {KeyHints.Accepted(key)}" : $"did you mean \"{nearest}\"? accepted: {KeyHints.Accepted(key)}"));
        return false;
    }

    private bool CheckNumber(string name, IntegerValueSyntax number, KeySchema key)
    {
        string written = number.Token?.Text ?? "";
        if (TomlNumbers.Canonical(written) is long value && value >= key.Least && value <= key.Most)
        {
            return true;
        }

        diagnostics.Add(
            number.Span,
            $"{Escaped.Shown(written)} is no value of {Escaped.Shown(name)}",
            string.Create(CultureInfo.InvariantCulture, $"accepted: {key.Least} to {key.Most}, in plain decimal digits"));
        return false;
    }

    private bool RefuseKind(string name, TomlEntry entry, KeySchema key)
    {
        if (entry is not { Value: null, Table: null, Elements: null, Items: null })
        {
            diagnostics.Add(entry.Value?.Span ?? entry.KeySpan, $"{Escaped.Shown(name)} must be {Expected(name, key)}, not {TomlKinds.Of(entry)}", KeyHints.ForKind(entry, key));
        }
        else if (!diagnostics.HasLine(entry.KeySpan))
        {
            // No value at all: the parser has said so, but for once.
            diagnostics.Add(entry.KeySpan, $"{Escaped.Shown(name)} has no value", null);
        }

        return false;
    }

    private void RefuseUnknown(TomlTable table, TomlEntry entry, TableSchema schema)
    {
        diagnostics.Add(
            entry.KeySpan,
            $"unknown key \"{Escaped.Shown(entry.Key)}\"{(table.Path.Length == 0 ? "" : $" in {Escaped.Shown(table.Path)}")}",
            hints.ForUnknown(entry.Key, schema));
    }

    private static string Bracketed(TomlTable table, TomlEntry entry) =>
        entry.Value is null || entry.Table is not null ? $"[{Escaped.Shown(table.PathOf(entry.Key))}]" : Escaped.Shown(table.PathOf(entry.Key));

    private static string Expected(string name, KeySchema key)
    {
        string shown = Escaped.Shown(name);
        List<string> kinds = [];
        foreach ((ValueKinds kind, string text) in (ReadOnlySpan<(ValueKinds, string)>)
            [
                (ValueKinds.Flag, "true or false"),
                (ValueKinds.Number, "an integer"),
                (ValueKinds.Text, "a string"),
                (ValueKinds.List, "an array of strings"),
                (ValueKinds.Table, $"a table: [{shown}]"),
                (ValueKinds.Tables, $"an array of tables: [[{shown}]]"),
            ])
        {
            if (key.Takes(kind))
            {
                kinds.Add(text);
            }
        }

        return string.Join(" or ", kinds);
    }
}
