using System.Collections.Immutable;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`diff`: what differs between the mount tables of two processes. Root finds sessions, and reads nothing; the exit status is that of diff(1).</summary>
internal static class DiffCommand
{
    public static int Run(Invocation.Diff invocation, CleanProcess process)
    {
        if (ShownProcess.Find("compare", process, invocation.Here, invocation.There) is not [var shownHere, var shownThere])
        {
            return ExitStatus.Trouble;
        }

        if ((shownHere.ProcessId == TableReading.HostProcess || shownThere.ProcessId == TableReading.HostProcess) && TableReading.HidesHost(process.State))
        {
            Report.Refusal("compare with", "the host", "it cannot be seen from a session with processes of its own; nshelper outside of it can, given a process of the session", null);
            return ExitStatus.Trouble;
        }

        if (TableReading.Read(shownHere) is not { } here || TableReading.Read(shownThere) is not { } there)
        {
            return ExitStatus.Trouble;
        }

        ImmutableArray<MountDifference> differences = MountDifferences.Of(here, there, invocation.Propagation);
        return Report.Answer(TextOf(differences, shownHere, shownThere, invocation, process)) != ExitStatus.Done ? ExitStatus.Trouble
            : differences.IsEmpty ? ExitStatus.Done : ExitStatus.No;
    }

    private static string TextOf(ImmutableArray<MountDifference> differences, ShownProcess here, ShownProcess there, Invocation.Diff invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? DifferenceJson.Of(differences, here.ProcessId, there.ProcessId)
            : DifferenceText.Of(
                differences,
                here.Name,
                there.Name,
                AnswerStyle.Of(invocation.Output, process),
                invocation.Output.Verbosity,
                invocation.Propagation);
}
