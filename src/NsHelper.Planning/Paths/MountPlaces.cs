namespace NsHelper.Planning.Paths;

/// <summary>Places that no profile may mount on or from.</summary>
internal static class MountPlaces
{
    private static AbsolutePath Proc => AbsolutePath.Parse("/proc");

    private static AbsolutePath Sys => AbsolutePath.Parse("/sys");

    /// <summary>Why a mount must not stand there; null when it may. Words follow a quoted path.</summary>
    public static string? TargetFault(AbsolutePath target) =>
        target.IsRoot ? "is the root itself"
        : target.IsAtOrBelow(Proc) || target.IsAtOrBelow(Sys) ? "lies in a file system of the kernel, which programs trust" : null;

    /// <summary>Why nothing may be mounted from there; null when it may. Links of /proc lead into other processes.</summary>
    public static string? SourceFault(AbsolutePath source) => source.IsAtOrBelow(Proc) ? "lies in /proc, whose links lead into other processes" : null;
}
