using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// Sockets and spools by which a user gets something done outside of the session: brought into it by a bind mount, or left there in
/// the session of a login, from which there is meant to be no way out.
/// </summary>
internal static class HostServiceRules
{
    private static readonly string[] Places =
    [
        "/run/containerd/containerd.sock", "/run/dbus", "/run/docker.sock", "/run/podman/podman.sock", "/run/user", "/var/spool/at", "/var/spool/cron",
    ];

    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        foreach (string key in (ReadOnlySpan<string>)["mount", "share"])
        {
            foreach (TomlTable table in TableValues.ElementsOf(merged, key))
            {
                CheckSource(table, diagnostics);
            }
        }

        // What is not the host's tree holds only what is mounted there, and that was looked at above.
        if (TableValues.TableOf(merged, "login") is TomlTable login && TableValues.TextOf(TableValues.TableOf(merged, "root"), "mode")?.Value is null or "host")
        {
            CheckLogin(merged, login, diagnostics);
        }
    }

    private static void CheckSource(TomlTable table, DiagnosticList diagnostics)
    {
        if (SourceOf(table) is not TomlText source)
        {
            return;
        }

        string path = SystemPlaces.WithoutLinks(PathText.SampleOf(source.Value));
        foreach (string place in Places)
        {
            if (IsSocket(path) || SystemPlaces.IsAtOrBelow(path, place) || SystemPlaces.IsAtOrBelow(place, path))
            {
                diagnostics.Report(
                    LintRule.HostService,
                    source.Span,
                    $"\"{Escaped.Shown(source.Value)}\" brings {(IsSocket(path) ? "the socket of a container engine" : place)} into the session: by it a user may act outside of the session",
                    "mount only what the session needs");
                return;
            }
        }
    }

    private static void CheckLogin(TomlTable merged, TomlTable login, DiagnosticList diagnostics)
    {
        List<string> covered = CoveredBy(merged);
        var reachable = new List<string>();
        foreach (string place in Places)
        {
            if (!covered.Exists(cover => SystemPlaces.IsAtOrBelow(place, cover)))
            {
                reachable.Add(place);
            }
        }

        if (reachable.Count > 0)
        {
            diagnostics.Report(
                LintRule.LoginHostService,
                login.Span,
                $"a login session reaches {string.Join(", ", reachable)}: by these a user may act outside of the session",
                $"in [protect], inaccessible_paths = [{string.Join(", ", reachable.ConvertAll(place => $"\"-{place}\""))}]");
        }
    }

    /// <summary>Paths that show something else, or nothing, in the session.</summary>
    private static List<string> CoveredBy(TomlTable merged)
    {
        TomlTable? protect = TableValues.TableOf(merged, "protect");
        List<string> covered = TableValues.FlagOf(protect, "private_run_user") == false ? [] : ["/run/user"];
        if (TableValues.FlagOf(protect, "protect_home") == true || TableValues.TextOf(protect, "protect_home")?.Value == "tmpfs")
        {
            covered.Add("/run/user");
        }

        foreach (TomlText path in TableValues.TextsOf(protect, "inaccessible_paths"))
        {
            covered.Add(SystemPlaces.WithoutLinks(path.Value.TrimStart('-')));
        }

        foreach (string key in (ReadOnlySpan<string>)["mount", "share", "private"])
        {
            foreach (TomlTable table in TableValues.ElementsOf(merged, key))
            {
                TomlText? target = TableValues.TextOf(table, "target");
                if (target is not null && SourceOf(table)?.Value != target.Value)
                {
                    covered.Add(SystemPlaces.WithoutLinks(target.Value));
                }
            }
        }

        return covered;
    }

    /// <summary>Of a bind mount or of a share of a directory.</summary>
    private static TomlText? SourceOf(TomlTable table) => TableValues.TextOf(table, "type")?.Value is not (null or "bind") ? null
        : TableValues.TextOf(table, "source") is not TomlText source ? table.Find("name") is null ? TableValues.TextOf(table, "target") : null
        : source.Value.StartsWith('/') || source.Value.StartsWith('%') ? source : null;

    private static bool IsSocket(string path) => path.EndsWith("/docker.sock", StringComparison.Ordinal)
        || path.EndsWith("/podman.sock", StringComparison.Ordinal) || path.EndsWith("/containerd.sock", StringComparison.Ordinal);
}
