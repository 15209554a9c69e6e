using NsHelper.Planning.Identity;

namespace NsHelper.Planning.Paths;

/// <summary>What a directory is that a profile wants below an overlay, seen with the caller's rights before planning.</summary>
internal sealed record LowerFact(AbsolutePath Path)
{
    /// <summary>What about the way there root alone does not decide, in words that stand alone; null when there is nothing.</summary>
    public string? Defect { get; init; }

    /// <summary>f_type of statfs(2).</summary>
    public long FileSystemType { get; init; }

    /// <summary>Mounted so that setuid files there have no effect: whoever did that does not trust what is there.</summary>
    public bool IsNoSuid { get; init; }

    /// <summary>Permission bits.</summary>
    public int Mode { get; init; }
    public GroupId Group { get; init; }
}
