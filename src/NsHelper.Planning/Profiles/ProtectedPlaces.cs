using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Profiles;

/// <summary>A key of [protect] that stands for a fixed list of places.</summary>
internal enum ProtectPreset
{
    /// <summary>protect_system = true: programs and the boot loader read-only.</summary>
    System,

    /// <summary>protect_system = "full": /etc too.</summary>
    SystemFull,

    /// <summary>protect_system = "strict": everything but /dev, /proc and /sys.</summary>
    SystemStrict,
    HomeHidden,
    HomeReadOnly,
    HomeTmpfs,
    PrivateRunUser,
    KernelTunables,
    ControlGroups,
    KernelLogs,
}

/// <summary>A preset that is on, and the line that says so.</summary>
internal sealed record PresetSettings(ProtectPreset Preset, SourceLocation Location);

/// <summary>What a place is made, by a preset or by the administrator's lists.</summary>
internal enum PlaceRule
{
    ReadOnly,
    ReadWrite,
    NoExec,
    Exec,
    Inaccessible,
}

/// <summary>A path of read_only_paths and its neighbours: specifiers not yet expanded, the "-" of an optional one taken off.</summary>
internal sealed record ListedPath(PlaceRule Rule, string Text, bool Optional, SourceLocation Location);

/// <summary>A device of device_allow: below /dev, and not in a directory that the session has of its own.</summary>
internal sealed record AllowedDevice(AbsolutePath Path, SourceLocation Location);
