namespace NsHelper.Planning.Overlays;

/// <summary>What overlayfs wrote on an entry of an upper layer.</summary>
/// <param name="IsWhiteout">Something of the lower is deleted here.</param>
/// <param name="IsOpaque">A directory through which nothing of the lower shows.</param>
/// <param name="HasOrigin">It began as a copy of something of the lower.</param>
internal readonly record struct LayerMark(bool IsWhiteout, bool IsOpaque, bool HasOrigin);

/// <summary>What an entry of an upper layer is.</summary>
internal enum LayerEntryType
{
    Directory,
    File,
    Link,
    Fifo,
    Socket,
    Device,
    Whiteout,
}
