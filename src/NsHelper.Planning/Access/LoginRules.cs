using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Access;

/// <summary>Which profile a user logs in to: the first [[map]] of login.toml that has the user. It permits nothing: that is for the profile.</summary>
internal static class LoginRules
{
    /// <summary>Null: login.toml has nothing for the user.</summary>
    public static LoginEntry? EntryFor(LoginMap map, Caller caller, AccountNames names)
    {
        foreach (LoginEntry entry in map.Entries)
        {
            if (PrincipalRules.Permission(entry.Users, entry.Groups, caller, names) is not null)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>The names to look up before: those of the entries above the first that is the caller's without any look-up.</summary>
    public static (ImmutableArray<string> Users, ImmutableArray<string> Groups, bool WantsDatabaseGroups) NamesIn(LoginMap map, Caller caller)
    {
        var users = new List<string>();
        var groups = new List<string>();
        foreach (LoginEntry entry in map.Entries)
        {
            if (PrincipalRules.Permission(entry.Users, entry.Groups, caller, AccountNames.None) is not null)
            {
                break;
            }

            AccessRules.AddNames(users, entry.Users, caller.Name);
            AccessRules.AddNames(groups, entry.Groups, null);
        }

        return ([.. users], [.. groups], false);
    }
}
