using NsHelper.Linux.Execution;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Invocations;
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

    public static int Run(Invocation.Join invocation, CleanProcess process)
    {
        ParkedPrivileges privileges = PrivilegeCheck.Require(process);
        var attempt = new StartAttempt(Verb, Verb, invocation.Session, null, invocation.Output);
        if (StatusStream.Open(invocation.StatusDescriptor, process, attempt) is not { } status)
        {
            return ExitStatus.NotStarted;
        }

        ActiveSession? session = SessionLookup.Find(SessionLookup.Known(RaisedPrivileges.Borrow(process, privileges), process, ofAll: false), invocation.Session, out string fault);
        if (session is not { Place: { } place })
        {
            return attempt.Refuse(session is null ? fault : SessionLookup.IsStarting, null, "registry", process, status);
        }

        return Enter(session, place, invocation.Arguments, attempt, privileges, process, status);
    }

    /// <summary>From a session that was found on.</summary>
    public static int Enter(
        ActiveSession session, SessionPlace place, JoinArguments arguments, StartAttempt attempt, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        attempt = attempt with { Profile = session.Name.Profile, SessionId = session.Name.Id };
        Preparation preparation = JoinPreparation.Prepare(session, place, arguments, process, status.IsWanted);
        return preparation is Preparation.ReadyToJoin ready
            ? Start(ready, place, attempt, privileges, process, status)
            : attempt.Refuse(preparation, process, status);
    }

    private static int Start(
        Preparation.ReadyToJoin ready, SessionPlace place, StartAttempt attempt, ParkedPrivileges privileges, CleanProcess process, StatusStream status)
    {
        bool recorded = ready.Site.LogLevel == LogLevel.Deny || AuditLog.Send(attempt.Permission(ready, ready.Plan, ready.Parameters, ready.Rule), ready.Site.LogFacility);
        if (!recorded && ready.Site.LogRequired)
        {
            return attempt.Refuse("the log cannot be written, and this site requires it", null, "log", process, status);
        }

        if (SessionRegistry.Open(RaisedPrivileges.Borrow(process, privileges), place) is not { } namespaces)
        {
            return attempt.Refuse(SessionLookup.HasEnded, null, "registry", process, status);
        }

        SupervisionDescriptors? descriptors = ready.Plan.Supervision is { } supervision ? SupervisionChannel.Open(supervision, keepsUse: false, status.Descriptor) : null;
        LoweredPlan lowered = JoinLowering.Lower(ready.Plan, descriptors, namespaces);
        return CommandStart.Run(ready.Plan, lowered, descriptors, privileges, process, status, out _, namespaces);
    }
}
