using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// Mounts that would give a user what the profile does not: files of the user's own where programs with rights look for theirs (CVE-2025-32463),
/// and anything the user can write where set-user-ID programs have effect. Both are errors for `run` as for `check`.
/// </summary>
internal static class UserWritableRules
{
    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        bool newPrivileges = NewPrivilegesRules.AreOn(merged);
        foreach (string key in (ReadOnlySpan<string>)["mount", "share", "private"])
        {
            foreach (TomlTable table in TableValues.ElementsOf(merged, key))
            {
                if (TableValues.TextOf(table, "target") is TomlText target && WhatIsTheUsers(key, table, target, newPrivileges) is string what)
                {
                    Check(target, what, newPrivileges, diagnostics);
                }
            }
        }
    }

    private static void Check(TomlText target, string what, bool newPrivileges, DiagnosticList diagnostics)
    {
        if (SystemPlaces.IsTrusted(target.Value))
        {
            diagnostics.Report(
                LintRule.UserWritableSystemTarget,
                target.Span,
                $"{what} must not stand at \"{Escaped.Shown(target.Value)}\", which programs with rights trust",
                "mount there what only root can write, or mount it elsewhere");
        }

        if (newPrivileges && !BelievedPlaces.IsInHome(target.Value))
        {
            diagnostics.Report(
                LintRule.NewPrivilegesUserWritable,
                target.Span,
                $"{what} must not be in a session in which set-user-ID programs have effect",
                "mount it below %h, or leave identity.no_new_privileges at true");
        }
    }

    /// <summary>What about a mount the user can write, in words; null for nothing.</summary>
    private static string? WhatIsTheUsers(string key, TomlTable table, TomlText target, bool newPrivileges)
    {
        if (newPrivileges && TemplateScan.HasParameter(target.Value))
        {
            return "a mount at a place of the user's choice";
        }

        string? source = TableValues.TextOf(table, "source")?.Value;
        if (key == "private")
        {
            return "a directory of the user's own";
        }

        if (key == "share")
        {
            // A directory of the administrator's is shared so that users write there; who is root must not depend on its modes.
            return source is null or "tmpfs" or "disk" || (newPrivileges && TableValues.TextOf(table, "access")?.Value != "ro") ? "a share" : WhatIsTheUsersAt(source);
        }

        return TableValues.TextOf(table, "type")?.Value switch
        {
            null or "bind" => source is null || source == target.Value ? null : WhatIsTheUsersAt(source),
            "symlink" => source is null ? null : WhatIsTheUsersAt(source),
            "directory" or "file" => EntryPlanner.MayOthersWrite(
                TableValues.TextOf(table, "mode") is TomlText mode ? Amounts.BitsOf(mode.Value) ?? 0 : 0, IsRoots(table, "owner"), IsRoots(table, "group")) ? "what users can write to" : null,
            "tmpfs" => TableValues.Has(table, "options", "ro") ? null : "a tmpfs, which is the user's,",
            _ => null,
        };
    }

    private static bool IsRoots(TomlTable table, string key) => TableValues.TextOf(table, key)?.Value is null or "root" or "#0";

    private static string? WhatIsTheUsersAt(string source) => SystemPlaces.IsUsers(source) ? $"\"{Escaped.Shown(source)}\", where users write," : null;
}
