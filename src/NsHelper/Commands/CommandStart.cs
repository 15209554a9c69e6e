using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Process;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Sessions;

namespace NsHelper.Commands;

/// <summary>Carries a lowered plan out, and is what becomes of the process: the command, its init, or the monitor that waits.</summary>
internal static class CommandStart
{
    /// <param name="wasMonitor">Whether this process has waited for a command that has ended: nothing is left to do but what comes last.</param>
    /// <param name="joined">What the plan enters, if it is one of a session that is there.</param>
    /// <returns>The exit status.</returns>
    public static int Run(
        StartPlan plan, LoweredPlan lowered, SupervisionDescriptors? descriptors, ParkedPrivileges privileges, CleanProcess process, StatusStream status, out bool wasMonitor, JoinedNamespaces? joined = null)
    {
        wasMonitor = false;
        switch (PlanExecutor.Run(lowered, privileges))
        {
            case ExecutionEnd.Failed failed:
                int failure = Report.Fault(failed.Fault, plan);
                status.Failed(failed.Fault, failure);
                if (descriptors is { } detached && plan.Supervision is { IsDetached: true })
                {
                    SupervisionChannel.TellFailure(detached);
                }

                return failure;
            case ExecutionEnd.IsInit init when plan.Supervision is { } supervision && descriptors is { } own:
                return SessionInit.Run(init.Command, own, supervision);
            case ExecutionEnd.IsMonitor monitor when plan.Supervision is { } supervision && descriptors is { } own:
                joined?.Close();
                MonitorEnd end = SessionMonitor.Wait(
                    monitor.Init, own, supervision, process.State, lowered, (first, namespaces) => status.Started(plan, first, namespaces));
                if (end.IsDetached)
                {
                    _ = Report.Answer($"{plan.SessionId}\n"); // it runs, whether or not anybody can be told
                    return ExitStatus.Done;
                }

                int ended = Report.End(end, plan);
                status.Exited(ended);
                wasMonitor = true;
                return ended;
            default:
                throw new UnreachableException();
        }
    }
}
