using System.Collections.Immutable;

namespace NsHelper.Planning.Invocations;

/// <summary>--json-status-fd FD, which must be known before anything is: every other descriptor is closed first of all.</summary>
internal static class StatusDescriptorChoice
{
    public const string Spelling = "--json-status-fd";

    /// <summary>0, 1 and 2 are the command's.</summary>
    public const int Least = 3;

    /// <summary>fs.nr_open may be set no higher.</summary>
    public const int Most = 0x7fffffc0;

    private static ReadOnlySpan<byte> SpellingBytes => "--json-status-fd"u8;

    /// <summary>The number of a descriptor that may be left open; -1 for none. Whether it is an option at all is for the parser to say.</summary>
    public static int LeftOpen(ImmutableArray<ByteString> arguments)
    {
        // The verbs that have the option.
        if (arguments.Length < 2 || !(arguments[1].Span.SequenceEqual("run"u8) || arguments[1].Span.SequenceEqual("shell"u8) || arguments[1].Span.SequenceEqual("join"u8)))
        {
            return -1;
        }

        for (int i = 2; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> argument = arguments[i].Span;
            if (argument.SequenceEqual("--"u8))
            {
                break;
            }

            if (argument.SequenceEqual(SpellingBytes) && i + 1 < arguments.Length)
            {
                return Parse(arguments[i + 1]) ?? -1;
            }

            if (argument.Length > SpellingBytes.Length && argument.StartsWith(SpellingBytes) && argument[SpellingBytes.Length] == (byte)'=')
            {
                return Parse(new ByteString(argument[(SpellingBytes.Length + 1)..])) ?? -1;
            }
        }

        return -1;
    }

    public static int? Parse(ByteString value) => Ascii.Number(value, Least, Most);
}
