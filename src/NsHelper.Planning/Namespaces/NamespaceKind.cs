using System.Collections.Immutable;
using System.Diagnostics;

namespace NsHelper.Planning.Namespaces;

/// <summary>The kinds of namespaces(7), in the order of their names in /proc/PID/ns.</summary>
internal enum NamespaceKind
{
    Cgroup,
    Ipc,
    Mount,
    Network,
    Pid,
    Time,
    User,
    Uts,
}

/// <summary>The kernel's names of the kinds.</summary>
internal static class NamespaceKinds
{
    public static ImmutableArray<NamespaceKind> All =>
    [
        NamespaceKind.Cgroup, NamespaceKind.Ipc, NamespaceKind.Mount, NamespaceKind.Network,
        NamespaceKind.Pid, NamespaceKind.Time, NamespaceKind.User, NamespaceKind.Uts,
    ];

    /// <summary>The name of the link in /proc/PID/ns.</summary>
    public static string NameOf(NamespaceKind kind) => kind switch
    {
        NamespaceKind.Cgroup => "cgroup",
        NamespaceKind.Ipc => "ipc",
        NamespaceKind.Mount => "mnt",
        NamespaceKind.Network => "net",
        NamespaceKind.Pid => "pid",
        NamespaceKind.Time => "time",
        NamespaceKind.User => "user",
        NamespaceKind.Uts => "uts",
        _ => throw new UnreachableException(),
    };
}
