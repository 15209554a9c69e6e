namespace NsHelper.Linux.Execution;

/// <summary>Detached trees that an overlay is made of.</summary>
/// <param name="Lowers">Topmost first.</param>
/// <param name="Kept">The directory of a kept upper; null for one in memory.</param>
internal readonly record struct OverlaySources(Slot[] Lowers, Slot? Kept);
