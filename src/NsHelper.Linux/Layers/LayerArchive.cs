using System.Runtime.InteropServices;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Overlays;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>
/// Writes a layer as a tar archive: deletions as `.wh.NAME`, directories that hide what is below them with `.wh..wh..opq`, as layers of
/// container images have it. Written with the caller's rights to a file that was not there, or to standard output.
/// </summary>
internal sealed unsafe class LayerArchive : ILayerVisitor, IDisposable
{
    private const int StandardOutput = 1;
    private const int BufferSize = 64 * 1024;
    private const int NewFileMode = 0x1b6; // 0666

    private readonly FileDescriptor? file;
    private readonly ByteString name;
    private readonly ByteString? workingDirectory;
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly byte[] content = new byte[BufferSize];
    private readonly List<(ByteString Path, int Errno)> unreadable = [];
    private readonly Dictionary<ulong, ByteString> linked = [];
    private int filled;

    private LayerArchive(FileDescriptor? file, ByteString name, ByteString? workingDirectory)
    {
        this.file = file;
        this.name = name;
        this.workingDirectory = workingDirectory;
    }

    /// <summary>What is not in the archive, or not as it was.</summary>
    public IReadOnlyList<(ByteString Path, int Errno)> Faults => unreadable;

    /// <param name="name">As the caller wrote it, from the caller's working directory; "-" is standard output.</param>
    public static LayerArchive Create(ByteString name, ByteString? workingDirectory, uint callersMask)
    {
        if (name.Span.SequenceEqual("-"u8))
        {
            return new LayerArchive(null, name, null);
        }

        // Never over a file, never through a link. The umask is the caller's for this one file.
        _ = umask((mode_t)callersMask);
        try
        {
            return new LayerArchive(CallerFile.Create(name, workingDirectory, NewFileMode), name, workingDirectory);
        }
        finally
        {
            _ = umask((mode_t)0x3f);
        }
    }

    public bool Visit(in LayerEntry entry)
    {
        // A file system of a layer has no entries of these names: the kernel knows whiteouts by other marks.
        if (entry.Name.AsSpan().StartsWith(TarFormat.WhiteoutPrefix))
        {
            unreadable.Add((entry.Path, EINVAL));
            return true;
        }

        switch (entry.Type)
        {
            case LayerEntryType.Directory:
                Write(TarFormat.Header(HeaderOf(entry, TarType.Directory, 0, default)));
                if (entry.Mark.IsOpaque)
                {
                    ByteString mark = new([.. entry.Path.Span, (byte)'/', .. TarFormat.OpaqueName]);
                    Write(TarFormat.Header(HeaderOf(entry, TarType.File, 0, default) with { Path = mark }));
                }

                return true;
            case LayerEntryType.Whiteout:
                ByteString parent = new(entry.Path.Span[..(entry.Path.Length - entry.Name.Length)]);
                Write(TarFormat.Header(HeaderOf(entry, TarType.File, 0, default) with { Path = new([.. parent.Span, .. TarFormat.WhiteoutPrefix, .. entry.Name]) }));
                return true;
            case LayerEntryType.Link:
                WriteLink(entry);
                return true;
            case LayerEntryType.File:
                WriteFile(entry);
                return true;
            case LayerEntryType.Fifo:
                Write(TarFormat.Header(HeaderOf(entry, TarType.Fifo, 0, default)));
                return true;
            default:
                unreadable.Add((entry.Path, EOPNOTSUPP));
                return true;
        }
    }

    public void Unreadable(ByteString path, int errno) => unreadable.Add((path, errno));

    /// <summary>The end of the archive.</summary>
    public void Finish()
    {
        Write(new byte[TarFormat.EndSize]);
        Flush();
    }

    /// <summary>What was written of it goes: half an archive is none.</summary>
    public void Abandon()
    {
        if (file is not null)
        {
            CallerFile.Remove(name, workingDirectory);
        }
    }

    public void Dispose() => file?.Dispose();

    private static TarEntry HeaderOf(in LayerEntry entry, TarType type, long size, ByteString link) => new(entry.Path, type)
    {
        Mode = entry.Mode,
        User = entry.User,
        Group = entry.Group,
        Size = size,
        Modified = entry.Modified,
        Link = link,
    };

    private void WriteLink(in LayerEntry entry)
    {
        try
        {
            Write(TarFormat.Header(HeaderOf(entry, TarType.Link, 0, new ByteString(LayerCalls.LinkText(entry.Parent, entry.Name, "")))));
        }
        catch (SystemCallException exception) when (exception.Subject.Length == 0)
        {
            unreadable.Add((entry.Path, exception.Errno));
        }
    }

    private void WriteFile(in LayerEntry entry)
    {
        if (entry.Links > 1 && linked.TryGetValue(entry.Inode, out ByteString first))
        {
            Write(TarFormat.Header(HeaderOf(entry, TarType.HardLink, 0, first)));
            return;
        }

        FileDescriptor? opened = null;
        try
        {
            opened = LayerCalls.Open(entry.Parent, entry.Name, O_RDONLY | O_NONBLOCK | O_NOCTTY, (ulong)RESOLVE_NO_XDEV, "");
        }
        catch (SystemCallException exception) when (exception.Subject.Length == 0)
        {
            unreadable.Add((entry.Path, exception.Errno));
            return;
        }

        if (opened is null)
        {
            return; // a session that runs has removed it
        }

        using FileDescriptor source = opened;
        if (entry.Links > 1)
        {
            linked.Add(entry.Inode, entry.Path);
        }

        Write(TarFormat.Header(HeaderOf(entry, TarType.File, entry.Size, default)));
        long left = entry.Size;
        while (left > 0)
        {
            int read = Read(source, (int)Math.Min(left, BufferSize));
            if (read <= 0)
            {
                break;
            }

            Write(content.AsSpan(0, read));
            left -= read;
        }

        // It became shorter while it was read: the header promised the rest.
        if (left > 0)
        {
            unreadable.Add((entry.Path, EIO));
        }

        for (content.AsSpan().Clear(); left > 0; left -= Math.Min(left, BufferSize))
        {
            Write(content.AsSpan(0, (int)Math.Min(left, BufferSize)));
        }

        Write(new byte[TarFormat.PaddingOf(entry.Size)]);
    }

    private int Read(FileDescriptor source, int length)
    {
        fixed (byte* start = content)
        {
            // Safe: at most the size of the pinned array.
            return (int)(long)read(source.Number, start, length);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int part = Math.Min(bytes.Length, BufferSize - filled);
            bytes[..part].CopyTo(buffer.AsSpan(filled));
            bytes = bytes[part..];
            filled += part;
            if (filled == BufferSize)
            {
                Flush();
            }
        }
    }

    private void Flush()
    {
        fixed (byte* start = buffer)
        {
            for (int written = 0; written < filled;)
            {
                // Safe: start + written stays inside the pinned array.
                long result = (long)write(file?.Number ?? StandardOutput, start + written, filled - written);
                if (result <= 0 && Marshal.GetLastPInvokeError() != EINTR)
                {
                    throw SystemCallException.Last("write", "the archive");
                }

                written += (int)Math.Max(0, result);
            }
        }

        filled = 0;
    }
}
