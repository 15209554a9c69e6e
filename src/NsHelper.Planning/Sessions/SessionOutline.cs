using System.Collections.Immutable;

namespace NsHelper.Planning.Sessions;

/// <summary>The part of a plan that a session shows for as long as it runs: its namespaces, its root and its mounts.</summary>
/// <param name="Mounts">In the order in which they are attached.</param>
internal sealed record SessionOutline(Isolation Isolation, ImmutableArray<ShareBacking> Backings, ImmutableArray<SetupStep> Mounts);
