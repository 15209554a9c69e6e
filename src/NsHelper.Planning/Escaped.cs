using System.Globalization;
using System.Text;

namespace NsHelper.Planning;

/// <summary>The one escaper for foreign bytes in messages and audit records: what comes out is printable ASCII.</summary>
internal static class Escaped
{
    public static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte b in bytes)
        {
            if (b is >= 0x20 and < 0x7f && b != (byte)'\\')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    public static string Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>As <see cref="Text"/>, cut so that a message stays one: names and values come as long as a file.</summary>
    public static string Shown(string text) => text.Length <= MostShown ? Text(text) : Text(text[..MostShown]) + "...";

    private const int MostShown = 80;
}
