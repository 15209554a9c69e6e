using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Turns a grant into the plan of a command in a running session of the same profile. Pure, as <see cref="SessionPlanner"/> is.</summary>
internal static class JoinPlanner
{
    /// <param name="request">With the id of the session that is joined.</param>
    /// <param name="entersProcesses">Whether the session has a process namespace that the caller is not in.</param>
    /// <returns>Null after a refusal.</returns>
    public static JoinPlan? Plan(
        Grant grant, AccountNames names, CallerState state, SessionRequest request, bool entersProcesses, out string? refusal, out SourceLocation? location)
    {
        (refusal, location) = (null, null);
        try
        {
            Profile profile = grant.Profile;
            return new JoinPlan
            {
                Profile = profile.Name,
                SessionId = request.SessionId,
                Caller = grant.Caller,
                Supervision = SupervisionPlanner.PlanJoin(profile, state, request.IsReported || entersProcesses),
                OutOfMemoryScore = profile.Limits.OutOfMemoryScore,
                Credentials = CredentialPlanner.Plan(profile, grant.Caller, names, state, request.LastCapability),
                Launch = LaunchPlanner.Plan(grant, SessionPlanner.SpecifiersOf(grant.Use, request.HostName), state, request),
            };
        }
        catch (PlanningRefusal fault)
        {
            (refusal, location) = (fault.Message, fault.Location);
            return null;
        }
    }
}
