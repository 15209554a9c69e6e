using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]], in file order; the planner sorts by depth of the target.</summary>
internal abstract record MountSettings
{
    private protected MountSettings()
    {
    }

    /// <summary>Absolute path, specifiers not yet expanded.</summary>
    public required string Target { get; init; }
    public required MountOptions Options { get; init; }
    public required Propagation Propagation { get; init; }
    public required CreateTarget Create { get; init; }

    /// <summary>Its place among the mounts where it is not by depth alone; null: after what it stands on.</summary>
    public int? Order { get; init; }

    /// <summary>To whom a tmpfs, directory or file belongs; null: as its kind has it.</summary>
    public PrincipalRule? Owner { get; init; }
    public PrincipalRule? OwnerGroup { get; init; }
    public required SourceLocation Location { get; init; }

    internal sealed record Bind : MountSettings
    {
        public required string Source { get; init; }

        /// <summary>Where the source is written: the target's line where it is both.</summary>
        public required SourceLocation SourceWrittenAt { get; init; }
        public required bool Recursive { get; init; }

        /// <summary>Opened with root's rights, by directories that root alone can change.</summary>
        public required bool AsRoot { get; init; }

        /// <summary>Skip when the source is missing.</summary>
        public required bool Optional { get; init; }
    }

    internal sealed record Tmpfs : MountSettings
    {
        /// <summary>Bytes.</summary>
        public required long Size { get; init; }
        public required int Inodes { get; init; }

        /// <summary>Permission bits of its root.</summary>
        public required int Mode { get; init; }
    }

    /// <summary>A file system of the kernel, in its place.</summary>
    internal sealed record Kernel : MountSettings
    {
        public required KernelFileSystem FileSystem { get; init; }
    }

    /// <summary>Something that is there and is not to be seen.</summary>
    internal sealed record Mask : MountSettings
    {
        /// <summary>Skip when the target is missing.</summary>
        public required bool Optional { get; init; }
    }

    /// <summary>No mount, but something made on a file system of the session's own.</summary>
    internal abstract record Entry : MountSettings
    {
        private protected Entry()
        {
        }
    }

    internal sealed record Symlink : Entry
    {
        /// <summary>The text of the link, absolute or not, specifiers and parameters not yet expanded.</summary>
        public required string Source { get; init; }
    }

    internal sealed record Directory : Entry
    {
        public required int Mode { get; init; }
    }

    internal sealed record File : Entry
    {
        public required int Mode { get; init; }
        public required string Content { get; init; }
    }
}

/// <summary>Per-mount restrictions; nosuid and nodev are always set, whatever the profile says.</summary>
internal readonly record struct MountOptions(bool ReadOnly, bool NoExec, bool NoAtime, bool NoSymFollow);

internal enum CreateTarget
{
    No,
    Directory,
    File,

    /// <summary>What the source is.</summary>
    Auto,
}
