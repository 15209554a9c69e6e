using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>A place that a preset changes where the host has it.</summary>
internal readonly record struct PresetPlace(ProtectPreset Preset, string Path, PlaceRule Rule);

/// <summary>What the presets stand for, place by place: the lists of systemd.exec(5), and its source where the manual is silent.</summary>
internal static class PresetPlaces
{
    public static readonly PresetPlace[] All =
    [
        // Where /bin and its neighbours are links into /usr they are the same place.
        .. Of(ProtectPreset.System, PlaceRule.ReadOnly, "/usr", "/boot", "/efi", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
        .. Of(ProtectPreset.SystemFull, PlaceRule.ReadOnly, "/usr", "/boot", "/efi", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc"),

        // The tree itself is made read-only in one call; these stay what they are.
        .. Of(ProtectPreset.SystemStrict, PlaceRule.ReadWrite, "/dev", "/proc", "/sys"),
        .. Of(ProtectPreset.HomeHidden, PlaceRule.Inaccessible, "/home", "/root", "/run/user"),
        .. Of(ProtectPreset.HomeReadOnly, PlaceRule.ReadOnly, "/home", "/root", "/run/user"),
        .. Of(
            ProtectPreset.KernelTunables,
            PlaceRule.ReadOnly,
            "/proc/acpi", "/proc/apm", "/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/latency_stats", "/proc/mtrr", "/proc/scsi", "/proc/sys",
            "/proc/sysrq-trigger", "/proc/timer_stats", "/sys"),
        .. Of(ProtectPreset.KernelTunables, PlaceRule.Inaccessible, "/proc/kallsyms", "/proc/kcore"),

        // As writable as they were: protect_control_groups has a say in the first, programs ask the second for labels.
        .. Of(ProtectPreset.KernelTunables, PlaceRule.ReadWrite, "/sys/fs/cgroup", "/sys/fs/selinux"),
        .. Of(ProtectPreset.ControlGroups, PlaceRule.ReadOnly, "/sys/fs/cgroup"),
        .. Of(ProtectPreset.KernelLogs, PlaceRule.Inaccessible, "/proc/kmsg", "/dev/kmsg"),
    ];

    /// <summary>protect_home = "tmpfs": empty, root's, and open to what the profile mounts below.</summary>
    public static readonly string[] Homes = ["/home", "/root", "/run/user"];

    private static PresetPlace[] Of(ProtectPreset preset, PlaceRule rule, params string[] paths) =>
        Array.ConvertAll(paths, path => new PresetPlace(preset, path, rule));
}
