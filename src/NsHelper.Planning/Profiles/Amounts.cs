using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>Sizes, inodes and permission bits. None has a value that means "without bound".</summary>
internal static class Amounts
{
    public const int DefaultInodes = 16384;
    public const int DefaultMode = 0x1ed; // 0755
    public const int SetGroupId = 0x400; // 02000

    private const int MostInodes = 100_000_000;
    private const int SetUserId = 0x800; // 04000
    private const long MostBytes = 1L << 50;
    private const string SizeForm = "accepted: bytes, or a number with K, M, G or T, as \"64M\"; at least 1, at most 1024T";

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

    /// <summary>Bytes; zero, which a tmpfs reads as "no limit", is refused.</summary>
    public static long? Size(TableReader table, string key)
    {
        if (table.Content.Find(key)?.Value is IntegerValueSyntax)
        {
            return table.Number(key, 1, MostBytes);
        }

        if (table.Text(key) is not TomlText text)
        {
            return null;
        }

        if (BytesOf(text.Value) is long bytes)
        {
            return bytes;
        }

        table.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no size", SizeForm);
        return null;
    }

    public static int Inodes(TableReader table) => (int)(table.Number("inodes", 1, MostInodes) ?? DefaultInodes);

    /// <summary>Permission bits, written in octal as chmod(1) takes them.</summary>
    public static int? Mode(TableReader table, bool mayHaveSetGroupId)
    {
        if (table.Text("mode") is not TomlText text)
        {
            return null;
        }

        if (BitsOf(text.Value) is not int bits)
        {
            table.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no mode", "accepted: three or four octal digits, as \"0755\" or \"1777\"");
            return null;
        }

        if ((bits & SetUserId) != 0 || ((bits & SetGroupId) != 0 && !mayHaveSetGroupId))
        {
            table.Refuse(text.Span, $"\"{text.Value}\" has a setuid or setgid bit", "accepted: \"0000\" to \"1777\"");
            return null;
        }

        return bits;
    }

    private static long? BytesOf(string text)
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

    private static int? BitsOf(string text)
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
}
