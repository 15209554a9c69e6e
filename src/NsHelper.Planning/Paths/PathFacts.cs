using System.Collections.Immutable;

namespace NsHelper.Planning.Paths;

/// <summary>
/// What the host's tree holds where a profile's paths point, seen with the caller's rights before planning. A fact that has changed when the
/// plan runs makes a step fail; it never makes a step do something else.
/// </summary>
internal sealed record PathFacts
{
    /// <summary>Targets that the administrator wrote through root's own symbolic links.</summary>
    public required ImmutableArray<ResolvedTarget> Resolved { get; init; }

    /// <summary>Targets, resolved, that are not there.</summary>
    public required ImmutableArray<AbsolutePath> Missing { get; init; }

    /// <summary>Sources that are there and are no directories.</summary>
    public required ImmutableArray<AbsolutePath> Files { get; init; }

    /// <summary>The lower directories of the profile's overlays.</summary>
    public ImmutableArray<LowerFact> Lowers { get; init; } = [];

    /// <summary>Targets, resolved, that are there and are no directories.</summary>
    public ImmutableArray<AbsolutePath> FileTargets { get; init; } = [];

    public static PathFacts None { get; } = new() { Resolved = [], Missing = [], Files = [] };

    public AbsolutePath Of(AbsolutePath target)
    {
        foreach (ResolvedTarget resolved in Resolved)
        {
            if (resolved.Written == target)
            {
                return resolved.Place;
            }
        }

        return target;
    }
}

/// <summary>A target as the profile has it (/var/run/x) and where it lies without links (/run/x).</summary>
internal sealed record ResolvedTarget(AbsolutePath Written, AbsolutePath Place);

/// <summary>The paths of one profile for one caller that <see cref="PathFacts"/> must speak of.</summary>
/// <param name="TargetRoot">The tree of the host that becomes the session's root, which targets are looked up in; null when that is a new one.</param>
internal sealed record PathQuestions(AbsolutePath? TargetRoot, ImmutableArray<AbsolutePath> Targets, ImmutableArray<AbsolutePath> Sources)
{
    /// <summary>The lower directories of the profile's overlays.</summary>
    public ImmutableArray<AbsolutePath> Lowers { get; init; } = [];

    /// <summary>Where a target is looked up. What a session has below /proc is the kernel's, whatever its root: a new one has the files of the host's.</summary>
    public AbsolutePath? RootOf(AbsolutePath target) => target.IsBelow(KernelFiles.Proc) ? AbsolutePath.Root : TargetRoot;
}
