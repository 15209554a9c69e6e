using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>All that `doctor` has seen of the host and of itself, as one value; what it means is for <see cref="Diagnosis"/>.</summary>
internal sealed record HostState
{
    public required ProgramState Program { get; init; }
    public required ProcessState Process { get; init; }
    public required KernelState Kernel { get; init; }

    /// <summary>Those in which nshelper keeps state, each behind the one it lies in.</summary>
    public required ImmutableArray<HostPath> Directories { get; init; }
    public required ProfilesState Profiles { get; init; }

    /// <summary>Null where nobody logs in by nshelper.</summary>
    public required LoginsState? Logins { get; init; }
}

/// <summary>The file that this process is.</summary>
internal sealed record ProgramState
{
    public required HostPath File { get; init; }

    /// <summary>The directories above it, the nearest first.</summary>
    public required ImmutableArray<HostPath> Above { get; init; }

    /// <summary>The name of the file's group.</summary>
    public required string GroupName { get; init; }

    /// <summary>Whether the mount it lies on takes the effect from set-user-ID bits.</summary>
    public required bool IsOnNoSuidMount { get; init; }

    /// <summary>What the name of the login shell beside it leads to.</summary>
    public required HostPath LoginShell { get; init; }

    /// <summary>Whether that is the program.</summary>
    public required bool LoginShellIsProgram { get; init; }
}

/// <summary>What this process got at its start.</summary>
internal sealed record ProcessState
{
    /// <summary>Whether root asks.</summary>
    public required bool IsAskedByRoot { get; init; }

    /// <summary>Whether the kernel gave it root rights, which it has given up meanwhile.</summary>
    public required bool HadRoot { get; init; }
    public required bool HasNoNewPrivileges { get; init; }

    /// <summary>Null where the kernel's map of ids cannot be read.</summary>
    public required bool? IsInHostUserNamespace { get; init; }

    /// <summary>The process that traces it; 0 for none.</summary>
    public required int Tracer { get; init; }

    /// <summary>Capabilities that a start needs and the bounding set lacks.</summary>
    public required ImmutableArray<string> MissingCapabilities { get; init; }
}
