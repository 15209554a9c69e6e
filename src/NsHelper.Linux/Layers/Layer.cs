using NsHelper.Linux.Native;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Layers;

/// <summary>What one overlay keeps. A start that was killed may have left less than all of it.</summary>
/// <param name="Name">The session id, or the profile.</param>
internal sealed record Layer(LayerScope Scope, string Name)
{
    /// <summary>Null for the directory of a session that no overlay got into.</summary>
    public ProfileName? Profile { get; init; }
    public AbsolutePath? Target { get; init; }

    /// <summary>A harmless copy of what was changed; null when it was never made.</summary>
    public FileDescriptor? Upper { get; init; }

    /// <summary>When it was last mounted; seconds since 1970.</summary>
    public long LastUsed { get; init; }
}
