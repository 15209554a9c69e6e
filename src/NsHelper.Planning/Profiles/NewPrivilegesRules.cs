using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// What must hold where set-user-ID programs have effect (no_new_privileges = false): they find everything they believe as it is on the host, they can
/// write what they must, and they have what it takes to give root up again. Otherwise a user of the profile is root, or past what the host asks of
/// those who want to be (CVE-2022-31214, CVE-2025-32463). What users can write is the business of <see cref="UserWritableRules"/>.
/// </summary>
internal sealed class NewPrivilegesRules(TomlTable merged, DiagnosticList diagnostics)
{
    private const string Leave = "leave it out, or leave identity.no_new_privileges at true";

    /// <summary>Without these in the bounding set setuid(2) and setgid(2) of a program that gives up root change less than it believes.</summary>
    private static readonly string[] NeededToGiveUp = ["CAP_SETUID", "CAP_SETGID"];

    public static bool AreOn(TomlTable merged) => TableValues.FlagOf(TableValues.TableOf(merged, "identity"), "no_new_privileges") == false;

    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        if (AreOn(merged) && TableValues.TableOf(merged, "identity")?.Find("no_new_privileges") is TomlEntry written)
        {
            new NewPrivilegesRules(merged, diagnostics).Check(written.KeySpan);
        }
    }

    private void Check(SourceSpan written)
    {
        CheckRoot();
        CheckNamespaces(written);
        CheckBounding(written);
        CheckProtect();
        foreach (string key in (ReadOnlySpan<string>)["mount", "share", "private"])
        {
            foreach (TomlTable table in TableValues.ElementsOf(merged, key))
            {
                CheckMount(table, key);
            }
        }
    }

    private void CheckRoot()
    {
        TomlTable? root = TableValues.TableOf(merged, "root");
        if (TableValues.TextOf(root, "mode") is { Value: not "host" } mode)
        {
            Refuse(mode.Span, "set-user-ID programs have effect in the host's tree alone, where everything is what they believe it is", Leave);
        }

        if (TableValues.FlagOf(root, "read_only") == true && root?.Find("read_only") is TomlEntry readOnly)
        {
            RefuseReadOnly(readOnly.KeySpan, "/");
        }
    }

    private void CheckNamespaces(SourceSpan written)
    {
        TomlTable? namespaces = TableValues.TableOf(merged, "namespaces");
        TomlText? processes = TableValues.TextOf(namespaces, "pid");
        if (processes?.Value != "host" && namespaces?.Find("pid") is not { IsWrong: true })
        {
            Refuse(
                processes?.Span ?? written,
                "in a process namespace of the session's own whoever ends the session kills its set-user-ID programs at any moment, before they count or log",
                "in [namespaces], write pid = \"host\"");
        }

        if (TableValues.TextOf(namespaces, "network") is { Value: not "host" } network)
        {
            Refuse(network.Span, "set-user-ID programs would not reach what the host asks over the network before it lets somebody be root (second factors)", Leave);
        }

        if (TableValues.TextOf(namespaces, "hostname") is TomlText name)
        {
            Refuse(name.Span, "set-user-ID programs would believe to be on another host, and sudoers permits by that", Leave);
        }
    }

    /// <summary>An empty set, the default, makes a root of them that fails half way, or stays root when it gives that up (the class of sendmail's bug of 2000).</summary>
    private void CheckBounding(SourceSpan written)
    {
        TomlTable? capabilities = TableValues.TableOf(merged, "capabilities");
        if (capabilities?.Find("bounding") is not TomlEntry bounding)
        {
            Refuse(
                written,
                "a set-user-ID program would be root without a capability, as capabilities.bounding is not written",
                "in [capabilities], write bounding = [\"CAP_SETUID\", \"CAP_SETGID\", ...] with all that the programs meant here use");
            return;
        }

        foreach (string needed in bounding.IsWrong ? [] : NeededToGiveUp)
        {
            if (!TableValues.Has(capabilities, "bounding", needed))
            {
                Refuse(bounding.KeySpan, $"a set-user-ID program that gives up root stays root without {needed}, which capabilities.bounding lacks", "add it");
            }
        }
    }

    private void CheckProtect()
    {
        TomlTable? protect = TableValues.TableOf(merged, "protect");
        CheckPreset(protect, "private_devices", TableValues.FlagOf(protect, "private_devices") == true, "would not reach the system's log in this /dev");
        CheckPreset(protect, "proc_subset", TableValues.TextOf(protect, "proc_subset")?.Value == "pid", "would miss what the kernel says of itself in this /proc");
        CheckPreset(
            protect, "protect_home", TableValues.FlagOf(protect, "protect_home") == true || TableValues.TextOf(protect, "protect_home")?.Value == "tmpfs",
            "would miss what is in homes, of root's and of others: second factors, say");
        if (TableValues.TextOf(protect, "protect_system") is { Value: "strict" } strict)
        {
            RefuseReadOnly(strict.Span, "/");
        }

        foreach (TomlText path in TableValues.TextsOf(protect, "read_only_paths"))
        {
            CheckReadOnly(path, path.Value.TrimStart('-'));
        }

        foreach (string key in (ReadOnlySpan<string>)["inaccessible_paths", "no_exec_paths"])
        {
            foreach (TomlText path in TableValues.TextsOf(protect, key))
            {
                CheckUnchanged(path, path.Value.TrimStart('-'));
            }
        }
    }

    private void CheckPreset(TomlTable? protect, string key, bool isOn, string consequence)
    {
        if (isOn && protect?.Find(key) is TomlEntry entry)
        {
            Refuse(entry.KeySpan, $"set-user-ID programs {consequence}", Leave);
        }
    }

    private void CheckMount(TomlTable table, string key)
    {
        MountType type = key == "mount" ? MountReader.TypeOf(table) : MountType.Bind;
        if (type == MountType.Overlay && TableValues.TextOf(table, "type") is TomlText overlay)
        {
            Refuse(overlay.Span, "an overlay must not be in a session in which set-user-ID programs have effect", Leave);
        }
        else if (TableValues.TextOf(table, "target") is TomlText target && MountPlaces.PlaceOf(type) is null)
        {
            if (key != "mount" || type != MountType.Bind || !IsOntoItself(table, target))
            {
                CheckUnchanged(target, target.Value);
            }
            else if (TableValues.Has(table, "options", "ro"))
            {
                CheckReadOnly(target, target.Value);
            }
        }
    }

    /// <summary>Whether everything is there that the host has there: "bind" leaves out what is mounted below, the other words what links and programs do.</summary>
    private static bool IsOntoItself(TomlTable table, TomlText target) =>
        (table.Find("source") is null || TableValues.TextOf(table, "source")?.Value == target.Value)
        && !TableValues.Has(table, "options", "bind") && !TableValues.Has(table, "options", "noexec") && !TableValues.Has(table, "options", "nosymfollow");

    private void CheckUnchanged(TomlText place, string path)
    {
        // Of what is refused already, as the user's, nothing more need be said.
        if (!BelievedPlaces.IsInHome(path) && BelievedPlaces.IsBelieved(BelievedPlaces.HeadOf(path)) && !diagnostics.HasLine(place.Span))
        {
            Refuse(
                place.Span,
                $"\"{Escaped.Shown(path)}\" must be what it is on the host, since set-user-ID programs believe it",
                path is "/tmp" or "/var/tmp" ? "in [protect], write private_tmp = true" : "accepted: what lies below %h or where no program of the host looks, and a directory on itself with \"ro\" at most");
        }
    }

    private void CheckReadOnly(TomlText place, string path)
    {
        if (!BelievedPlaces.IsInHome(path) && BelievedPlaces.IsRecorded(BelievedPlaces.HeadOf(path)))
        {
            RefuseReadOnly(place.Span, path);
        }
    }

    private void RefuseReadOnly(SourceSpan span, string path) => Refuse(
        span, $"\"{Escaped.Shown(path)}\" must stay writable, since set-user-ID programs count wrong passwords there and keep logs", "make /usr, /boot and /etc read-only: protect_system = \"full\"");

    private void Refuse(SourceSpan span, string message, string hint) => diagnostics.Report(LintRule.NewPrivileges, span, message, hint);
}
