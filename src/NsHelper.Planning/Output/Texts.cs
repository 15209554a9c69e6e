using System.Collections.Immutable;

namespace NsHelper.Planning.Output;

/// <summary>
/// A text for each of some values. LINQ would do it with a generic virtual method, and for a single one of those the runtime brings its type
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
}
