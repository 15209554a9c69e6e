using System.Collections.Immutable;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]] of type overlay: directories of the administrator's, topmost first, and where changes to them go.</summary>
internal sealed record OverlaySettings : MountSettings
{
    public required ImmutableArray<AbsolutePath> Lowers { get; init; }
    public required SourceLocation LowersWrittenAt { get; init; }
    public required UpperChoice Upper { get; init; }

    /// <summary>Bytes; of an upper in memory.</summary>
    public required long Size { get; init; }

    /// <summary>Of an upper in memory.</summary>
    public required int Inodes { get; init; }
}

/// <summary>The words of `upper`, in the order of the schema.</summary>
internal enum UpperChoice
{
    Tmpfs,
    Session,
    User,
}
