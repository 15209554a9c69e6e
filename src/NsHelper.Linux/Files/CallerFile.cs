using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using Tmds.Linux;
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

    /// <summary>A file that was not there, for writing.</summary>
    public static FileDescriptor Create(ByteString name, ByteString? workingDirectory, int mode)
    {
        fixed (byte* text = PathOf(name, workingDirectory))
        {
            return FileDescriptor.Take(open(text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, (mode_t)mode), "open", name.ToStrictText() ?? name.ToString());
        }
    }

    /// <summary>Removes what <see cref="Create"/> made. Best effort: it is said already that the file is not what was asked for.</summary>
    public static void Remove(ByteString name, ByteString? workingDirectory)
    {
        fixed (byte* text = PathOf(name, workingDirectory))
        {
            _ = syscall(Execution.SystemCalls.NumberOf(Execution.SystemCall.UnlinkAt), AT_FDCWD, text, 0);
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
