using System.Collections.Immutable;

namespace NsHelper.Planning.Paths;

/// <summary>
/// What the host's tree holds where a profile's paths point, seen with the caller's rights before planning. A fact that has changed when the
/// plan runs makes a step fail; it never makes a step do something else.
/// </summary>
internal sealed record PathFacts
{
    /// <summary>Targets that the administrator wrote through root's own symbolic links (/var/run for /run), and where they lie without links.</summary>
    public required ImmutableDictionary<AbsolutePath, AbsolutePath> Resolved { get; init; }

    /// <summary>Targets, resolved, that are not there.</summary>
    public required ImmutableHashSet<AbsolutePath> Missing { get; init; }

    /// <summary>Sources that are there and are no directories.</summary>
    public required ImmutableHashSet<AbsolutePath> Files { get; init; }

    public static PathFacts None { get; } = new()
    {
        Resolved = ImmutableDictionary<AbsolutePath, AbsolutePath>.Empty,
        Missing = [],
        Files = [],
    };

    public AbsolutePath Of(AbsolutePath target) => Resolved.GetValueOrDefault(target, target);
}

/// <summary>The paths of one profile for one caller that <see cref="PathFacts"/> must speak of.</summary>
internal sealed record PathQuestions(ImmutableArray<AbsolutePath> Targets, ImmutableArray<AbsolutePath> Sources);
