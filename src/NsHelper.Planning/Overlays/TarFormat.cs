using System.Text;

namespace NsHelper.Planning.Overlays;

/// <summary>
/// Headers of tar archives in GNU's form, which keeps names and link texts of any bytes and length as they are: what is longer than its field
/// is an entry of its own before the one it belongs to, and a number too large for octal digits is binary.
/// </summary>
internal static class TarFormat
{
    public const int BlockSize = 512;

    /// <summary>Two blocks of zeros end an archive.</summary>
    public const int EndSize = 2 * BlockSize;

    private const int NameLength = 100;

    /// <summary>In front of the name of what is deleted.</summary>
    public static ReadOnlySpan<byte> WhiteoutPrefix => ".wh."u8;

    /// <summary>In a directory that hides what is below it.</summary>
    public static ReadOnlySpan<byte> OpaqueName => ".wh..wh..opq"u8;

    /// <summary>All blocks that come before the content.</summary>
    public static byte[] Header(TarEntry entry)
    {
        ReadOnlySpan<byte> path = entry.Type == TarType.Directory ? [.. entry.Path.Span, (byte)'/'] : entry.Path.Span;
        byte[] longLink = entry.Link.Length > NameLength ? Long((byte)'K', entry.Link.Span) : [];
        byte[] longName = path.Length > NameLength ? Long((byte)'L', path) : [];
        return [.. longLink, .. longName, .. Block(entry, (byte)entry.Type, path, entry.Link.Span)];
    }

    /// <summary>Zeros that follow a content of this size.</summary>
    public static int PaddingOf(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);

    private static byte[] Long(byte type, ReadOnlySpan<byte> text)
    {
        int size = text.Length + 1;
        var entry = new TarEntry(default, TarType.File) { Mode = 0, User = 0, Group = 0, Size = size, Modified = 0, Link = default };
        byte[] header = Block(entry, type, "././@LongLink"u8, []);
        byte[] blocks = new byte[BlockSize + size + PaddingOf(size)];
        header.CopyTo(blocks, 0);
        text.CopyTo(blocks.AsSpan(BlockSize));
        return blocks;
    }

    private static byte[] Block(TarEntry entry, byte type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> link)
    {
        byte[] block = new byte[BlockSize];
        path[..Math.Min(path.Length, NameLength)].CopyTo(block);
        Number(block.AsSpan(100, 8), entry.Mode);
        Number(block.AsSpan(108, 8), entry.User);
        Number(block.AsSpan(116, 8), entry.Group);
        Number(block.AsSpan(124, 12), entry.Size);
        Number(block.AsSpan(136, 12), entry.Modified);
        block[156] = type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block.AsSpan(157));
        "ustar  \0"u8.CopyTo(block.AsSpan(257));

        // The sum of all bytes, its own field counted as blanks.
        Span<byte> sumField = block.AsSpan(148, 8);
        sumField.Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
        {
            sum += b;
        }

        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(sumField);
        return block;
    }

    private static void Number(Span<byte> field, long value)
    {
        string digits = Convert.ToString(value, 8);
        if (value >= 0 && digits.Length < field.Length)
        {
            Encoding.ASCII.GetBytes(digits.PadLeft(field.Length - 1, '0')).CopyTo(field);
            return;
        }

        for (int i = field.Length - 1; i >= 0; i--)
        {
            field[i] = (byte)(value & byte.MaxValue);
            value >>= 8;
        }

        // The sign fills the field; its first bit says that the rest is binary.
        field[0] |= 0x80;
    }
}

/// <summary>One entry of an archive.</summary>
internal readonly record struct TarEntry(ByteString Path, TarType Type)
{
    /// <summary>Permission bits.</summary>
    public required int Mode { get; init; }
    public required uint User { get; init; }
    public required uint Group { get; init; }

    /// <summary>Bytes of content.</summary>
    public required long Size { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Modified { get; init; }

    /// <summary>Of a link: where it leads.</summary>
    public required ByteString Link { get; init; }
}

/// <summary>The byte that says what an entry is.</summary>
internal enum TarType : byte
{
    File = (byte)'0',
    HardLink = (byte)'1',
    Link = (byte)'2',
    Directory = (byte)'5',
    Fifo = (byte)'6',
}
