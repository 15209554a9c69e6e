using System.Globalization;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Namespaces;

/// <summary>A namespace report as a table: ids as readlink(1) shows them, so that they can be searched for elsewhere.</summary>
internal static class NamespaceText
{
    // "cgroup:[4026531835]" and a little more.
    private const int IdWidth = 20;
    private const int KindWidth = 6;
    private const int MarkWidth = 7;
    private const string Unknown = "-";

    public static string Of(NamespaceReport report, OutputStyle style, Verbosity verbosity)
    {
        var table = new TextTable(style, KindWidth, IdWidth, IdWidth, IdWidth, MarkWidth);
        if (verbosity != Verbosity.Quiet)
        {
            table.Add(TextCell.Titles(Titles(report)));
        }

        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            table.Add(Row(report, kind));
        }

        if (verbosity != Verbosity.Quiet)
        {
            AddRemarks(table, report);
        }

        return table.ToString();
    }

    private static void AddRemarks(TextTable table, NamespaceReport report)
    {
        if (report.Session is { } session)
        {
            table.Remark(session.ToString());
        }

        if (report.HostFault is { } fault)
        {
            table.Remark($"the host's are not known: process 1: {fault}");
        }
    }

    private static string[] Titles(NamespaceReport report) => report.ProcessId is { } pid
        ? ["KIND", string.Create(CultureInfo.InvariantCulture, $"{(report.Session is null ? "PROCESS" : "SESSION")} {pid}"), "CALLER", "HOST (PROCESS 1)", "DIFFERS"]
        : ["KIND", "CALLER", "HOST (PROCESS 1)", "DIFFERS"];

    private static TextCell[] Row(NamespaceReport report, NamespaceKind kind)
    {
        NamespaceOwners differing = report.Differing(kind);
        TextCell name = NamespaceKinds.NameOf(kind);
        TextCell process = Cell(report.Process, NamespaceOwners.Process);
        TextCell host = Cell(report.Host, NamespaceOwners.Host);
        TextCell word = new(WordOf(differing, report), differing == NamespaceOwners.None ? Ink.Plain : Ink.Mark);
        return report.ProcessId is null ? [name, process, host, word] : [name, process, Cell(report.Caller, NamespaceOwners.Caller), host, word];

        TextCell Cell(NamespaceIds? ids, NamespaceOwners owner) => new(Shown(ids, kind), differing.HasFlag(owner) ? Ink.Mark : Ink.Plain);
    }

    /// <summary>The one whose namespace is not that of the others.</summary>
    private static string WordOf(NamespaceOwners differing, NamespaceReport report) => differing switch
    {
        NamespaceOwners.None => "",
        NamespaceOwners.Process => report.ProcessId is null ? "caller" : report.Session is null ? "process" : "session",
        NamespaceOwners.Caller => "caller",
        NamespaceOwners.Host => "host",
        _ => "all",
    };

    private static string Shown(NamespaceIds? ids, NamespaceKind kind) => ids?[kind] is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{NamespaceKinds.NameOf(kind)}:[{id}]")
        : Unknown;
}
