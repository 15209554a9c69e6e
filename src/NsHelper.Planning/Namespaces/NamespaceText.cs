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

        if (report.HostFault is { } fault && verbosity != Verbosity.Quiet)
        {
            table.Remark($"the host's are not known: process 1: {fault}");
        }

        return table.ToString();
    }

    private static string[] Titles(NamespaceReport report) => report.ProcessId is { } pid
        ? ["KIND", string.Create(CultureInfo.InvariantCulture, $"PROCESS {pid}"), "CALLER", "HOST (PROCESS 1)", ""]
        : ["KIND", "CALLER", "HOST (PROCESS 1)", ""];

    private static TextCell[] Row(NamespaceReport report, NamespaceKind kind)
    {
        Ink ink = report.Differs(kind) ? Ink.Mark : Ink.Plain;
        TextCell mark = new(report.Differs(kind) ? "differs" : "", ink);
        TextCell process = new(Shown(report.Process, kind), ink);
        string host = Shown(report.Host, kind);
        return report.ProcessId is null
            ? [NamespaceKinds.NameOf(kind), process, host, mark]
            : [NamespaceKinds.NameOf(kind), process, Shown(report.Caller, kind), host, mark];
    }

    private static string Shown(NamespaceIds? ids, NamespaceKind kind) => ids?[kind] is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{NamespaceKinds.NameOf(kind)}:[{id}]")
        : Unknown;
}
