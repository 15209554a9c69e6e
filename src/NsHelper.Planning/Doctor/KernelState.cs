using System.Collections.Immutable;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Planning.Doctor;

/// <summary>What the kernel is and how it is set.</summary>
internal sealed record KernelState
{
    /// <summary>As uname(2) has it.</summary>
    public required string Release { get; init; }

    /// <summary>System calls that a start makes and that answered ENOSYS.</summary>
    public required ImmutableArray<string> MissingCalls { get; init; }

    /// <summary>Those that answered EPERM although anybody may make them.</summary>
    public required ImmutableArray<string> FilteredCalls { get; init; }

    /// <summary>Of this process; null where they cannot be read.</summary>
    public required NamespaceIds? Namespaces { get; init; }

    /// <summary>Kinds of which user.max_KIND_namespaces is 0.</summary>
    public required ImmutableArray<NamespaceKind> ForbiddenNamespaces { get; init; }

    /// <summary>/proc/filesystems.</summary>
    public required HostFile Filesystems { get; init; }

    /// <summary>The mount table of this process; empty where it cannot be read.</summary>
    public required ImmutableArray<MountEntry> Mounts { get; init; }

    /// <summary>Security modules that are in force and refuse mounts where their rules say so: AppArmor, SELinux.</summary>
    public required ImmutableArray<string> SecurityModules { get; init; }
}
