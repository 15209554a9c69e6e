using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Parameters;
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
        if (StatusStream.Open(invocation.StatusDescriptor, process) is not { } status)
        {
            PermanentDrop.ForGood(process);
            Report.Refusal(Verb, profile, $"descriptor {invocation.StatusDescriptor} cannot be written to, or is no pipe, socket, file or device", null);
            return ExitStatus.NotStarted;
        }

        switch (SessionPreparation.Prepare(invocation.Session, process, Verb, status.IsWanted))
        {
            case Preparation.Ready ready:
                return Start(ready, profile, privileges, process, status);
            case Preparation.Refused refused:
                _ = AuditLog.Send(Denial(refused, profile), refused.Site.LogFacility); // refused with or without a record
                PermanentDrop.ForGood(process);
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                Report.Refusal(Verb, profile, reason, location);
                status.Refused("authorisation", location);
                return ExitStatus.NotStarted;
            case Preparation.Invalid invalid:
                _ = AuditLog.Send(Denial(invalid, profile), invalid.Site.LogFacility); // refused with or without a record
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
        Supervision? supervision = ready.Plan.Supervision;
        SupervisionDescriptors? descriptors = supervision is null ? null : SupervisionChannel.Open(supervision, ready.Plan.HasShareUntilLastSession, status.Descriptor);
        LoweredPlan plan = PlanLowering.Lower(ready.Plan, descriptors);

        // The record comes before the first privileged change: no session without one, even if we are killed right after.
        SiteSettings site = ready.Site;
        bool recorded = site.LogLevel == LogLevel.Deny || AuditLog.Send(Permission(ready), site.LogFacility);
        if (!recorded && site.LogRequired)
        {
            PermanentDrop.ForGood(process);
            Report.Refusal(Verb, profile, "the log cannot be written, and this site requires it", null);
            status.Refused("log", null);
            return ExitStatus.NotStarted;
        }

        switch (PlanExecutor.Run(plan, privileges))
        {
            case ExecutionEnd.Failed failed:
                int failure = Report.Fault(failed.Fault, ready.Plan);
                status.Failed(failed.Fault, failure);
                return failure;
            case ExecutionEnd.IsInit init when supervision is not null && descriptors is { } own:
                return SessionInit.Run(init.Command, own, supervision);
            case ExecutionEnd.IsMonitor monitor when supervision is not null && descriptors is { } own:
                MonitorEnd end = SessionMonitor.Wait(
                    monitor.Init, own, supervision, process.State, plan, (first, namespaces) => status.Started(ready.Plan, first, namespaces));
                return End(end, ready.Plan, status);
            default:
                throw new UnreachableException();
        }
    }

    private static int End(MonitorEnd end, SessionPlan plan, StatusStream stream)
    {
        int status = Report.End(end, plan);
        stream.Exited(status);
        if (plan.HasShareUntilLastSession)
        {
            LastAct.Become(status);
        }

        return status;
    }

    private static AuditRecord Permission(Preparation.Ready ready)
    {
        SessionPlan plan = ready.Plan;
        AuditRecord record = Record("permit", ready, plan.Profile.Text)
            .With("session", plan.SessionId)
            .With("rule", ready.Rule.ToString())
            .With("command", plan.Launch.Command.Arguments[0]);
        if (ready.Site.LogArguments == LogArguments.Full)
        {
            foreach ((Parameter parameter, string value) in plan.Parameters.All)
            {
                record.With("set", $"{parameter.Name}={value}");
            }

            for (int i = 1; i < plan.Launch.Command.Arguments.Length; i++)
            {
                record.With("arg", plan.Launch.Command.Arguments[i]);
            }
        }

        return record;
    }

    private static AuditRecord Denial(Preparation.Refused refused, string profile)
    {
        AuditRecord record = Record("deny", refused, profile).With("reason", refused.Reason);
        return refused.Rule is { } rule ? record.With("rule", rule.ToString()) : record;
    }

    private static AuditRecord Denial(Preparation.Invalid invalid, string profile)
    {
        Diagnostic first = invalid.Diagnostics[0];
        return Record("deny", invalid, profile).With("reason", "the configuration has mistakes").With("rule", first.Location.ToString());
    }

    private static AuditRecord Record(string decision, Preparation preparation, string profile) =>
        new AuditRecord(decision)
            .With("verb", Verb)
            .With("uid", preparation.Caller.UserId.Value)
            .With("user", preparation.Caller.Name)
            .With("profile", profile);
}
