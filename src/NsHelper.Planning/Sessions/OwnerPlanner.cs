using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>To whom a tmpfs, directory or file of the session belongs: by the host's accounts, and never to nobody in particular.</summary>
internal sealed class OwnerPlanner(Caller caller, AccountNames names)
{
    public UserId UserOf(MountSettings mount, UserId automatic) => mount.Owner switch
    {
        null => automatic,
        { Text: PrincipalRule.CallersName } => caller.UserId,
        var rule => PrincipalRules.UserOf(rule, caller, names) ?? throw Unknown("user", rule),
    };

    public GroupId GroupOf(MountSettings mount, GroupId automatic) => mount.OwnerGroup switch
    {
        null => automatic,
        { Text: PrincipalRule.CallersGroup } => caller.GroupId,
        var rule => PrincipalRules.GroupOf(rule, names) ?? throw Unknown("group", rule),
    };

    private static PlanningRefusal Unknown(string kind, PrincipalRule rule) =>
        new($"something in the session is to belong to {kind} \"{Escaped.Shown(rule.Text)}\", and there is no such {kind} on this host", rule.Location);
}
