using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Mounts;

/// <summary>A mount table for programs: one object per mount, parents before their children, linked by "parent".</summary>
internal static class MountJson
{
    /// <summary>The process id is null for the caller's own table.</summary>
    public static string Of(ImmutableArray<MountEntry> mounts, int? processId) => JsonDocumentText.Write(json =>
    {
        Write(json, "pid", processId);
        json.WriteStartArray("mounts");
        foreach (MountNode node in MountTree.Of(mounts))
        {
            Write(json, node.Entry);
        }

        json.WriteEndArray();
    });

    public static void Write(Utf8JsonWriter json, MountEntry mount)
    {
        json.WriteStartObject();
        json.WriteNumber("id", mount.Id);
        json.WriteNumber("parent", mount.ParentId);
        json.WriteString("device", string.Create(CultureInfo.InvariantCulture, $"{mount.DeviceMajor}:{mount.DeviceMinor}"));
        json.WriteBytes("root", mount.Root);
        json.WriteBytes("target", mount.Target);
        json.WriteBytes("source", mount.Source);
        json.WriteBytes("type", mount.FilesystemType);
        json.WriteTexts("flags", mount.Options.ToString().Split(','));
        Write(json, "shared", mount.Propagation.Shared);
        Write(json, "master", mount.Propagation.Master);
        Write(json, "propagate_from", mount.Propagation.PropagateFrom);
        json.WriteBoolean("unbindable", mount.Propagation.Unbindable);
        json.WriteBytes("options", mount.FilesystemOptions);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
