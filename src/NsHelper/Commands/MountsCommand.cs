using System.Collections.Immutable;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`mounts`: the mount table of a process as a tree. Needs no root and takes none.</summary>
internal static class MountsCommand
{
    public static int Run(Invocation.Mounts invocation, CleanProcess process) =>
        TableReading.Read(invocation.ProcessId) is { } mounts ? Report.Answer(TextOf(mounts, invocation, process)) : ExitStatus.No;

    private static string TextOf(ImmutableArray<MountEntry> mounts, Invocation.Mounts invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? MountJson.Of(mounts, invocation.ProcessId)
            : MountText.Of(mounts, AnswerStyle.Of(invocation.Output, process), invocation.Output.Verbosity);
}
