using System.Globalization;
using System.Text.Json;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Mounts;

/// <summary>A mount table for programs: one object per mount, parents before their children, linked by "parent".</summary>
internal static class MountJson
{
    public static string Of(MountReport report) => JsonDocumentText.Write(json =>
    {
        Write(json, "pid", report.ProcessId);
        json.WriteString("profile", report.Session?.Profile.Text);
        json.WriteString("session", report.Session?.Id);
        json.WriteString("profile_fault", report.Fault);
        json.WriteStartArray("mounts");
        for (int i = 0; i < report.Nodes.Length; i++)
        {
            json.WriteStartObject();
            WriteFields(json, report.Nodes[i].Entry);
            WriteOrigin(json, report.MadeBy[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static void Write(Utf8JsonWriter json, MountEntry mount)
    {
        json.WriteStartObject();
        WriteFields(json, mount);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, MountEntry mount)
    {
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
    }

    private static void WriteOrigin(Utf8JsonWriter json, SourceLocation? line)
    {
        if (line is not SourceLocation known)
        {
            json.WriteNull("made_by");
            return;
        }

        json.WriteStartObject("made_by");
        json.WriteLocation(known);
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
