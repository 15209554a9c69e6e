using System.Collections.Immutable;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`diff`: what differs between the mount tables of two processes. Needs no root and takes none; the exit status is that of diff(1).</summary>
internal static class DiffCommand
{
    public static int Run(Invocation.Diff invocation, CleanProcess process)
    {
        if ((invocation.Here == TableReading.HostProcess || invocation.There == TableReading.HostProcess) && TableReading.HidesHost(process.State))
        {
            Report.Refusal("compare with", "the host", "it cannot be seen from a session with processes of its own; nshelper outside of it can, given a process of the session", null);
            return ExitStatus.Trouble;
        }

        if (TableReading.Read(invocation.Here) is not { } here || TableReading.Read(invocation.There) is not { } there)
        {
            return ExitStatus.Trouble;
        }

        ImmutableArray<MountDifference> differences = MountDifferences.Of(here, there, invocation.Propagation);
        return Report.Answer(TextOf(differences, invocation, process)) != ExitStatus.Done ? ExitStatus.Trouble
            : differences.IsEmpty ? ExitStatus.Done : ExitStatus.No;
    }

    private static string TextOf(ImmutableArray<MountDifference> differences, Invocation.Diff invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? DifferenceJson.Of(differences, invocation.Here, invocation.There)
            : DifferenceText.Of(
                differences,
                TableReading.NameOf(invocation.Here),
                TableReading.NameOf(invocation.There),
                AnswerStyle.Of(invocation.Output, process),
                invocation.Output.Verbosity,
                invocation.Propagation);
}
