using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Sessions;

/// <summary>What the session's "/" is. But for the host's own, it takes the place of the old root, which is detached.</summary>
internal abstract record SessionRoot
{
    private SessionRoot()
    {
    }

    /// <summary>Whether the root is a file system of the session's own, on which missing targets are made as root.</summary>
    public virtual bool IsOwn => false;

    /// <summary>The host's tree as it is, and the session's mounts in it.</summary>
    internal sealed record Host : SessionRoot;

    /// <summary>An empty, bounded file system in memory: what is to be seen is mounted there.</summary>
    internal sealed record Tmpfs : SessionRoot
    {
        /// <summary>Bytes.</summary>
        public required long Size { get; init; }
        public required int Inodes { get; init; }

        public override bool IsOwn => true;
    }

    /// <summary>A tree of the host with everything mounted in it, opened with the caller's rights.</summary>
    internal sealed record Directory(AbsolutePath Path) : SessionRoot;

    /// <summary>A tree of the host without what is mounted below it, and over it what the session changes.</summary>
    /// <param name="Mount">With "/" as its target.</param>
    internal sealed record Overlay(SetupStep.OverlayMount Mount) : SessionRoot
    {
        public override bool IsOwn => true;
    }
}
