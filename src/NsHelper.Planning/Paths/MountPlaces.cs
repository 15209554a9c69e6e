using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Paths;

/// <summary>Places that no profile may mount on or from, and those that are the only ones for a file system of the kernel.</summary>
internal static class MountPlaces
{
    private static AbsolutePath Proc => AbsolutePath.Parse("/proc");

    private static AbsolutePath Sys => AbsolutePath.Parse("/sys");

    /// <summary>Where programs look for what the kernel shows there; null for what may stand anywhere.</summary>
    public static AbsolutePath? PlaceOf(MountType type) => type switch
    {
        MountType.Proc => Proc,
        MountType.Sysfs => Sys,
        MountType.Devpts => AbsolutePath.Parse("/dev/pts"),
        MountType.Mqueue => AbsolutePath.Parse("/dev/mqueue"),
        _ => null,
    };

    /// <summary>Why a mount must not stand there; null when it may. Words follow a quoted path.</summary>
    public static string? TargetFault(AbsolutePath target, MountType type) =>
        target.IsRoot ? "is the root itself"
        : PlaceOf(type) is AbsolutePath place ? target == place ? null : $"is not the place of this file system, which is {place}"
        : type == MountType.Mask ? MaskFault(target)
        : target.IsAtOrBelow(Proc) || target.IsAtOrBelow(Sys) ? "lies in a file system of the kernel, which programs trust" : null;

    /// <summary>Why nothing may be mounted from there; null when it may. Links of /proc lead into other processes.</summary>
    public static string? SourceFault(AbsolutePath source) => source.IsAtOrBelow(Proc) ? "lies in /proc, whose links lead into other processes" : null;

    /// <summary>What is hidden shows nothing else in its place; but a process asks the kernel for itself, and must be answered.</summary>
    private static string? MaskFault(AbsolutePath target) =>
        target.IsBelow(Proc) && target.Parts[1] is var entry && (entry is "self" or "thread-self" || char.IsAsciiDigit(entry[0])) ? "is what the kernel says of a process" : null;
}
