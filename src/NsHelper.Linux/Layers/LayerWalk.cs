using System.Runtime.InteropServices;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Overlays;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>
/// Goes through an upper layer with the caller's rights, in the order of the bytes of names. The marks that overlayfs leaves are attributes that
/// only root reads: for these alone a capability becomes effective, while nothing is opened.
/// </summary>
internal sealed unsafe class LayerWalk(RaisedPrivileges privileges, ILayerVisitor visitor)
{
    /// <summary>Each level has a descriptor open.</summary>
    private const int MostLevels = 400;
    private const uint PermissionBits = 0xfff;
    private const int ListingSize = 32 * 1024;
    private const int RecordLengthOffset = 16;
    private const int NameOffset = 19;

    private bool isEnded;

    /// <param name="prefix">What stands before each path: the target with a slash, or what comes of it in an archive.</param>
    public void Run(FileDescriptor upper, ByteString prefix) => Descend(upper, "."u8, prefix, 0);

    private void Descend(FileDescriptor parent, ReadOnlySpan<byte> name, ByteString prefix, int level)
    {
        if (level > MostLevels)
        {
            visitor.Unreadable(prefix, ENAMETOOLONG);
            return;
        }

        FileDescriptor? directory = null;
        try
        {
            directory = LayerCalls.Open(parent, name, O_RDONLY | O_DIRECTORY, (ulong)RESOLVE_NO_XDEV, "");
            if (directory is not null)
            {
                Visit(directory, prefix, level);
            }
        }
        catch (SystemCallException exception)
        {
            // Every descriptor and every wrong turn is told: what is missing from an answer must not look as if it were not there.
            visitor.Unreadable(prefix, exception.Errno);
        }
        finally
        {
            directory?.Dispose();
        }
    }

    private void Visit(FileDescriptor directory, ByteString prefix, int level)
    {
        foreach (LayerEntry entry in Entries(directory, prefix))
        {
            if (isEnded || !visitor.Visit(entry))
            {
                isEnded = true;
                return;
            }

            if (entry.Type == LayerEntryType.Directory)
            {
                Descend(directory, entry.Name, new ByteString([.. entry.Path.Span, (byte)'/']), level + 1);
            }
        }
    }

    private List<LayerEntry> Entries(FileDescriptor directory, ByteString prefix)
    {
        List<byte[]> names = NamesIn(directory);
        names.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        List<LayerEntry> entries = new(names.Count);
        LayerCalls.EnterDirectory(directory, "");
        privileges.RaiseForAttributes();
        try
        {
            foreach (byte[] name in names)
            {
                // A session that runs may have removed it meanwhile.
                if (LayerCalls.StatusAt(directory, name, "") is stat status)
                {
                    entries.Add(EntryOf(directory, name, prefix, status));
                }
            }
        }
        finally
        {
            privileges.LowerAfterAttributes();
        }

        return entries;
    }

    private static LayerEntry EntryOf(FileDescriptor directory, byte[] name, ByteString prefix, in stat status)
    {
        LayerEntryType type = TypeOf(status);
        return new LayerEntry(directory, name, new ByteString([.. prefix.Span, .. name]))
        {
            Type = type,
            Mode = (int)((uint)status.st_mode & PermissionBits),
            User = (uint)status.st_uid,
            Group = (uint)status.st_gid,
            Size = type == LayerEntryType.File ? (long)status.st_size : 0,
            Modified = status.st_mtim.tv_sec,
            Inode = (ulong)status.st_ino,
            Links = (ulong)status.st_nlink,
            Mark = new LayerMark(
                type == LayerEntryType.Whiteout,
                type == LayerEntryType.Directory && LayerCalls.AttributeOf(name, "trusted.overlay.opaque"u8) == (byte)'y',
                type != LayerEntryType.Whiteout && LayerCalls.AttributeOf(name, "trusted.overlay.origin"u8) is not null),
        };
    }

    private static LayerEntryType TypeOf(in stat status)
    {
        mode_t type = status.st_mode & S_IFMT;
        return type == S_IFDIR ? LayerEntryType.Directory
            : type == S_IFREG ? LayerEntryType.File
            : type == S_IFLNK ? LayerEntryType.Link
            : type == S_IFIFO ? LayerEntryType.Fifo
            : type == S_IFSOCK ? LayerEntryType.Socket
            : type == S_IFCHR && (ulong)status.st_rdev == 0 ? LayerEntryType.Whiteout
            : LayerEntryType.Device;
    }

    public static List<byte[]> NamesIn(FileDescriptor directory)
    {
        List<byte[]> names = [];
        byte[] buffer = new byte[ListingSize];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                // Safe: the kernel writes whole records, each with its length, into the pinned buffer.
                long filled = (long)syscall(Execution.SystemCalls.NumberOf(Execution.SystemCall.GetDents64), directory.Number, start, ListingSize);
                SystemCallException.ThrowIfNegative(filled, "getdents64", "");
                if (filled == 0)
                {
                    return names;
                }

                for (long at = 0; at < filled; at += *(ushort*)(start + at + RecordLengthOffset))
                {
                    ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + at + NameOffset);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }
        }
    }
}
