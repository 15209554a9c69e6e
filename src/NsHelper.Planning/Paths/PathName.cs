using System.Globalization;
using System.Text;

namespace NsHelper.Planning.Paths;

/// <summary>A path as one file name: each path has one of its own, as systemd-escape(1) writes it.</summary>
internal static class PathName
{
    /// <summary>NAME_MAX.</summary>
    public const int MaxLength = 255;

    /// <summary>A slash becomes a dash; but for letters, digits, "_" and a "." that is not the first, every other byte is \xHH.</summary>
    public static string Of(AbsolutePath path)
    {
        var name = new StringBuilder();
        ReadOnlySpan<byte> bytes = path.IsRoot ? "/"u8 : Encoding.UTF8.GetBytes(path.Text).AsSpan(1);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            bool isPlain = b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' || (b == (byte)'.' && i > 0);
            _ = b == (byte)'/' ? name.Append('-') : isPlain ? name.Append((char)b) : name.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return name.ToString();
    }
}
