using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Identity;
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
        switch (SessionPreparation.Prepare(invocation.Session, process, Verb))
        {
            case Preparation.Ready ready:
                return Start(ready, profile, privileges, process.State);
            case Preparation.Refused refused:
                _ = AuditLog.Send(Denial(refused, profile), refused.Site.LogFacility); // refused with or without a record
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                Report.Refusal(Verb, profile, reason, location);
                return ExitStatus.NotStarted;
            case Preparation.Invalid invalid:
                _ = AuditLog.Send(Denial(invalid, profile), invalid.Site.LogFacility); // refused with or without a record
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                Report.Refusal(Verb, profile, "its configuration has mistakes", null);
                return ExitStatus.NotStarted;
            default:
                throw new UnreachableException();
        }
    }

    private static int Start(Preparation.Ready ready, string profile, ParkedPrivileges privileges, CallerState state)
    {
        Supervision? supervision = ready.Plan.Supervision;
        SupervisionDescriptors? descriptors = supervision is null ? null : SupervisionChannel.Open(supervision, ready.Plan.HasShareUntilLastSession);
        LoweredPlan plan = PlanLowering.Lower(ready.Plan, descriptors);

        // The record comes before the first privileged change: no session without one, even if we are killed right after.
        SiteSettings site = ready.Site;
        bool recorded = site.LogLevel == LogLevel.Deny || AuditLog.Send(Permission(ready), site.LogFacility);
        if (!recorded && site.LogRequired)
        {
            Report.Refusal(Verb, profile, "the log cannot be written, and this site requires it", null);
            return ExitStatus.NotStarted;
        }

        switch (PlanExecutor.Run(plan, privileges))
        {
            case ExecutionEnd.Failed failed:
                return Report.Fault(failed.Fault, ready.Plan);
            case ExecutionEnd.IsInit init when supervision is not null && descriptors is { } own:
                return SessionInit.Run(init.Command, own.Init, supervision);
            case ExecutionEnd.IsMonitor monitor when supervision is not null && descriptors is { } own:
                int status = Report.End(SessionMonitor.Wait(monitor.Init, own, supervision, state, plan), ready.Plan);
                if (ready.Plan.HasShareUntilLastSession)
                {
                    LastAct.Become(status);
                }

                return status;
            default:
                throw new UnreachableException();
        }
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
