using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using NsHelper.Linux.Native;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>The names in a directory, by getdents64(2).</summary>
internal static unsafe class DirectoryListing
{
    private const int BufferSize = 8 * 1024;
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;

    private static int GetDents64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 61 : 217;

    /// <summary>All names without a dot in front that are UTF-8, in no order.</summary>
    public static List<string> Read(FileDescriptor directory, string path)
    {
        var names = new List<string>();
        Visit(directory, path, name =>
        {
            if (Utf8.IsValid(name))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }
        });
        return names;
    }

    /// <summary>The same without a string for each: all names without a dot in front, as they are.</summary>
    public static void Visit(FileDescriptor directory, string path, NameVisitor visitor)
    {
        using FileDescriptor readable = Reopen(directory, path);
        byte* start = stackalloc byte[BufferSize];
        while (true)
        {
            // Safe: the kernel writes whole records, each with its length, into the buffer.
            long filled = (long)syscall(GetDents64, readable.Number, start, BufferSize);
            SystemCallException.ThrowIfNegative(filled, "getdents64", path);
            if (filled == 0)
            {
                return;
            }

            for (long at = 0; at < filled; at += *(ushort*)(start + at + RecordLengthOffset))
            {
                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + at + NameOffset);
                if (name[0] != (byte)'.')
                {
                    visitor(name);
                }
            }
        }
    }

    // The descriptor of a path only cannot be read from; "." below it is the same directory.
    private static FileDescriptor Reopen(FileDescriptor directory, string path)
    {
        byte* dot = stackalloc byte[] { (byte)'.', 0 };
        return FileDescriptor.Take(openat(directory.Number, dot, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "openat", path);
    }
}

/// <summary>Is given one name of a directory.</summary>
internal delegate void NameVisitor(ReadOnlySpan<byte> name);
