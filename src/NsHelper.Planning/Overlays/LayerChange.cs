namespace NsHelper.Planning.Overlays;

/// <summary>One change of a session to what its lowers show.</summary>
/// <param name="Path">In the session.</param>
/// <param name="Size">Bytes of a file, else 0.</param>
internal readonly record struct LayerChange(ChangeKind Kind, ByteString Path, LayerEntryType Type, long Size)
{
    /// <summary>Null for a directory that is there only because something in it changed.</summary>
    public static ChangeKind? KindOf(LayerEntryType type, LayerMark mark) =>
        mark.IsWhiteout ? ChangeKind.Deleted
        : mark.IsOpaque ? ChangeKind.Opaque
        : !mark.HasOrigin ? ChangeKind.Added
        : type == LayerEntryType.Directory ? null
        : ChangeKind.Modified;
}

internal enum ChangeKind
{
    Added,
    Modified,
    Deleted,

    /// <summary>A directory that was made anew: what the lower has in its place does not show.</summary>
    Opaque,
}
