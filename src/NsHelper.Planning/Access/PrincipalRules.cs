using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>Matches the caller against allow and deny lists: users by uid, groups by gid, never by what a name looks like.</summary>
internal static class PrincipalRules
{
    /// <summary>The first deny rule that matches, or that cannot be resolved: a deny that no longer works must not become a permission.</summary>
    public static Decision.Denied? Denial(AllowRules rules, Caller caller, AccountNames names)
    {
        foreach (PrincipalRule rule in rules.DenyUsers)
        {
            UserId? user = UserOf(rule, caller, names);
            if (rule.IsEverybody || user == caller.UserId)
            {
                return new Decision.Denied($"the user is denied by \"{Escaped.Shown(rule.Text)}\"", rule.Location);
            }

            if (user is null)
            {
                return new Decision.Denied($"the denied user \"{Escaped.Shown(rule.Text)}\" is unknown on this host", rule.Location);
            }
        }

        foreach (PrincipalRule rule in rules.DenyGroups)
        {
            GroupId? group = GroupOf(rule, names);
            if (rule.IsEverybody || (group is GroupId known && (caller.IsIn(known) || names.DatabaseGroups.Contains(known))))
            {
                return new Decision.Denied($"the user is denied by group \"{Escaped.Shown(rule.Text)}\"", rule.Location);
            }

            if (group is null)
            {
                return new Decision.Denied($"the denied group \"{Escaped.Shown(rule.Text)}\" is unknown on this host", rule.Location);
            }
        }

        return null;
    }

    /// <summary>The first rule that permits. Root is never among everybody, and no group makes root permitted: it is listed by name or id.</summary>
    public static PrincipalRule? Permission(AllowRules rules, Caller caller, AccountNames names) => Permission(rules.Users, rules.Groups, caller, names);

    public static PrincipalRule? Permission(ImmutableArray<PrincipalRule> users, ImmutableArray<PrincipalRule> groups, Caller caller, AccountNames names)
    {
        foreach (PrincipalRule rule in users)
        {
            if (rule.IsEverybody ? !caller.UserId.IsRoot : UserOf(rule, caller, names) == caller.UserId)
            {
                return rule;
            }
        }

        if (caller.UserId.IsRoot)
        {
            return null;
        }

        foreach (PrincipalRule rule in groups)
        {
            if (rule.IsEverybody || (GroupOf(rule, names) is GroupId group && caller.IsIn(group)))
            {
                return rule;
            }
        }

        return null;
    }

    public static UserId? UserOf(PrincipalRule rule, Caller caller, AccountNames names) =>
        rule.Number is uint number ? new UserId(number)
        : rule.Text == caller.Name ? caller.UserId
        : names.UserOf(rule.Text);

    public static GroupId? GroupOf(PrincipalRule rule, AccountNames names) =>
        rule.Number is uint number ? new GroupId(number) : names.GroupOf(rule.Text);
}
