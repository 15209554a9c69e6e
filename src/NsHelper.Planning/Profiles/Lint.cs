using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Warnings about a profile that is right in form: it means something that its author is unlikely to want.</summary>
internal static class Lint
{
    private const string Ends = "media that the host unmounts stay busy in the session";

    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        foreach (TomlTable mount in TableValues.ElementsOf(merged, "mount"))
        {
            CheckReadOnly(mount, TableValues.Has(mount, "options", "ro"), TableValues.TextOf(mount, "propagation")?.Value ?? "private", diagnostics);
            CheckSize(mount, "mount", TableValues.TextOf(mount, "type")?.Value == "tmpfs", diagnostics);
        }

        foreach (TomlTable share in TableValues.ElementsOf(merged, "share"))
        {
            CheckReadOnly(share, TableValues.TextOf(share, "access")?.Value == "ro", TableValues.TextOf(share, "propagation")?.Value ?? "shared", diagnostics);
            CheckSize(share, "share", TableValues.TextOf(share, "source")?.Value is null or "tmpfs", diagnostics);
        }

        foreach (TomlTable own in TableValues.ElementsOf(merged, "private"))
        {
            CheckSize(own, "private", TableValues.TextOf(own, "method")?.Value is null or "tmpfs", diagnostics);
        }

        CheckRoot(TableValues.TableOf(merged, "root"), ProtectedPlacesReader.ReadOnlyRoot(merged) is not null, diagnostics);
        IdentityRules.Check(merged, diagnostics);
        HostServiceRules.Check(merged, diagnostics);
        InterpreterRules.Check(merged, diagnostics);
    }

    /// <summary>mount_setattr(2) covers what is there; what propagates into the tree later has the options of its own mount.</summary>
    private static void CheckReadOnly(TomlTable table, bool isReadOnly, string propagation, DiagnosticList diagnostics)
    {
        if (isReadOnly && propagation is "shared" or "slave" or "unchanged")
        {
            diagnostics.Report(
                LintRule.ReadOnlyShared,
                (TableValues.TextOf(table, "propagation") ?? TableValues.TextOf(table, "access"))?.Span ?? table.Span,
                $"what the host mounts below {Target(table)} later arrives writable in this read-only tree",
                "write propagation = \"private\"");
        }
    }

    private static void CheckSize(TomlTable table, string key, bool isTmpfs, DiagnosticList diagnostics)
    {
        if (isTmpfs && table.Find("size") is null)
        {
            diagnostics.Report(
                LintRule.TmpfsWithoutSize,
                table.Span,
                $"the tmpfs at {Target(table)} has no size of its own",
                $"write size = \"64M\", or what it needs, in this [[{key}]]; the site's default may change");
        }
    }

    private static void CheckRoot(TomlTable? root, bool readOnly, DiagnosticList diagnostics)
    {
        if (TableValues.TextOf(root, "propagation") is { Value: "private" } text && TableValues.FlagOf(root, "read_only") != true && !readOnly
            && TableValues.TextOf(root, "mode")?.Value is null or "host")
        {
            diagnostics.Report(LintRule.PrivateRoot, text.Span, $"with root.propagation = \"private\" {Ends}", "leave it out, which is \"slave\", unless that is wanted");
        }
    }

    private static string Target(TomlTable table) => $"\"{Escaped.Shown(TableValues.TextOf(table, "target")?.Value ?? "")}\"";
}
