using System.Runtime.InteropServices;
using NsHelper.Linux.Native;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>The beginning of a small file of the kernel's, which gives it in one read(2).</summary>
internal static unsafe class FileStart
{
    /// <summary>How many bytes there are; null when the file is not there, or not any more.</summary>
    /// <param name="directory">Null for an absolute path.</param>
    /// <param name="path">With the NUL that ends it.</param>
    public static int? Read(FileDescriptor? directory, ReadOnlySpan<byte> path, Span<byte> room, string subject)
    {
        fixed (byte* text = path, start = room)
        {
            int opened = openat(directory?.Number ?? AT_FDCWD, text, O_RDONLY | O_CLOEXEC);
            int error = opened < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == ENOENT || error == ESRCH)
            {
                return null;
            }

            // Safe: at most the length of the room is written.
            using FileDescriptor file = FileDescriptor.Take(opened, "openat", subject);
            long length = (long)read(file.Number, start, room.Length);
            return length < 0 && Marshal.GetLastPInvokeError() == ESRCH ? null : length < 0 ? throw SystemCallException.Last("read", subject) : (int)length;
        }
    }
}
