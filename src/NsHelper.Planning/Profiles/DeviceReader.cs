using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>device_allow: paths of devices below /dev. Whether one is a device is known when it is opened.</summary>
internal static class DeviceReader
{
    private const string Form = "accepted: paths of devices below /dev, as \"/dev/kvm\"";

    /// <summary>Names that a private /dev has as something else.</summary>
    private static readonly string[] Taken =
    [
        "/dev/pts", "/dev/ptmx", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/core",
    ];

    /// <summary>Each device once; those that are there anyway are left out.</summary>
    public static ImmutableArray<AllowedDevice> Read(TableReader? table, bool privateDevices)
    {
        ImmutableArray<AllowedDevice>.Builder devices = ImmutableArray.CreateBuilder<AllowedDevice>();
        foreach (TomlText text in table?.Texts("device_allow") ?? [])
        {
            if (FaultOf(text.Value) is string fault)
            {
                table?.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" {fault}", Form);
            }
            else if (AbsolutePath.TryParse(text.Value, out AbsolutePath? path))
            {
                devices.Add(new AllowedDevice(path.Value, DiagnosticList.LocationOf(text.Span)));
            }
        }

        if (devices.Count > 0 && !privateDevices)
        {
            table?.RefuseKey("device_allow", "device_allow has no effect on the host's /dev", "write private_devices = true");
        }

        return devices.ToImmutable();
    }

    /// <summary>Words that follow a quoted path; null for a path that may be one of a device.</summary>
    private static string? FaultOf(string path)
    {
        foreach (string taken in Taken)
        {
            if (SystemPlaces.IsAtOrBelow(path, taken))
            {
                return $"is {(path == taken ? "" : "below ")}what a private /dev has of its own";
            }
        }

        return path.Length > "/dev/".Length && SystemPlaces.IsAtOrBelow(path, "/dev") ? null : "does not lie below /dev";
    }
}
