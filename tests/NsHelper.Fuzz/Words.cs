using System.Text;
using NsHelper.Planning.Schema;

namespace NsHelper.Fuzz;

/// <summary>What mutations write: every key and word of the schemas, values near their bounds, and the signs of the formats that are read.</summary>
internal static class Words
{
    private static readonly string[] Values =
    [
        "\"%h\"", "\"%h/x\"", "\"%u\"", "\"%%\"", "\"%q\"", "\"%\"", "\"/\"", "\"/proc/1\"", "\"/sys\"", "\"/a/../b\"", "\"//\"", "\"/tmp\"", "\"/var/tmp\"", "\"*\"", "\"#0\"",
        "\"#4294967295\"", "\"#4294967296\"", "\"path:/run/netns/x\"", "\"path:\"", "\"64M\"", "\"1024T\"", "\"0\"", "\"1777\"", "\"4755\"", "\"0022\"", "\"8h\"", "\"1:2\"", "\"0-3,8\"",
        "\"LD_*\"", "\"*\"", "\"LC_*\"", "\"PATH\"", "\"\"", "''", "\"\"\"\"\"\"", "true", "false", "0", "1", "-1", "+1", "01", "0x1f", "0o7", "1_0", "1e9", "inf", "nan", "1.5", "2026-01-01", "07:32:00",
        "9223372036854775807", "9223372036854775808", "999999999999999999", "[]", "{}", "[[]]", "[{}]", "{ add = [\"a\"] }", "{ remove = [\"a\"] }", "{ add = [], remove = [] }",
    ];

    private static readonly string[] Signs =
    [
        "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "\"", "'", "\"\"\"", "'''", "\\", "\\u0000", "\\uD800", "\\U00110000", "\\U0001F600", "\\x41", "\\e", "#", "\n", "\r\n", "\r", "\t", " ", "\0",
        "\u0001", "\u007f", "\u0085", "\u00a0", "\u2028", "\u202e", "\ufeff", "\uffff", "e\u0301", "\U0001F600", "\n#---\n", "\n#--- a\n", "schema = 1\n", "remove = true\n", "extends = \"a\"\n",
        " - ", "\\040", "\\134", "shared:1", "master:2", "unbindable", "propagate_from:1", "//deleted", "--", "--env", "--env=A=1", "--chdir=/", "--help", "--dry-run", "--json", "-", "@f", "run", "explain",
    ];

    private static readonly byte[][] Bytes = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]];

    public static byte[][] All { get; } =
    [
        .. OfSchema(ProfileSchema.Top, "").Concat(OfSchema(SiteSchema.Top, "")).Concat(Values).Concat(Signs).Distinct().Select(Encoding.UTF8.GetBytes),
        .. Bytes,
    ];

    private static IEnumerable<string> OfSchema(TableSchema table, string prefix)
    {
        foreach (KeySchema key in table.Keys)
        {
            yield return key.Name;
            if (key.Table is not TableSchema inner)
            {
                yield return $"{prefix}{key.Name} = ";
            }
            else
            {
                yield return key.Takes(ValueKinds.Tables) ? $"\n[[{prefix}{key.Name}]]\n" : $"\n[{prefix}{key.Name}]\n";
                foreach (string below in OfSchema(inner, $"{prefix}{key.Name}."))
                {
                    yield return below;
                }
            }

            foreach (string word in key.Words.Concat(key.Default))
            {
                yield return $"\"{word}\"";
            }
        }
    }
}
