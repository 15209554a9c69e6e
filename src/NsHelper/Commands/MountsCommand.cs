using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`mounts`: the mount table of a process as a tree, with the lines that made the mounts of a session. Root finds the session, and reads nothing.</summary>
internal static class MountsCommand
{
    public static int Run(Invocation.Mounts invocation, CleanProcess process) =>
        ShownProcess.Find("show the mounts of", process, invocation.Process) is [var shown] && TableReading.Read(shown) is { } mounts
            ? Report.Answer(TextOf(SessionLines.WithLines(MountReport.Of(mounts, shown.ProcessId), shown.Session, process), invocation, process))
            : ExitStatus.No;

    private static string TextOf(MountReport report, Invocation.Mounts invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? MountJson.Of(report)
            : MountText.Of(report, AnswerStyle.Of(invocation.Output, process), invocation.Output.Verbosity);
}
