using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>One thing done to the session's namespaces, in the profile's language.</summary>
internal abstract record SetupStep
{
    private protected SetupStep()
    {
    }

    /// <summary>The line of the profile that asked for it.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Something attached at a target.</summary>
    internal abstract record MountStep : SetupStep
    {
        private protected MountStep()
        {
        }

        public required AbsolutePath Target { get; init; }
        public required MountAttributes Attributes { get; init; }
        public required Propagation Propagation { get; init; }

        /// <summary>No, Directory or File: what is made where the target may be missing. Never Auto.</summary>
        public required CreateTarget Create { get; init; }

        /// <summary>
        /// The place of the session's own file system that the target lies on: what is missing there is made as root, by nobody's
        /// leave. Null where the tree is somebody's: there it is made as the caller.
        /// </summary>
        public AbsolutePath? CreatedOn { get; init; }

        /// <summary>Lower comes first; null: with what it stands on.</summary>
        public int? Order { get; init; }
    }

    /// <summary>A tree of the host, opened with the caller's rights or with root's, attached at another place.</summary>
    internal sealed record BindMount : MountStep
    {
        public required AbsolutePath Source { get; init; }

        /// <summary>Where the user chose the source: the directory out of which no link on the way may lead. Else null.</summary>
        public required AbsolutePath? Within { get; init; }
        public required bool Recursive { get; init; }
        public required bool Optional { get; init; }

        /// <summary>Opened as root, by directories that root alone can change and no link.</summary>
        public bool AsRoot { get; init; }

        /// <summary>No link is followed on the way to the source: where the site bounds sources, a link would lead beyond.</summary>
        public bool WithoutLinks { get; init; }

        /// <summary>Of [protect]: the place itself with restrictions, and not something brought there.</summary>
        public bool InPlace { get; init; }

        /// <summary>Taken from what the session has mounted around it, and not from the host.</summary>
        public bool OfSession { get; init; }

        public bool IsOntoItself => Source == Target;
    }

    /// <summary>A new, bounded file system in memory.</summary>
    internal sealed record TmpfsMount : MountStep
    {
        /// <summary>Bytes.</summary>
        public required long Size { get; init; }
        public required int Inodes { get; init; }
        public required int Mode { get; init; }
        public required UserId Owner { get; init; }
        public required GroupId Group { get; init; }
    }

    /// <summary>A new instance of one of the kernel's own file systems.</summary>
    internal sealed record KernelMount : MountStep
    {
        public required KernelFileSystem FileSystem { get; init; }

        /// <summary>Of proc alone: `hidepid`, by the words of protect_proc; null leaves the kernel's default.</summary>
        public ProcessVisibility? Visibility { get; init; }

        /// <summary>Of proc alone: `subset=pid`, processes and nothing of the kernel.</summary>
        public bool ProcessesOnly { get; init; }
    }

    /// <summary>A device of the host's /dev, opened with the caller's rights, at the same path. It alone, and a devpts, comes without nodev.</summary>
    internal sealed record DeviceMount : MountStep
    {
        /// <summary>Null: any character or block device, by the administrator's word.</summary>
        public required DeviceNumber? Number { get; init; }
    }

    /// <summary>Nothing to see: an empty directory or an empty file that nobody may open, as the target is one or the other.</summary>
    internal sealed record MaskMount : MountStep
    {
        /// <summary>What the target is; known when all mounts are.</summary>
        public bool IsFile { get; init; }
    }

    /// <summary>Directories of the administrator's as one, and above them what the session changes.</summary>
    internal sealed record OverlayMount : MountStep
    {
        /// <summary>Topmost first.</summary>
        public required ImmutableArray<OverlayLower> Lowers { get; init; }
        public required OverlayUpper Upper { get; init; }

        /// <summary>Permission bits of the merged directory, which is root's, and its group.</summary>
        public required int Mode { get; init; }
        public required GroupId Group { get; init; }
    }

    /// <summary>The backing of a share or a private directory, attached at its target; taken before the tree leaves the host's peer groups.</summary>
    internal sealed record ShareMount : MountStep
    {
        /// <summary>Null: of a private directory.</summary>
        public required ProfileName? Name { get; init; }

        /// <summary>Of the caller alone, and no peer of anything: mounts of the session may stand in it.</summary>
        public bool IsOwn { get; init; }
        public required string Key { get; init; }
    }

    /// <summary>Something made as root on a file system of the session's own, when all mounts are there.</summary>
    internal abstract record Entry : SetupStep
    {
        private protected Entry()
        {
        }

        public required AbsolutePath Target { get; init; }

        /// <summary>The root of that file system; known when all mounts are.</summary>
        public AbsolutePath CreatedOn { get; init; }
    }

    /// <summary>A symbolic link.</summary>
    internal sealed record Symlink : Entry
    {
        /// <summary>What it holds: a path that is looked up in the session alone.</summary>
        public required string Text { get; init; }
    }

    /// <summary>A directory; one that is there already gets the owner and the mode.</summary>
    internal sealed record NewDirectory : Entry
    {
        public required int Mode { get; init; }
        public required UserId Owner { get; init; }
        public required GroupId Group { get; init; }
    }

    /// <summary>A file that was not there.</summary>
    internal sealed record NewFile : Entry
    {
        public required int Mode { get; init; }
        public required UserId Owner { get; init; }
        public required GroupId Group { get; init; }

        /// <summary>Written out nowhere: it may hold what only its owner is to read.</summary>
        public required ByteString Content { get; init; }
    }

    internal sealed record SetHostname(string Hostname) : SetupStep;

    internal sealed record BringLoopbackUp : SetupStep;
}
