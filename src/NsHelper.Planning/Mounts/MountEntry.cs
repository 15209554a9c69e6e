namespace NsHelper.Planning.Mounts;

/// <summary>One mount, as its line in /proc/PID/mountinfo describes it; the names are those of proc_pid_mountinfo(5).</summary>
internal sealed record MountEntry
{
    public required int Id { get; init; }

    /// <summary>Id of the mount it is attached to; of a mount outside the process's root, or its own, for the topmost.</summary>
    public required int ParentId { get; init; }
    public required uint DeviceMajor { get; init; }
    public required uint DeviceMinor { get; init; }

    /// <summary>The directory of the file system that is mounted; "/" for the whole. A removed one ends in "//deleted".</summary>
    public required ByteString Root { get; init; }

    /// <summary>Mount point, seen from the process's root.</summary>
    public required ByteString Target { get; init; }

    /// <summary>Per-mount options, comma separated, as the kernel prints them.</summary>
    public required ByteString Options { get; init; }
    public required MountPropagation Propagation { get; init; }
    public required ByteString FilesystemType { get; init; }

    /// <summary>May be empty.</summary>
    public required ByteString Source { get; init; }

    /// <summary>Options of the file system, comma separated, as the kernel prints them.</summary>
    public required ByteString FilesystemOptions { get; init; }
}

/// <summary>The optional fields of a mountinfo line; none of them means private.</summary>
/// <param name="Shared">Peer group.</param>
/// <param name="Master">Peer group it receives from.</param>
/// <param name="PropagateFrom">Nearest dominating peer group below the process's root.</param>
/// <param name="Unbindable">May not be bound elsewhere.</param>
internal readonly record struct MountPropagation(int? Shared, int? Master, int? PropagateFrom, bool Unbindable);
