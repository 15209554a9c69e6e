using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Decides the command's surroundings.</summary>
internal static class LaunchPlanner
{
    public static Launch Plan(Grant grant, Specifiers specifiers, CallerState state, SessionRequest request)
    {
        Profile profile = grant.Profile;
        return new Launch
        {
            WorkingDirectories = WorkingDirectories.Of(profile, specifiers, state, request, grant.Command.Shell),
            Environment = EnvironmentPlanner.Plan(profile, grant.Caller, specifiers, grant.Parameters, state, request),
            Command = grant.Command,
            Limits = profile.Limits.Limits,
            Processors = profile.Limits.Processors,
            Restore = state with
            {
                Umask = profile.Identity.Umask ?? state.Umask,
                ChangedLimits = state.ChangedLimits.RemoveAll(limit => profile.Limits.Sets(limit.Resource)),
            },
        };
    }
}
