using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// What must hold among the mounts of a profile, as far as it can be known before there is a caller. The planner asks again,
/// with every specifier expanded.
/// </summary>
internal static class TargetRules
{
    /// <summary>Two mounts on one target, and mounts below a share. Targets are compared as written: equal texts become equal paths.</summary>
    public static void Check(TableReader top, Profile profile)
    {
        var taken = new OrdinalIndex<SourceSpan?>();
        if (profile.Protect.PrivateTmp)
        {
            taken.TryAdd("/tmp", null);
            taken.TryAdd("/var/tmp", null);
        }

        if (profile.Protect.PrivateDevices)
        {
            taken.TryAdd("/dev", null);
        }

        CheckQueues(top, profile);
        CheckAll(top, profile, "share", taken);
        CheckAll(top, profile, "private", taken);
        CheckAll(top, profile, "mount", taken);
    }

    private static void CheckAll(TableReader top, Profile profile, string key, OrdinalIndex<SourceSpan?> taken)
    {
        foreach (TomlTable table in ElementsOf(top, key))
        {
            if (TargetOf(table) is not (string target, TomlEntry entry))
            {
                continue;
            }

            if (taken.TryFind(target, out SourceSpan? first))
            {
                string hint = first is SourceSpan place ? $"the other is at {DiagnosticList.LocationOf(place)}" : $"protect.{(target == "/dev" ? "private_devices" : "private_tmp")} = true mounts it too";
                top.Refuse(entry.Value!.Span, $"\"{Escaped.Shown(target)}\" is the target of two mounts", hint);
            }

            taken.TryAdd(target, entry.Value!.Span);
            if (ShareAbove(profile, target) is ShareSettings share)
            {
                // The kernel would carry the mount to the other sessions and leave it there when this one ends.
                top.Refuse(entry.Value!.Span, $"\"{Escaped.Shown(target)}\" lies below the share \"{share.Name}\"", "a mount there would stay in the other sessions");
            }
            else if (IsBelowPrivate(profile, target))
            {
                top.Refuse(entry.Value!.Span, $"\"{Escaped.Shown(target)}\" lies below a private directory that others have too", "who can rename what it stands on could move it away");
            }
        }
    }

    /// <summary>A mqueue shows the queues of the IPC namespace it is made in.</summary>
    private static void CheckQueues(TableReader top, Profile profile)
    {
        foreach (TomlTable table in ElementsOf(top, "mount"))
        {
            if (!profile.Namespaces.PrivateIpc && MountReader.TypeOf(table) == MountType.Mqueue && TableValues.TextOf(table, "type") is TomlText type)
            {
                top.Refuse(type.Span, "a mqueue without an IPC namespace of the session's own would show the queues of all users", "in [namespaces], write ipc = \"private\"");
            }
        }
    }

    private static ShareSettings? ShareAbove(Profile profile, string target)
    {
        foreach (ShareSettings share in profile.Shares)
        {
            if (IsBelow(target, share.Target))
            {
                return share;
            }
        }

        return null;
    }

    /// <summary>Below one that is not of the session or of the user alone.</summary>
    private static bool IsBelowPrivate(Profile profile, string target)
    {
        foreach (PrivateSettings own in profile.Privates)
        {
            if (own.Scope is PrivateScope.Profile or PrivateScope.Group && IsBelow(target, own.Target))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBelow(string target, string other) =>
        other.Length > 0 && target.Length > other.Length && target[other.Length] == '/' && target.StartsWith(other, StringComparison.Ordinal);

    private static List<TomlTable> ElementsOf(TableReader top, string key) => top.Content.Find(key)?.Elements ?? [];

    private static (string Target, TomlEntry Entry)? TargetOf(TomlTable table) =>
        table.Find("target") is TomlEntry { Value: StringValueSyntax { Value: string target } } entry ? (target, entry) : null;
}
