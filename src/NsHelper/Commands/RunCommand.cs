using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>`run`: from the parsed command line to the command, or to waiting for it. The whole way is this file; nothing is decided behind it.</summary>
internal static class RunCommand
{
    private const string Verb = "run";

    public static int Run(Invocation.Run invocation, CleanProcess process)
    {
        ParkedPrivileges privileges = PrivilegeCheck.Require(process);
        string profile = invocation.Session.Profile.Text;
        if (StatusStream.Open(invocation.StatusDescriptor, process, Verb, profile) is not { } status)
        {
            return ExitStatus.NotStarted;
        }

        switch (SessionPreparation.Prepare(invocation.Session, process, Verb, status.IsWanted))
        {
            case Preparation.Ready ready:
                return Start(ready, profile, privileges, process, status);
            case Preparation.Refused refused:
                _ = AuditLog.Send(DecisionRecord.Denial(Verb, refused, profile), refused.Site.LogFacility); // refused with or without a record
                PermanentDrop.ForGood(process);
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                Report.Refusal(Verb, profile, reason, location);
                status.Refused("authorisation", location);
                return ExitStatus.NotStarted;
            case Preparation.Invalid invalid:
                _ = AuditLog.Send(DecisionRecord.Denial(Verb, invalid, profile), invalid.Site.LogFacility); // refused with or without a record
                PermanentDrop.ForGood(process);
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                Report.Refusal(Verb, profile, "its configuration has mistakes", null);
                status.Refused("configuration", invalid.Diagnostics[0].Location);
                return ExitStatus.NotStarted;
            default:
                throw new UnreachableException();
        }
    }

    private static int Start(Preparation.Ready ready, string profile, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        if (SessionRegistry.Add(process, ready.Plan) is { } full)
        {
            _ = AuditLog.Send(DecisionRecord.Denial(Verb, ready, profile, full), ready.Site.LogFacility); // refused with or without a record
            return Refuse(profile, full, "registry", process, status);
        }

        Supervision? supervision = ready.Plan.Supervision;
        SupervisionDescriptors? descriptors = supervision is null ? null : SupervisionChannel.Open(supervision, ready.Plan.HasShareUntilLastSession, status.Descriptor);
        LoweredPlan plan = PlanLowering.Lower(ready.Plan, descriptors);

        // The record comes before the first privileged change: no session without one, even if we are killed right after.
        SiteSettings site = ready.Site;
        bool recorded = site.LogLevel == LogLevel.Deny || AuditLog.Send(DecisionRecord.Permission(Verb, ready, ready.Plan, ready.Plan.Parameters, ready.Rule), site.LogFacility);
        if (!recorded && site.LogRequired)
        {
            return Refuse(profile, "the log cannot be written, and this site requires it", "log", process, status);
        }

        int end = CommandStart.Run(ready.Plan, plan, descriptors, privileges, process, status, out bool wasMonitor);
        if (wasMonitor && ready.Plan.HasShareUntilLastSession)
        {
            LastAct.Become(end);
        }

        return end;
    }

    private static int Refuse(string profile, string reason, string stage, CleanProcess process, StatusStream status)
    {
        PermanentDrop.ForGood(process);
        Report.Refusal(Verb, profile, reason, null);
        status.Refused(stage, null);
        return ExitStatus.NotStarted;
    }
}
