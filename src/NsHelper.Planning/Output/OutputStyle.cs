using System.Collections.Immutable;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Output;

/// <summary>How a text is drawn: with or without colour, and with which lines. Decided once, from the option, the terminal and the caller's environment.</summary>
internal readonly record struct OutputStyle(ColorMode Color, LineStyle Lines)
{
    /// <summary>What files, pipes and golden tests get: no colour, ASCII lines.</summary>
    public static OutputStyle Plain => default;

    /// <param name="choice">--color.</param>
    /// <param name="target">What standard output is.</param>
    /// <param name="environment">The caller's, as bytes: the runtime's own view of it is never asked.</param>
    public static OutputStyle Resolve(ColorChoice choice, OutputTarget target, ImmutableArray<ByteString> environment) =>
        new(ColorOf(choice, target, environment), LinesOf(environment));

    public string Paint(Ink ink, string text) => Color == ColorMode.Plain || ink == Ink.Plain || text.Length == 0
        ? text
        : $"\e[{CodeOf(ink)}m{text}\e[0m";

    private static ColorMode ColorOf(ColorChoice choice, OutputTarget target, ImmutableArray<ByteString> environment) => choice switch
    {
        ColorChoice.Never => ColorMode.Plain,
        ColorChoice.Always => ColorMode.Sgr,

        // no-color.org: the variable counts when it is there and not empty. A dumb terminal would print the codes.
        _ => target == OutputTarget.Terminal
            && ValueOf("NO_COLOR"u8, environment).IsEmpty
            && !ValueOf("TERM"u8, environment).SequenceEqual("dumb"u8)
                ? ColorMode.Sgr
                : ColorMode.Plain,
    };

    /// <summary>As setlocale(3) finds the character set: the first of the three that is not empty decides.</summary>
    private static LineStyle LinesOf(ImmutableArray<ByteString> environment)
    {
        ReadOnlySpan<byte> locale = ValueOf("LC_ALL"u8, environment);
        locale = locale.IsEmpty ? ValueOf("LC_CTYPE"u8, environment) : locale;
        locale = locale.IsEmpty ? ValueOf("LANG"u8, environment) : locale;
        ReadOnlySpan<byte> charset = locale[(locale.IndexOf((byte)'.') + 1)..];
        int modifier = charset.IndexOf((byte)'@');
        charset = modifier < 0 ? charset : charset[..modifier];
        return System.Text.Ascii.EqualsIgnoreCase(charset, "UTF-8"u8) || System.Text.Ascii.EqualsIgnoreCase(charset, "UTF8"u8)
            ? LineStyle.Utf8
            : LineStyle.Ascii;
    }

    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> name, ImmutableArray<ByteString> environment)
    {
        foreach (ByteString entry in environment)
        {
            if (entry.Length > name.Length && entry.Span[name.Length] == (byte)'=' && entry.Span.StartsWith(name))
            {
                return entry.Span[(name.Length + 1)..];
            }
        }

        return [];
    }

    private static string CodeOf(Ink ink) => ink switch
    {
        Ink.Strong => "1",
        Ink.Faint => "2",
        Ink.Mark => "33",
        Ink.Added => "32",
        Ink.Missing => "31",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Whether a text carries the colour codes of ECMA-48 (SGR).</summary>
internal enum ColorMode
{
    Plain,
    Sgr,
}

/// <summary>The characters a tree is drawn with.</summary>
internal enum LineStyle
{
    Ascii,
    Utf8,
}

/// <summary>What standard output is.</summary>
internal enum OutputTarget
{
    File,
    Terminal,
}

/// <summary>What a piece of text is, which decides its colour.</summary>
internal enum Ink
{
    Plain,

    /// <summary>Headings.</summary>
    Strong,

    /// <summary>Where something comes from; what may be skipped.</summary>
    Faint,

    /// <summary>What the reader looks for: a difference.</summary>
    Mark,

    /// <summary>What only one of two things has, as diff(1) colours it.</summary>
    Added,

    /// <summary>What it lacks.</summary>
    Missing,
}
