using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Overlays;

namespace NsHelper.Linux.Layers;

/// <summary>One entry of an upper layer, while the directory that has it is open.</summary>
internal readonly record struct LayerEntry(FileDescriptor Parent, byte[] Name, ByteString Path)
{
    public required LayerEntryType Type { get; init; }

    /// <summary>Permission bits.</summary>
    public required int Mode { get; init; }
    public required uint User { get; init; }
    public required uint Group { get; init; }
    public required long Size { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Modified { get; init; }
    public required ulong Inode { get; init; }
    public required ulong Links { get; init; }
    public required LayerMark Mark { get; init; }
}

/// <summary>Is told of everything in a layer, a directory before what is in it.</summary>
internal interface ILayerVisitor
{
    /// <summary>False ends the walk.</summary>
    public bool Visit(in LayerEntry entry);

    /// <summary>What the caller may not read.</summary>
    public void Unreadable(ByteString path, int errno);
}
