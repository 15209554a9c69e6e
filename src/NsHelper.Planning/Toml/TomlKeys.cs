using Tomlyn.Syntax;

namespace NsHelper.Planning.Toml;

/// <summary>The parts of a key, as text, and where each stands.</summary>
internal static class TomlKeys
{
    public static List<(string Key, SourceSpan Span)> Of(KeySyntax? syntax)
    {
        List<(string, SourceSpan)> keys = [];
        if (syntax?.Key is { } first && TextOf(first) is { } firstText)
        {
            keys.Add((firstText, first.Span));
            foreach (DottedKeyItemSyntax item in syntax.DotKeys)
            {
                if (item.Key is { } next && TextOf(next) is { } text)
                {
                    keys.Add((text, next.Span));
                }
            }
        }

        return keys;
    }

    private static string? TextOf(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax quoted => quoted.Value,
        _ => null,
    };
}
