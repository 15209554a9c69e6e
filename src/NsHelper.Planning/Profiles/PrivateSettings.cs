namespace NsHelper.Planning.Profiles;

/// <summary>Who meets in one instance of a private directory.</summary>
internal enum PrivateScope
{
    /// <summary>Nobody: each session has its own.</summary>
    Session,

    /// <summary>The sessions of one user.</summary>
    User,

    /// <summary>All users of one profile.</summary>
    Profile,

    /// <summary>The members of one group.</summary>
    Group,
}

/// <summary>[[private]]: a directory of which not everybody has the same instance.</summary>
internal sealed record PrivateSettings
{
    /// <summary>Absolute path, specifiers not yet expanded.</summary>
    public required string Target { get; init; }
    public required PrivateScope Scope { get; init; }

    /// <summary>Group of scope group, else null.</summary>
    public required PrincipalRule? Group { get; init; }

    /// <summary>A directory that nshelper keeps for good; else a tmpfs. Never of scope session.</summary>
    public required bool OnDisk { get; init; }
    public required int Mode { get; init; }

    /// <summary>Bytes; of a tmpfs.</summary>
    public required long Size { get; init; }
    public required SourceLocation Location { get; init; }
}
