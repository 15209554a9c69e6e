using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[namespaces]. ipc is private unless written; the others are the host's.</summary>
internal static class NamespaceReader
{
    private const int LongestHostname = 64;
    private const int LongestLabel = 63;

    public static NamespaceSettings Read(TableReader top)
    {
        TableReader? table = top.Table("namespaces");
        if (table is null)
        {
            return Settings(top, ipc: true, uts: false, network: false, cgroup: false, hostname: null);
        }

        table.Choice("mount", ["private"], []);
        table.Choice("pid", ["host"], ["private"]);
        table.Choice("time", ["host"], ["private"]);
        bool? uts = IsPrivate(table, "uts");
        NamespaceSettings settings = Settings(
            table,
            ipc: IsPrivate(table, "ipc") ?? true,
            uts ?? false,
            network: IsNetworkPrivate(table),
            cgroup: IsPrivate(table, "cgroup") ?? false,
            hostname: Hostname(table, uts));
        table.Finish(ProfileKeys.Namespaces, ProfileKeys.NamespacesLater);
        return settings;
    }

    private static NamespaceSettings Settings(TableReader table, bool ipc, bool uts, bool network, bool cgroup, string? hostname) => new()
    {
        PrivateIpc = ipc,
        PrivateUts = uts,
        PrivateNetwork = network,
        PrivateCgroup = cgroup,
        Hostname = hostname,
        Location = table.Diagnostics.LocationOf(table.Span),
    };

    private static bool? IsPrivate(TableReader table, string key) => table.Choice(key, ["host", "private"], []) is int choice ? choice == 1 : null;

    private static bool IsNetworkPrivate(TableReader table)
    {
        if (table.Text("network") is not TomlText text)
        {
            return false;
        }

        if (text.Value.StartsWith("path:", StringComparison.Ordinal))
        {
            table.Refuse(text.Span, "namespaces.network = \"path:...\" is not available in this version", "accepted: host, private");
        }
        else if (text.Value is not ("host" or "private"))
        {
            table.RefuseWord("network", text, ["host", "private"], []);
        }

        return text.Value == "private";
    }

    private static string? Hostname(TableReader table, bool? uts)
    {
        if (table.Text("hostname") is not TomlText text)
        {
            return null;
        }

        if (!IsHostname(text.Value))
        {
            table.Refuse(text.Span, $"\"{Escaped.Shown(text.Value)}\" is no host name", $"letters, digits, - and dots between them, at most {LongestHostname}");
        }

        if (uts == false || !table.Has("uts"))
        {
            table.Refuse(table.SpanOf("hostname"), "a host name needs a UTS namespace of its own", "write uts = \"private\"");
        }

        return text.Value;
    }

    private static bool IsHostname(string name)
    {
        if (name.Length is 0 or > LongestHostname)
        {
            return false;
        }

        foreach (string label in name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }
}
