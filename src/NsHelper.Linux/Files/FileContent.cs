using NsHelper.Linux.Native;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>Reads a descriptor to its end, up to a limit.</summary>
internal static unsafe class FileContent
{
    private const int FirstGuess = 4096;

    /// <param name="limit">One byte more than this is read at most, so that a file that is too large shows itself.</param>
    public static byte[] Read(FileDescriptor file, string path, int limit)
    {
        byte[] buffer = new byte[Math.Min(FirstGuess, limit + 1)];
        int length = 0;
        while (true)
        {
            int read = ReadOnce(file, path, buffer.AsSpan(length));
            length += read;
            if (read == 0 || length > limit)
            {
                return buffer[..length];
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 4, limit + 1));
            }
        }
    }

    private static int ReadOnce(FileDescriptor file, string path, Span<byte> room)
    {
        fixed (byte* start = room)
        {
            // Safe: at most the length of the pinned span is written.
            long result = (long)read(file.Number, start, room.Length);
            SystemCallException.ThrowIfNegative(result, "read", path);
            return (int)result;
        }
    }
}
