using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace NsHelper.Planning.Namespaces;

/// <summary>The text of a link in /proc/PID/ns.</summary>
internal static class NamespaceLink
{
    public static string Of(NamespaceKind kind, ulong id) => string.Create(CultureInfo.InvariantCulture, $"{NamespaceKinds.NameOf(kind)}:[{id}]");

    /// <summary>NAME:[ID], exactly; null for anything else.</summary>
    public static ulong? Parse(ReadOnlySpan<byte> link, string name)
    {
        ReadOnlySpan<byte> head = Encoding.ASCII.GetBytes(name + ":[");
        if (!link.StartsWith(head) || link[^1] != (byte)']')
        {
            return null;
        }

        ReadOnlySpan<byte> digits = link[head.Length..^1];
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(digits, out ulong id, out int used) && used == digits.Length
            ? id
            : null;
    }
}
