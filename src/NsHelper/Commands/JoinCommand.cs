using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// `join`: a command in a session that runs, under the rules under which it was started. What the session is comes from the registry alone, what the
/// command may do from the profile alone; the session's namespaces are opened when all of it is decided, and entered at once.
/// </summary>
internal static class JoinCommand
{
    private const string Verb = "join";
    private const string HasEnded = "the session has ended, or its first process has left it";

    public static int Run(Invocation.Join invocation, CleanProcess process)
    {
        ParkedPrivileges privileges = PrivilegeCheck.Require(process);
        if (StatusStream.Open(invocation.StatusDescriptor, process, Verb, invocation.Session) is not { } status)
        {
            return ExitStatus.NotStarted;
        }

        ActiveSession? session = SessionLookup.Find(SessionLookup.Known(process, ofAll: false), invocation.Session, out string fault);
        return session switch
        {
            null => Refuse(invocation, fault, null, "registry", process, status),
            { Place: null } => Refuse(invocation, "the session is still being made", null, "registry", process, status),
            { Place: { } place } => Enter(session, place, invocation, privileges, process, status),
        };
    }

    private static int Enter(ActiveSession session, SessionPlace place, Invocation.Join invocation, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        string profile = session.Name.Profile.Text;
        switch (JoinPreparation.Prepare(session, place, invocation.Arguments, process, status.IsWanted))
        {
            case Preparation.ReadyToJoin ready:
                return Start(ready, place, invocation, privileges, process, status);
            case Preparation.Refused refused:
                _ = AuditLog.Send(DecisionRecord.Denial(Verb, refused, profile).With("session", session.Name.Id), refused.Site.LogFacility); // refused with or without a record
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                return Refuse(invocation, reason, location, "authorisation", process, status);
            case Preparation.Invalid invalid:
                _ = AuditLog.Send(DecisionRecord.Denial(Verb, invalid, profile).With("session", session.Name.Id), invalid.Site.LogFacility); // refused with or without a record
                PermanentDrop.ForGood(process);
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                return Refuse(invocation, "its configuration has mistakes", null, "configuration", process, status);
            default:
                throw new UnreachableException();
        }
    }

    private static int Start(
        Preparation.ReadyToJoin ready, SessionPlace place, Invocation.Join invocation, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        bool recorded = ready.Site.LogLevel == LogLevel.Deny || AuditLog.Send(DecisionRecord.Permission(Verb, ready, ready.Plan, ready.Parameters, ready.Rule), ready.Site.LogFacility);
        if (!recorded && ready.Site.LogRequired)
        {
            return Refuse(invocation, "the log cannot be written, and this site requires it", null, "log", process, status);
        }

        if (SessionRegistry.Open(process, place) is not { } namespaces)
        {
            return Refuse(invocation, HasEnded, null, "registry", process, status);
        }

        SupervisionDescriptors? descriptors = ready.Plan.Supervision is { } supervision ? SupervisionChannel.Open(supervision, keepsUse: false, status.Descriptor) : null;
        LoweredPlan lowered = JoinLowering.Lower(ready.Plan, descriptors, namespaces);
        return CommandStart.Run(ready.Plan, lowered, descriptors, privileges, process, status, out _, namespaces);
    }

    private static int Refuse(Invocation.Join invocation, string reason, SourceLocation? location, string stage, CleanProcess process, StatusStream status)
    {
        PermanentDrop.ForGood(process);
        Report.Refusal(Verb, invocation.Session, reason, location);
        status.Refused(stage, location);
        return ExitStatus.NotStarted;
    }
}
