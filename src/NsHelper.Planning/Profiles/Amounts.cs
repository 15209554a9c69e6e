using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>Sizes, time spans and permission bits. None has a value that means "without bound".</summary>
internal static class Amounts
{
    public const int DefaultInodes = 16384;
    public const int DefaultMode = 0x1ed; // 0755
    public const string SizeForm = "accepted: bytes, or a number with K, M, G or T, as \"64M\"; at least 1, at most 1024T";
    public const string DurationForm = "accepted: seconds, or a number with s, min, h or d, as \"8h\"; at least 1s, at most 365d";

    private const int SetGroupId = 0x400; // 02000
    private const int SetUserId = 0x800; // 04000
    private const long MostBytes = 1L << 50;
    private const long MostSeconds = 365L * 24 * 60 * 60;

    /// <summary>Size of a tmpfs in bytes, within the site's bound.</summary>
    public static long TmpfsSize(TableReader table, SiteSettings site)
    {
        long size = Size(table, "size") ?? site.TmpfsDefaultSize;
        if (size > site.TmpfsMaxSize)
        {
            table.Refuse(table.SpanOf("size"), $"{table.Name("size")} is larger than this site allows ({site.TmpfsMaxSize} bytes)", "tmpfs.max_size in nshelper.toml");
        }

        return size;
    }

    /// <summary>Bytes; zero, which a tmpfs reads as "no limit", is none.</summary>
    public static long? Size(TableReader table, string key) =>
        table.Content.Find(key)?.Value is IntegerValueSyntax ? table.Number(key)
        : table.Text(key) is TomlText text ? BytesOf(text.Value)
        : null;

    public static long? Seconds(TableReader table, string key) =>
        table.Content.Find(key)?.Value is IntegerValueSyntax ? table.Number(key)
        : table.Text(key) is TomlText text ? SecondsOf(text.Value)
        : null;

    public static int Inodes(TableReader table) => (int)(table.Number("inodes") ?? DefaultInodes);

    /// <summary>Permission bits, written in octal as chmod(1) takes them.</summary>
    public static int? Mode(TableReader table) => table.Text("mode") is TomlText text ? BitsOf(text.Value) : null;

    public static long? BytesOf(string text)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(..^1);
        return TomlNumbers.Canonical(digits) is long number && number >= 1 && number <= MostBytes >> shift ? number << shift : null;
    }

    public static long? SecondsOf(string text)
    {
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        long factor = (digits < 0 ? "s" : text[digits..]) switch
        {
            "s" => 1,
            "min" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            _ => 0,
        };
        return factor > 0 && TomlNumbers.Canonical(digits < 0 ? text : text.AsSpan(..digits)) is long number && number >= 1 && number <= MostSeconds / factor
            ? number * factor
            : null;
    }

    public static int? BitsOf(string text)
    {
        if (text.Length is not (3 or 4) || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            return null;
        }

        int bits = 0;
        foreach (char digit in text)
        {
            bits = (bits << 3) | (digit - '0');
        }

        return bits;
    }

    public static bool HasForbiddenBits(int bits, bool mayHaveSetGroupId) => (bits & SetUserId) != 0 || ((bits & SetGroupId) != 0 && !mayHaveSetGroupId);
}
