using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Profiles;

internal enum ShareScope
{
    User,
    Group,
    Global,

    /// <summary>All users of one profile.</summary>
    Profile,
}

/// <summary>What holds the files of a share.</summary>
internal enum ShareSource
{
    Tmpfs,

    /// <summary>A directory that nshelper keeps.</summary>
    Disk,

    /// <summary>The administrator's own directory.</summary>
    Directory,
}

/// <summary>[[share]]: one directory, live in every session that has it.</summary>
internal sealed record ShareSettings
{
    public required ProfileName Name { get; init; }

    /// <summary>Absolute path, specifiers not yet expanded.</summary>
    public required string Target { get; init; }
    public required ShareScope Scope { get; init; }

    /// <summary>Group of a share of scope group.</summary>
    public required PrincipalRule? Group { get; init; }

    public required ShareSource Source { get; init; }

    /// <summary>Of <see cref="ShareSource.Tmpfs"/>: gone when no session has it any longer.</summary>
    public bool EndsWithLastSession { get; init; }

    /// <summary>Of <see cref="ShareSource.Directory"/>: an absolute path of the administrator's choice (no specifiers); else null.</summary>
    public required AbsolutePath? SourcePath { get; init; }

    /// <summary>Where the source is written; the share itself where none is.</summary>
    public required SourceLocation SourceWrittenAt { get; init; }
    public required bool ReadOnly { get; init; }
    public required int Mode { get; init; }

    /// <summary>Bytes; of a tmpfs source.</summary>
    public required long Size { get; init; }
    public required Propagation Propagation { get; init; }
    public required CreateTarget Create { get; init; }
    public required SourceLocation Location { get; init; }
}
