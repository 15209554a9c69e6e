using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Access;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>`run` and `shell`: from the parsed command line to the command, or to waiting for it. The whole way is this file; nothing is decided behind it.</summary>
internal static class RunCommand
{
    public static int Run(Invocation.Run invocation, CleanProcess process)
    {
        ParkedPrivileges privileges = PrivilegeCheck.Require(process);
        SessionArguments session = invocation.Session;
        var attempt = new StartAttempt(session.Verb, session.Verb == ShellRequest.ShellVerb ? "start a shell of" : "run", session.Profile.Text, session.Profile, invocation.Output);
        if (StatusStream.Open(invocation.StatusDescriptor, process, attempt) is not { } status)
        {
            return ExitStatus.NotStarted;
        }

        if (invocation.MayJoin && Running(session, privileges, process) is { Place: { } place } running)
        {
            var join = new JoinArguments(session.Command, session.Variables, session.ChangeDirectory);
            return running.Record.Has(session.Parameters)
                ? JoinCommand.Enter(running, place, join, attempt with { Verb = "join" }, privileges, process, status)
                : attempt.Refuse($"session {session.Label} has other parameters", null, "registry", process, status);
        }

        return Go(attempt, SessionPreparation.Prepare(session, process, status.IsWanted), privileges, process, status);
    }

    /// <summary>The caller's session of that profile and name; null when there is none.</summary>
    private static ActiveSession? Running(SessionArguments session, ParkedPrivileges privileges, CleanProcess process) =>
        SessionLookup.Known(RaisedPrivileges.Borrow(process, privileges), process, ofAll: false).Find(known => known.Name.Label == session.Label && known.Name.Profile == session.Profile);

    /// <summary>From the plan on; or no further than the reason why there is none.</summary>
    public static int Go(StartAttempt attempt, Preparation preparation, ParkedPrivileges privileges, CleanProcess process, StatusStream status) =>
        preparation is Preparation.Ready ready ? Start(ready, attempt, privileges, process, status) : attempt.Refuse(preparation, process, status);

    private static int Start(Preparation.Ready ready, StartAttempt attempt, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        // The record comes before the first privileged change: no session without one, even if we are killed right after.
        SiteSettings site = ready.Site;
        bool recorded = site.LogLevel == LogLevel.Deny || AuditLog.Send(attempt.Permission(ready, ready.Plan, ready.Plan.Parameters, ready.Rule), site.LogFacility);
        if (!recorded && site.LogRequired)
        {
            return attempt.Refuse("the log cannot be written, and this site requires it", null, "log", process, status);
        }

        // What only the number of sessions forbids was permitted, and has a second record.
        if (SessionRegistry.Add(RaisedPrivileges.Borrow(process, privileges), ready.Plan) is { } full)
        {
            _ = AuditLog.Send((attempt with { SessionId = ready.Plan.SessionId }).Denial(ready, full), site.LogFacility); // refused with or without a record
            return attempt.Refuse(full, null, "registry", process, status);
        }

        SupervisionDescriptors? descriptors = ready.Plan.Supervision is { } supervision
            ? SupervisionChannel.Open(supervision, ready.Plan.HasShareUntilLastSession, status.Descriptor) : null;
        LoweredPlan plan = PlanLowering.Lower(ready.Plan, descriptors);

        int end = CommandStart.Run(ready.Plan, plan, descriptors, privileges, process, status, out bool wasMonitor);
        if (wasMonitor && ready.Plan.HasShareUntilLastSession)
        {
            LastAct.Become(end);
        }

        return end;
    }
}
