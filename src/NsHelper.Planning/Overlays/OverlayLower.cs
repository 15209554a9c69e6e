using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Overlays;

/// <summary>A lower directory as it was seen: with another kind of file system there, the start fails.</summary>
/// <param name="FileSystemType">f_type of statfs(2).</param>
internal sealed record OverlayLower(AbsolutePath Path, long FileSystemType);
