using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>A file or directory that the caller named, opened with the caller's rights; relative names start in the caller's working directory.</summary>
internal static unsafe class CallerFile
{
    /// <summary>At most <paramref name="limit"/> bytes and one more, which tells that the file is longer.</summary>
    public static byte[] Read(ByteString name, ByteString? workingDirectory, int limit)
    {
        // O_NONBLOCK: nobody may write to a FIFO that is named here, and then an open would wait for ever.
        using FileDescriptor file = Open(name, workingDirectory, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        return FileContent.Read(file, name.ToStrictText() ?? name.ToString(), limit);
    }

    /// <summary>The names in a directory, sorted by their bytes, without those that begin with a dot; null when it is none.</summary>
    public static List<string>? List(ByteString name, ByteString? workingDirectory)
    {
        try
        {
            using FileDescriptor directory = Open(name, workingDirectory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            List<string> names = DirectoryListing.Read(directory, name.ToString());
            names.Sort(string.CompareOrdinal);
            return names;
        }
        catch (SystemCallException exception) when (exception.Errno == ENOTDIR)
        {
            return null;
        }
    }

    /// <summary>Whether the name is a symbolic link with this text.</summary>
    public static bool IsLinkTo(ByteString name, ByteString? workingDirectory, string text)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(text);
        byte[] link = new byte[wanted.Length + 1];

        // Safe: both are pinned for the call, the path ends in NUL, and the length of the buffer goes with it.
        fixed (byte* path = PathOf(name, workingDirectory), start = link)
        {
            return (long)readlink(path, start, link.Length) == wanted.Length && link.AsSpan().StartsWith(wanted);
        }
    }

    private static FileDescriptor Open(ByteString name, ByteString? workingDirectory, int flags)
    {
        // Safe: the array is pinned for the call and ends in NUL.
        fixed (byte* text = PathOf(name, workingDirectory))
        {
            return FileDescriptor.Take(open(text, flags), "open", name.ToStrictText() ?? name.ToString());
        }
    }

    private static byte[] PathOf(ByteString name, ByteString? workingDirectory) =>
        name.Length > 0 && name.Span[0] != (byte)'/' && workingDirectory is { } directory
            ? [.. directory.Span, (byte)'/', .. name.Span, 0]
            : [.. name.Span, 0];
}
