using System.Collections.Immutable;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>Strings and lists of strings. No string has a control character, but for line break and tab.</summary>
internal static class TomlStrings
{
    /// <summary>Entries of one list: they are compared pair by pair.</summary>
    private const int MaxEntries = 1024;

    private const string ListKind = "an array of strings";

    public static TomlText? Single(TableReader table, TomlEntry entry, ValueSyntax? value, string expected)
    {
        if (value is not StringValueSyntax { Value: string text } syntax)
        {
            if (value == entry.Value)
            {
                table.WrongType(entry, expected);
            }
            else if (value is null)
            {
                RefuseNothing(table, entry);
            }
            else
            {
                table.Refuse(value.Span, $"{table.Name(entry.Key)} must be {expected}, with no {TomlKinds.Plain(value)} in it", null);
            }

            return null;
        }

        foreach (char c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                table.Refuse(value.Span, $"{table.Name(entry.Key)} has a control character", null);
                return null;
            }
        }

        return new TomlText(text, value.Span, syntax.Token?.Text ?? "");
    }

    public static ImmutableArray<TomlText>? List(TableReader table, TomlEntry entry)
    {
        if (entry.Value is not ArraySyntax array || entry.Elements is not null)
        {
            table.WrongType(entry, ListKind);
            return null;
        }

        ImmutableArray<TomlText>.Builder texts = ImmutableArray.CreateBuilder<TomlText>();
        foreach (ArrayItemSyntax item in array.Items)
        {
            if (texts.Count == MaxEntries || table.Diagnostics.IsFull)
            {
                table.Refuse(item.Span, $"{table.Name(entry.Key)} has more than {MaxEntries} entries", null);
                break;
            }

            if (Single(table, entry, item.Value, ListKind) is TomlText text)
            {
                RefuseSecond(table, entry.Key, texts, text);
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>An entry that the parser could not read; it has said so, and if ever it has not, this does.</summary>
    private static void RefuseNothing(TableReader table, TomlEntry entry)
    {
        if (!table.Diagnostics.HasAny)
        {
            table.Refuse(entry.KeySpan, $"{table.Name(entry.Key)} has an entry without a value", null);
        }
    }

    private static void RefuseSecond(TableReader table, string key, ImmutableArray<TomlText>.Builder earlier, TomlText text)
    {
        foreach (TomlText other in earlier)
        {
            if (other.Value == text.Value)
            {
                table.Refuse(text.Span, $"{table.Name(key)} names \"{Escaped.Shown(text.Value)}\" twice", null);
                return;
            }
        }
    }
}
