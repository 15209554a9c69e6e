using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Sessions;

/// <summary>Decides as whom the command runs: as the caller, with what the profile leaves of the groups and what it gives of capabilities and limits.</summary>
internal static class CredentialPlanner
{
    public static Credentials Plan(Profile profile, Caller caller, AccountNames names, CallerState state, int lastCapability)
    {
        IdentitySettings identity = profile.Identity;
        foreach (string unknown in Capabilities.NamesOf(identity.Bounding >> 1 >> lastCapability << 1 << lastCapability))
        {
            throw new PlanningRefusal($"this kernel has no {unknown}", identity.CapabilitiesLocation);
        }

        ImmutableArray<GroupId> groups = identity.Groups is { } wanted ? Kept(wanted, caller, names) : caller.SupplementaryGroups;
        return new Credentials
        {
            UserId = caller.UserId,
            GroupId = caller.GroupId,
            SupplementaryGroups = groups,
            SetsGroups = groups.Length != caller.SupplementaryGroups.Length,
            NoNewPrivileges = identity.NoNewPrivileges,
            Bounding = identity.Bounding,
            Ambient = identity.Ambient,
            LastCapability = lastCapability,
            RaisedLimits = profile.Limits.Limits.RemoveAll(setting => setting.Limit.Hard <= state.HardLimits[setting.Limit.Resource]),
        };
    }

    /// <summary>Only ever a part of what the kernel has for the caller, in its order: a list of a profile takes away and gives nothing.</summary>
    private static ImmutableArray<GroupId> Kept(ImmutableArray<PrincipalRule> wanted, Caller caller, AccountNames names)
    {
        var ids = new List<GroupId>();
        foreach (PrincipalRule rule in wanted)
        {
            if ((rule.Number is uint number ? new GroupId(number) : names.GroupOf(rule.Text)) is not GroupId id || !caller.IsIn(id))
            {
                throw new PlanningRefusal($"the session is to have group \"{Escaped.Shown(rule.Text)}\", and the caller is not in it", rule.Location);
            }

            ids.Add(id);
        }

        return caller.SupplementaryGroups.RemoveAll(group => !ids.Contains(group));
    }
}
