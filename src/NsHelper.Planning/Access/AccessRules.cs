using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>Who may do what with a profile. Default deny, deny wins, and what cannot be decided is denied.</summary>
internal static class AccessRules
{
    /// <summary>With no parameter set: each has its default.</summary>
    public static Decision Decide(Profile profile, Caller caller, AccountNames names, string verb, ImmutableArray<ByteString> command) =>
        Decide(profile, caller, names, verb, command, []);

    /// <param name="settings">--set: name and value of parameters.</param>
    public static Decision Decide(
        Profile profile, Caller caller, AccountNames names, string verb, ImmutableArray<ByteString> command, ImmutableArray<(ByteString Name, ByteString Value)> settings) =>
        Grant.Decide(profile, caller, names, verb, command, null, settings);

    /// <summary>The same of the profile's shell, which no [[command]] has to list.</summary>
    public static Decision Decide(Profile profile, Caller caller, AccountNames names, ShellRequest shell, ImmutableArray<(ByteString Name, ByteString Value)> settings) =>
        Grant.Decide(profile, caller, names, shell.Verb, [], shell, settings);

    /// <summary>
    /// The names to look up before the decision. Names that cannot change the decision are not asked for: each may cost
    /// a round trip to a directory server.
    /// </summary>
    public static (ImmutableArray<string> Users, ImmutableArray<string> Groups, bool WantsDatabaseGroups) NamesIn(Profile profile, Caller caller)
    {
        var users = new List<string>();
        var groups = new List<string>();
        bool wantsDatabaseGroups = AddAll(users, groups, profile.Allow, caller);
        wantsDatabaseGroups |= profile.Gate is AllowRules gate && AddAll(users, groups, gate, caller);
        foreach (ShareSettings share in profile.Shares)
        {
            if (share.Group is PrincipalRule group)
            {
                AddNames(groups, [group], null);
            }
        }

        foreach (PrivateSettings own in profile.Privates)
        {
            if (own.Group is PrincipalRule group)
            {
                AddNames(groups, [group], null);
            }
        }

        foreach (MountSettings mount in profile.Mounts)
        {
            AddNames(users, mount.Owner is { IsName: true } owner ? [owner] : [], caller.Name);
            AddNames(groups, mount.OwnerGroup is { IsName: true } group ? [group] : [], null);
        }

        AddNames(groups, profile.Identity.Groups ?? [], null);
        return ([.. users], [.. groups], wantsDatabaseGroups);
    }

    /// <summary>The same before <see cref="SiteGate.Denial"/>, where no profile can be asked.</summary>
    public static (ImmutableArray<string> Users, ImmutableArray<string> Groups, bool WantsDatabaseGroups) NamesIn(AllowRules gate, Caller caller)
    {
        var users = new List<string>();
        var groups = new List<string>();
        bool wantsDatabaseGroups = AddAll(users, groups, gate, caller);
        return ([.. users], [.. groups], wantsDatabaseGroups);
    }

    /// <summary>The rule by which a caller may use a profile at all, whatever the verb and the command; null when there is none.</summary>
    public static PrincipalRule? UseOf(Profile profile, Caller caller, AccountNames names) =>
        SiteGate.Denial(profile.Gate, caller, names, null) is null && profile.IsUsable && PrincipalRules.Denial(profile.Allow, caller, names) is null
            ? PrincipalRules.Permission(profile.Allow, caller, names)
            : null;

    /// <returns>Whether the group database must be asked for the caller's memberships.</returns>
    private static bool AddAll(List<string> users, List<string> groups, AllowRules rules, Caller caller)
    {
        AddNames(users, rules.DenyUsers, caller.Name);
        AddNames(groups, rules.DenyGroups, null);
        if (PrincipalRules.Permission(rules, caller, AccountNames.None) is null)
        {
            AddNames(users, rules.Users, caller.Name);
            AddNames(groups, rules.Groups, null);
        }

        bool wantsDatabaseGroups = false;
        foreach (PrincipalRule rule in rules.DenyGroups)
        {
            wantsDatabaseGroups |= !rule.IsEverybody;
        }

        return wantsDatabaseGroups;
    }

    /// <summary>Adds the names of a list that must be looked up.</summary>
    /// <param name="known">The one that need not be.</param>
    public static void AddNames(List<string> names, ImmutableArray<PrincipalRule> rules, string? known)
    {
        foreach (PrincipalRule rule in rules)
        {
            if (!rule.IsEverybody && rule.Number is null && rule.Text != known && !names.Contains(rule.Text))
            {
                names.Add(rule.Text);
            }
        }
    }
}
