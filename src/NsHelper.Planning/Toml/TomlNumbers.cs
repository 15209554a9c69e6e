using System.Globalization;

namespace NsHelper.Planning.Toml;

/// <summary>Numbers with one spelling each: ASCII digits, no sign, no leading zero, no separator, no other base.</summary>
internal static class TomlNumbers
{
    private const int MostDigits = 18;

    /// <summary>Null for every other spelling, and beyond 18 digits.</summary>
    public static long? Canonical(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MostDigits || (text[0] == '0' && text.Length > 1) || text.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
