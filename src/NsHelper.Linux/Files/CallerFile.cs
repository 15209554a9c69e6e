using NsHelper.Linux.Native;
using NsHelper.Planning;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>A file that the caller named, opened with the caller's rights; relative names start in the caller's working directory.</summary>
internal static unsafe class CallerFile
{
    /// <summary>At most <paramref name="limit"/> bytes and one more, which tells that the file is longer.</summary>
    public static byte[] Read(ByteString name, ByteString? workingDirectory, int limit)
    {
        bool isRelative = name.Length > 0 && name.Span[0] != (byte)'/';
        byte[] path = isRelative && workingDirectory is { } directory
            ? [.. directory.Span, (byte)'/', .. name.Span, 0]
            : [.. name.Span, 0];
        fixed (byte* text = path)
        {
            // O_NONBLOCK: nobody may write to a FIFO that is named here, and then an open would wait for ever.
            using FileDescriptor file = FileDescriptor.Take(open(text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), "open", name.ToString());
            return FileContent.Read(file, name.ToString(), limit);
        }
    }
}
