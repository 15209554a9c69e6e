using System.Buffers.Binary;

namespace NsHelper.Planning;

/// <summary>FNV-1a, 64 bits: tells whether bytes that only root can write are still the same. No defence against who chooses them.</summary>
internal static class ByteDigest
{
    public const ulong Start = 0xcbf29ce484222325;

    /// <summary>With the length, so that what moves from one file into the next shows.</summary>
    public static ulong Add(ulong digest, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return AddBytes(AddBytes(digest, length), bytes);
    }

    public static ulong AddBytes(ulong digest, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            digest = unchecked((digest ^ value) * 0x100000001b3);
        }

        return digest;
    }
}
