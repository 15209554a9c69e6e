using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>What people call the kinds of TOML values.</summary>
internal static class TomlKinds
{
    public static string Of(TomlEntry entry) => entry switch
    {
        { Table: not null } => "a table",
        { Elements: not null } => "an array of tables",
        { Items: not null } => "an array",
        { Value: ValueSyntax value } => (Plain(value) is "array" or "integer" ? "an " : "a ") + Plain(value),
        _ => "nothing",
    };

    public static string Plain(ValueSyntax value) => value switch
    {
        StringValueSyntax => "string",
        IntegerValueSyntax => "integer",
        FloatValueSyntax => "float",
        BooleanValueSyntax => "boolean",
        DateTimeValueSyntax => "date or time",
        ArraySyntax => "array",
        _ => "table",
    };

    /// <summary>{ add = [...], remove = [...] } where a list is expected.</summary>
    public static bool IsListChange(TomlEntry entry) =>
        entry.Table is { Entries.Count: > 0 } table && table.Entries.TrueForAll(item => item.Key is "add" or "remove");
}
