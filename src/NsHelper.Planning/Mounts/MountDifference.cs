using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>What differs at one target between the table that is looked at (here) and the one it is compared with (there).</summary>
internal sealed record MountDifference
{
    public required ByteString Target { get; init; }
    public required MountChange Change { get; init; }

    /// <summary>The visible mount here; null when there is none.</summary>
    public required MountEntry? Here { get; init; }

    /// <summary>The visible mount there; null when there is none. Of an added mount: what it stands over, and of a missing one what stands here, below it there.</summary>
    public required MountEntry? There { get; init; }

    /// <summary>Of a change: the words that are others. Empty when it is another mount altogether.</summary>
    public ImmutableArray<OptionChange> Options { get; init; } = [];

    /// <summary>On the side that shows nothing here: the target of the mount that hides what is mounted; null when nothing is.</summary>
    public ByteString? HiddenBy { get; init; }

    /// <summary>The target in the other table that is in one peer group with this mount: what is mounted below one appears below the other.</summary>
    public ByteString? SharedWith { get; init; }

    /// <summary>The one the line is about: of a missing mount that of the other table.</summary>
    public MountEntry Subject => (Change == MountChange.Missing ? There : Here) ?? throw new InvalidOperationException("a difference without a mount");
}

/// <summary>How a target differs.</summary>
internal enum MountChange
{
    /// <summary>Here and not there.</summary>
    Added,

    /// <summary>There and not here.</summary>
    Missing,

    /// <summary>On both sides, and not the same.</summary>
    Changed,
}
