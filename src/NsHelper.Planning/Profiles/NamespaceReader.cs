using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[namespaces]. pid and ipc are private unless written; the others are the host's.</summary>
internal static class NamespaceReader
{
    private const string PathPrefix = "path:";

    /// <summary>What a kind of namespace is where the profile says nothing of it.</summary>
    public static string DefaultOf(string kind) => kind is "pid" or "ipc" ? "private" : "host";

    public static NamespaceSettings Read(TableReader top)
    {
        TableReader? table = top.Table("namespaces");
        if (table is null)
        {
            return Settings(top, pid: true, ipc: true, uts: false, network: false, networkPath: null, cgroup: false, time: false, hostname: null);
        }

        table.Choice("mount");
        bool? uts = IsPrivate(table, "uts");
        AbsolutePath? networkPath = NetworkPath(table);
        NamespaceSettings settings = Settings(
            table,
            pid: IsPrivate(table, "pid") ?? true,
            ipc: IsPrivate(table, "ipc") ?? true,
            uts ?? false,
            network: networkPath is null && table.Choice("network") == 1,
            networkPath,
            cgroup: IsPrivate(table, "cgroup") ?? false,
            time: IsPrivate(table, "time") ?? false,
            hostname: Hostname(table, uts));
        table.Finish();
        return settings;
    }

    private static NamespaceSettings Settings(TableReader table, bool pid, bool ipc, bool uts, bool network, AbsolutePath? networkPath, bool cgroup, bool time, string? hostname) => new()
    {
        PrivatePid = pid,
        PrivateIpc = ipc,
        PrivateUts = uts,
        PrivateNetwork = network,
        NetworkPath = networkPath,
        PrivateCgroup = cgroup,
        PrivateTime = time,
        Hostname = hostname,
        Location = DiagnosticList.LocationOf(table.Span),
    };

    private static bool? IsPrivate(TableReader table, string key) => table.Choice(key) is int choice ? choice == 1 : null;

    /// <summary>The schema has seen that a path is one.</summary>
    private static AbsolutePath? NetworkPath(TableReader table) =>
        table.Text("network") is TomlText text && text.Value.StartsWith(PathPrefix, StringComparison.Ordinal) && AbsolutePath.TryParse(text.Value[PathPrefix.Length..], out AbsolutePath? path)
            ? path : null;

    private static string? Hostname(TableReader table, bool? uts)
    {
        if (table.Text("hostname") is not TomlText text)
        {
            return null;
        }

        if (uts == false || !table.Has("uts"))
        {
            table.Refuse(table.SpanOf("hostname"), "a host name needs a UTS namespace of its own", "write uts = \"private\"");
        }

        return text.Value;
    }
}
