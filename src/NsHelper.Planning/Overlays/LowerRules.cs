using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Overlays;

/// <summary>
/// Which directories may lie below an overlay. The kernel copies what a user changes to the upper layer as it was: owner, mode, setuid bit.
/// So the lower must be root's alone to shape, on a kind of file system whose owners and modes no user can make up.
/// </summary>
internal static class LowerRules
{
    /// <summary>
    /// f_type of statfs(2). A list of what is known to be good: FUSE, network file systems and those of removable media say what their
    /// server or whoever wrote the stick wants. An overlay is as good as its layers, which only root can mount where this process looks.
    /// </summary>
    private static readonly long[] RootControlled =
    [
        0xef53, // ext2, ext3, ext4
        0x58465342, // xfs
        0x9123683e, // btrfs
        0xf2f52010, // f2fs
        0xca451a4e, // bcachefs
        0x2fc12fc1, // zfs
        0x01021994, // tmpfs
        0x73717368, // squashfs
        0xe0f5e1e2, // erofs
        0x794c7630, // overlay
    ];

    /// <summary>Why an overlay must not stand on it, in words that stand alone; null when it may.</summary>
    public static string? Fault(LowerFact lower) =>
        lower.Defect is string defect ? defect
        : !RootControlled.AsSpan().Contains(lower.FileSystemType) ? "lies on a file system whose owners and modes root alone does not decide (FUSE, network, removable media)"
        : lower.IsNoSuid ? "lies on a file system that is mounted nosuid, so its setuid files are not to be trusted"
        : null;
}
