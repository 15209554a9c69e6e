using System.Globalization;
using System.Text;

namespace NsHelper.Planning.Invocations;

/// <summary>Strict readings of an argument: printable ASCII or nothing, canonical decimal or nothing.</summary>
internal static class Ascii
{
    private const int ShownBytes = 60;

    /// <summary>The text of an argument that is printable ASCII without blanks; null for every other.</summary>
    public static string? Word(ByteString argument)
    {
        foreach (byte b in argument.Span)
        {
            if (b is <= 0x20 or >= 0x7f)
            {
                return null;
            }
        }

        return Encoding.ASCII.GetString(argument.Span);
    }

    /// <summary>A decimal number from <paramref name="minimum"/> to <paramref name="maximum"/>: ASCII digits, no sign, no leading zero; null for every other spelling.</summary>
    public static int? Number(ByteString argument, int minimum, int maximum)
    {
        ReadOnlySpan<byte> digits = argument.Span;
        if (digits.Length is 0 or > 10 || (digits[0] == (byte)'0' && digits.Length > 1) || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        long value = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return value >= minimum && value <= maximum ? (int)value : null;
    }

    /// <summary>[A-Za-z_][A-Za-z0-9_]*: what POSIX calls a name and every shell accepts as a variable.</summary>
    public static bool IsVariableName(ReadOnlySpan<byte> name)
    {
        if (name.Length == 0 || char.IsAsciiDigit((char)name[0]))
        {
            return false;
        }

        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b != (byte)'_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An argument as a message shows it: quoted, escaped, and cut, so that the message stays one line.</summary>
    public static string Quoted(ByteString argument) =>
        argument.Length <= ShownBytes
            ? $"\"{argument}\""
            : $"\"{Escaped.Bytes(argument.Span[..ShownBytes])}...\"";
}
