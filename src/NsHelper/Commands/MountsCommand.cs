using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`mounts`: the mount table of a process as a tree, with the lines that made the mounts of a session. Needs no root and takes none.</summary>
internal static class MountsCommand
{
    public static int Run(Invocation.Mounts invocation, CleanProcess process) =>
        TableReading.Read(invocation.ProcessId) is { } mounts
            ? Report.Answer(TextOf(SessionLines.WithLines(MountReport.Of(mounts, invocation.ProcessId), process), invocation, process))
            : ExitStatus.No;

    private static string TextOf(MountReport report, Invocation.Mounts invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? MountJson.Of(report)
            : MountText.Of(report, AnswerStyle.Of(invocation.Output, process), invocation.Output.Verbosity);
}
