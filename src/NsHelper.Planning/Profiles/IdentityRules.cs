using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Warnings about who a command is: groups whose loss opens files, and capabilities that are as good as root.</summary>
internal static class IdentityRules
{
    /// <summary>With one of these a process gets at what root owns, or past what the session hides.</summary>
    private static readonly string[] AsGoodAsRoot =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_BPF",
    ];

    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        TomlTable? identity = TableValues.TableOf(merged, "identity");
        if (identity?.Find("supplementary_groups") is { IsWrong: false } groups && TableValues.TextOf(identity, "supplementary_groups")?.Value != "keep")
        {
            diagnostics.Report(
                LintRule.DroppedGroups,
                groups.KeySpan,
                "a file that denies a group what it gives to others (mode 0604) is open to a session without that group",
                "leave it out, which keeps all groups, unless the host has no such files");
        }

        foreach (TomlText name in TableValues.TextsOf(TableValues.TableOf(merged, "capabilities"), "ambient"))
        {
            if (Array.IndexOf(AsGoodAsRoot, name.Value) >= 0)
            {
                diagnostics.Report(LintRule.RootCapability, name.Span, $"whoever may use this profile is as good as root with {name.Value}", "name a smaller capability, or allow root alone");
            }
        }
    }
}
