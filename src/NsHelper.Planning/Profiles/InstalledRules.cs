using System.Collections.Immutable;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Profiles;

/// <summary>Warnings about what is installed on a host: whether the host knows who is named, and whether anybody is.</summary>
internal static class InstalledRules
{
    /// <param name="profile">A profile that is right in form.</param>
    /// <param name="isAdministrators">Whether it lies where the administrator writes: what came with the program allows nobody on purpose.</param>
    /// <param name="accounts">Whom the host knows.</param>
    public static ImmutableArray<Diagnostic> Check(Profile profile, bool isAdministrators, HostAccounts accounts)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        AddUnknown(found, profile.Allow, accounts);
        foreach (ShareSettings share in profile.Shares)
        {
            if (share.Group is PrincipalRule group)
            {
                AddUnknownGroups(found, [group], "", accounts);
            }
        }

        foreach (PrivateSettings own in profile.Privates)
        {
            if (own.Group is PrincipalRule group)
            {
                AddUnknownGroups(found, [group], "", accounts);
            }
        }

        foreach (MountSettings mount in profile.Mounts)
        {
            AddUnknownUsers(found, mount.Owner is PrincipalRule owner ? [owner] : [], "", accounts);
            AddUnknownGroups(found, mount.OwnerGroup is PrincipalRule group ? [group] : [], "", accounts);
        }

        if (isAdministrators && profile.IsUsable && profile.Allow is { Users: [], Groups: [] })
        {
            found.Add(Of(LintRule.AllowsNobody, profile.Allow.Location, "nobody may use this profile", "name somebody in allow.users or allow.groups"));
        }

        return found.ToImmutable();
    }

    /// <summary>The same about the map of logins.</summary>
    public static ImmutableArray<Diagnostic> Check(LoginMap map, HostAccounts accounts)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (LoginEntry entry in map.Entries)
        {
            AddUnknownUsers(found, entry.Users, "", accounts);
            AddUnknownGroups(found, entry.Groups, "", accounts);
        }

        return found.ToImmutable();
    }

    /// <summary>The same about the gate of the site.</summary>
    public static ImmutableArray<Diagnostic> Check(AllowRules gate, HostAccounts accounts)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        AddUnknown(found, gate, accounts);
        if (gate is { Users: [], Groups: [] })
        {
            found.Add(Of(
                LintRule.AllowsNobody, gate.Location, "the site lets nobody through to any profile", "name somebody in allow.users or allow.groups, or leave the table out"));
        }

        return found.ToImmutable();
    }

    private static void AddUnknown(ImmutableArray<Diagnostic>.Builder found, AllowRules rules, HostAccounts accounts)
    {
        const string denies = "; a denied name that is unknown denies everybody";
        AddUnknownUsers(found, rules.Users, "", accounts);
        AddUnknownGroups(found, rules.Groups, "", accounts);
        AddUnknownUsers(found, rules.DenyUsers, denies, accounts);
        AddUnknownGroups(found, rules.DenyGroups, denies, accounts);
    }

    private static void AddUnknownUsers(ImmutableArray<Diagnostic>.Builder found, ImmutableArray<PrincipalRule> rules, string consequence, HostAccounts accounts)
    {
        foreach (PrincipalRule rule in rules)
        {
            if (rule.IsName && !accounts.HasUser(rule.Text))
            {
                found.Add(Of(
                    LintRule.UnknownName,
                    rule.Location,
                    $"\"{Escaped.Shown(rule.Text)}\" is no user of this host{consequence}",
                    accounts.HasGroup(rule.Text) ? "it is a group: groups have a list of their own" : null));
            }
        }
    }

    private static void AddUnknownGroups(ImmutableArray<Diagnostic>.Builder found, ImmutableArray<PrincipalRule> rules, string consequence, HostAccounts accounts)
    {
        foreach (PrincipalRule rule in rules)
        {
            if (rule.IsName && !accounts.HasGroup(rule.Text))
            {
                found.Add(Of(
                    LintRule.UnknownName,
                    rule.Location,
                    $"\"{Escaped.Shown(rule.Text)}\" is no group of this host{consequence}",
                    accounts.HasUser(rule.Text) ? "it is a user" : null));
            }
        }
    }

    private static Diagnostic Of(LintRule rule, SourceLocation location, string message, string? hint) => new()
    {
        Location = location,
        Severity = rule.Severity,
        Rule = rule.Id,
        Message = message,
        SourceLine = "",
        Length = 1,
        Hint = hint,
    };
}

/// <summary>Which names the account databases of a host know.</summary>
internal sealed record HostAccounts(Func<string, bool> HasUser, Func<string, bool> HasGroup);
