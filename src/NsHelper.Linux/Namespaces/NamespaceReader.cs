using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning.Namespaces;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Namespaces;

/// <summary>
/// Reads which namespaces a process is in, from the links in /proc/PID/ns, with the rights of the caller and no others. For another process
/// the kernel asks for PTRACE_MODE_READ_FSCREDS, which the parked root id does not give. For this one it asks for nothing: a process may
/// look at itself (same thread group) even when it is not dumpable and the directory belongs to root, so root is never raised for it.
/// </summary>
internal static unsafe class NamespaceReader
{
    // "cgroup:[4026531835]" and room for a 64 bit number.
    private const int LongestLink = 64;
    private const int ENOENT = 2;
    private const int ESRCH = 3;
    private const int EIO = 5;

    /// <param name="processId">Null for this process, which is in the namespaces of its caller.</param>
    /// <exception cref="SystemCallException">The process is not there, or the caller may not read its namespaces.</exception>
    public static NamespaceIds Read(int? processId)
    {
        // One descriptor for all kinds: it stays with the process it was opened for, also when the number is given to another.
        string path = ProcFile.PathOf(processId, "ns");
        using FileDescriptor directory = ProcFile.Open(processId, "ns", O_PATH | O_DIRECTORY);
        var ids = ImmutableArray.CreateBuilder<ulong?>();
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            ids.Add(ReadId(directory, path, NamespaceKinds.NameOf(kind)));
        }

        // A process that ended meanwhile has no links at all, which would look like a kernel without namespaces.
        _ = ReadId(directory, path, NamespaceKinds.NameOf(NamespaceKind.Mount)) ?? throw new SystemCallException("readlinkat", path, ESRCH);
        return new NamespaceIds(ids.ToImmutable());
    }

    /// <summary>One of this process.</summary>
    public static ulong? ReadOwn(NamespaceKind kind)
    {
        using FileDescriptor directory = ProcFile.Open(null, "ns", O_PATH | O_DIRECTORY);
        return ReadId(directory, "/proc/self/ns", NamespaceKinds.NameOf(kind));
    }

    private static ulong? ReadId(FileDescriptor directory, string path, string name)
    {
        Span<byte> link = stackalloc byte[LongestLink];
        byte[] terminated = Encoding.ASCII.GetBytes(name + "\0");
        long length;

        // Safe: both are pinned for the call, the name ends in NUL, and the length of the buffer goes with it.
        fixed (byte* start = link, nameStart = terminated)
        {
            length = (long)readlinkat(directory.Number, nameStart, start, link.Length);
        }

        if (length < 0)
        {
            // A kernel built without a kind has no link for it.
            return Marshal.GetLastPInvokeError() == ENOENT ? null : throw SystemCallException.Last("readlinkat", $"{path}/{name}");
        }

        return NamespaceLink.Parse(link[..(int)length], name) ?? throw new SystemCallException("readlinkat", $"{path}/{name}", EIO);
    }
}
