using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>A default that the manual names, as a value; one of several words explains where the value comes from, and is none.</summary>
internal static class ManualDefault
{
    /// <summary>bool, long, string, string[], or null.</summary>
    public static object? Of(KeySchema key, ManualEntry entry) => entry.Default switch
    {
        null => null,
        "empty" when key.Takes(ValueKinds.List) => Array.Empty<string>(),
        "empty" => key.Takes(ValueKinds.Text) ? "" : null,
        string list when key.Default.Length > 0 => list.Split(", "),
        string text when text.Contains(' ', StringComparison.Ordinal) => null,
        "true" or "false" when key.Takes(ValueKinds.Flag) => entry.Default == "true",
        string digits when key.Takes(ValueKinds.Number) && digits.All(char.IsAsciiDigit) => long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture),
        _ => entry.Default.Trim('"'),
    };

    /// <summary>The value in TOML.</summary>
    public static string Toml(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string[] list => $"[{string.Join(", ", list.Select(Toml))}]",
        string text => $"\"{text}\"",
        _ => FormattableString.Invariant($"{value}"),
    };
}
