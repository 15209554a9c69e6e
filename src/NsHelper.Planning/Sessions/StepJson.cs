using System.Diagnostics;
using System.Text.Json;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Output;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Sessions;

/// <summary>The fields of one step in <see cref="PlanJson"/>; "step" says which case it is.</summary>
internal static class StepJson
{
    public static void Write(Utf8JsonWriter json, SetupStep step)
    {
        switch (step)
        {
            case SetupStep.BindMount bind:
                json.WriteString("step", "bind");
                json.WriteString("source", bind.Source.Text);
                if (bind.Within is AbsolutePath within)
                {
                    json.WriteString("within", within.Text);
                }

                if (bind.AsRoot)
                {
                    json.WriteString("source_as", "root");
                }

                WriteMount(json, bind);
                json.WriteBoolean("recursive", bind.Recursive);
                json.WriteBoolean("optional", bind.Optional);
                if (bind.OfSession)
                {
                    json.WriteBoolean("taken_in_session", true);
                }

                break;
            case SetupStep.TmpfsMount tmpfs:
                json.WriteString("step", "tmpfs");
                WriteMount(json, tmpfs);
                json.WriteNumber("size", tmpfs.Size);
                json.WriteNumber("inodes", tmpfs.Inodes);
                json.WriteString("mode", PlanWords.Mode(tmpfs.Mode));
                json.WriteNumber("owner", tmpfs.Owner.Value);
                json.WriteNumber("group", tmpfs.Group.Value);
                break;
            case SetupStep.KernelMount kernel:
                json.WriteString("step", PlanWords.Of(kernel.FileSystem));
                WriteMount(json, kernel);
                if (kernel.FileSystem == KernelFileSystem.Proc)
                {
                    json.WriteString("hidepid", kernel.Visibility is ProcessVisibility visibility ? PlanWords.Of(visibility) : null);
                    json.WriteString("subset", kernel.ProcessesOnly ? "pid" : null);
                }

                break;
            case SetupStep.DeviceMount device:
                json.WriteString("step", "device");
                WriteMount(json, device);
                json.WriteString("number", device.Number?.ToString());
                break;
            case SetupStep.MaskMount mask:
                json.WriteString("step", "mask");
                WriteMount(json, mask);
                json.WriteString("kind", mask.IsFile ? "file" : "directory");
                break;
            case SetupStep.OverlayMount overlay:
                WriteOverlay(json, overlay);
                break;
            case SetupStep.ShareMount share:
                json.WriteString("step", share.Name is null ? "private" : "share");
                if (share.Name is { } shared)
                {
                    json.WriteString("name", shared.Text);
                }

                json.WriteString("key", share.Key);
                WriteMount(json, share);
                break;
            case SetupStep.Symlink link:
                json.WriteString("step", "symlink");
                json.WriteString("source", link.Text);
                json.WriteString("target", link.Target.Text);
                json.WriteString("created_on", link.CreatedOn.Text);
                break;
            case SetupStep.NewDirectory directory:
                WriteEntry(json, "directory", directory, directory.Mode, directory.Owner, directory.Group);
                break;
            case SetupStep.NewFile file:
                WriteEntry(json, "file", file, file.Mode, file.Owner, file.Group);
                json.WriteNumber("content_bytes", file.Content.Length);
                break;
            case SetupStep.SetHostname name:
                json.WriteString("step", "hostname");
                json.WriteString("hostname", name.Hostname);
                break;
            case SetupStep.BringLoopbackUp:
                json.WriteString("step", "loopback");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void WriteEntry(Utf8JsonWriter json, string step, SetupStep.Entry entry, int mode, UserId owner, GroupId group)
    {
        json.WriteString("step", step);
        json.WriteString("target", entry.Target.Text);
        json.WriteString("created_on", entry.CreatedOn.Text);
        json.WriteString("mode", PlanWords.Mode(mode));
        json.WriteNumber("owner", owner.Value);
        json.WriteNumber("group", group.Value);
    }

    private static void WriteOverlay(Utf8JsonWriter json, SetupStep.OverlayMount overlay)
    {
        json.WriteString("step", "overlay");
        json.WriteStartArray("lower");
        foreach (OverlayLower lower in overlay.Lowers)
        {
            json.WriteStringValue(lower.Path.Text);
        }

        json.WriteEndArray();
        Write(json, overlay.Upper);
        WriteMount(json, overlay);
        json.WriteString("mode", PlanWords.Mode(overlay.Mode));
        json.WriteNumber("group", overlay.Group.Value);
    }

    public static void Write(Utf8JsonWriter json, OverlayUpper upper)
    {
        if (upper is OverlayUpper.Tmpfs tmpfs)
        {
            json.WriteString("upper", "tmpfs");
            json.WriteNumber("size", tmpfs.Size);
            json.WriteNumber("inodes", tmpfs.Inodes);
        }
        else if (upper is OverlayUpper.Kept kept)
        {
            json.WriteString("upper", LayerPlaces.NameOf(kept.Scope));
            json.WriteString("kept", kept.Place);
        }
    }

    private static void WriteMount(Utf8JsonWriter json, SetupStep.MountStep mount)
    {
        json.WriteString("target", mount.Target.Text);
        json.WriteTexts("options", PlanWords.Of(mount.Attributes));
        json.WriteString("propagation", PlanWords.Of(mount.Propagation));
        json.WriteString("create", PlanWords.Of(mount.Create));
        if (mount.CreatedOn is AbsolutePath own)
        {
            json.WriteString("created_on", own.Text);
        }
    }
}
