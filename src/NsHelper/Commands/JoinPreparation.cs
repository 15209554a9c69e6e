using System.Diagnostics;
using NsHelper.Linux.Host;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Planning.Access;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;

namespace NsHelper.Commands;

/// <summary>
/// The way to the plan of a command in a session that is there: the profile decides anew, with the session's own parameters, and must be the one that the
/// session was made of.
/// </summary>
internal static class JoinPreparation
{
    private const string Verb = "join";

    /// <summary>ReadyToJoin, Refused or Invalid.</summary>
    /// <param name="isReported">Whether somebody is to be told what becomes of the command.</param>
    public static Preparation Prepare(ActiveSession session, SessionPlace place, JoinArguments arguments, CleanProcess process, bool isReported)
    {
        Preparation preparation = SessionPreparation.Find(session.Name.Profile, process);
        return preparation is not Preparation.Found found ? preparation
            : AccessRules.Decide(found.Profile, found.Caller, found.Names, Verb, arguments.Command, session.Record.Settings) switch
            {
                Decision.Denied denied => SessionPreparation.Refused(found, denied),
                Decision.Allowed allowed => Refusal(found, session) ?? Plan(allowed.Grant, found, session, place, arguments, process, isReported),
                _ => throw new UnreachableException(),
            };
    }

    private static Preparation.Refused? Refusal(Preparation.Found found, ActiveSession session)
    {
        (string Message, SourceLocation? Location)? refusal =
            !found.Profile.Sessions.MayBeJoined ? ("its profile lets nobody join", found.Profile.Sessions.Location)
            : found.Digest != session.Record.Digest ? ("the profile, or a setting of the site, was changed since the session began", null)
            : session.Record.Parameters is null ? ("its parameters were too long to be kept", null)
            : null;
        return refusal is var (message, location) ? new Preparation.Refused(found.Caller, found.Site, message, location, message) : null;
    }

    private static Preparation Plan(
        Grant grant, Preparation.Found found, ActiveSession session, SessionPlace place, JoinArguments arguments, CleanProcess process, bool isReported)
    {
        var request = new SessionRequest(session.Name.Id, HostFacts.Name(), PrivilegeCheck.LastCapability(), arguments.Variables, arguments.ChangeDirectory)
        {
            IsReported = isReported,
        };
        return JoinPlanner.Plan(grant, found.Names, process.State, request, !SessionRegistry.SharesProcesses(place), out string? refusal, out SourceLocation? location) is { } plan
            ? new Preparation.ReadyToJoin(grant.Caller, found.Site, plan, grant.Parameters, grant.Rule)
            : new Preparation.Refused(grant.Caller, found.Site, refusal ?? "", location, refusal ?? "");
    }
}
