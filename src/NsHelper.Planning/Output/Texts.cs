using System.Collections.Immutable;
using System.Globalization;

namespace NsHelper.Planning.Output;

/// <summary>
/// Small texts, and one for each of some values. LINQ would do it with a generic virtual method, and for a single one of those the runtime brings its type
/// loader and reflection into the binary, which every start of a session would lay out in memory.
/// </summary>
internal static class Texts
{
    public static string[] Of<T>(ImmutableArray<T> values, Func<T, string> text)
    {
        var texts = new string[values.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = text(values[i]);
        }

        return texts;
    }

    public static string Age(long seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds)}s"),
        < 2 * 60 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}min"),
        < 2 * 24 * 60 * 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400}d"),
    };
}
