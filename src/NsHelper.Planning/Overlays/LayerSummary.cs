using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Overlays;

/// <summary>One layer in the list of what is kept.</summary>
internal sealed record LayerSummary
{
    public required LayerScope Scope { get; init; }

    /// <summary>The session id, or the profile: what `changes` takes.</summary>
    public required string Name { get; init; }

    /// <summary>Null, with the target, where a start ended before its overlay was made.</summary>
    public required ProfileName? Profile { get; init; }
    public required AbsolutePath? Target { get; init; }

    /// <summary>As far as the user may look.</summary>
    public required int Changes { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Size { get; init; }

    /// <summary>Seconds since it was mounted last.</summary>
    public required long Age { get; init; }
    public required bool IsRunning { get; init; }
}
