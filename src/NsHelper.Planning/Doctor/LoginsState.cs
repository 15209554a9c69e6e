using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>What a login shell depends on, and what leads around it.</summary>
internal sealed record LoginsState
{
    /// <summary>Those of passwd(5) whose shell is nshelper-shell. Accounts of a directory service are not asked for.</summary>
    public required ImmutableArray<LoginAccount> Accounts { get; init; }

    /// <summary>Whether passwd(5) could be read.</summary>
    public required bool AccountsAreSeen { get; init; }

    /// <summary>shells(5).</summary>
    public required HostFile Shells { get; init; }

    /// <summary>group(5).</summary>
    public required HostFile Groups { get; init; }

    /// <summary>sshd_config(5): the files of sshd_config.d in the order of their names, then the main one. Missing ones are left out.</summary>
    public required ImmutableArray<HostFile> Sshd { get; init; }

    /// <summary>Files of pam.d(5) that logins go through.</summary>
    public required ImmutableArray<HostFile> Pam { get; init; }

    /// <summary>Whether systemd runs the host.</summary>
    public required bool IsSystemd { get; init; }
    public required ScheduleState Cron { get; init; }
    public required ScheduleState At { get; init; }
}

/// <summary>An account that logs in by nshelper.</summary>
internal sealed record LoginAccount(string Name, uint UserId, uint GroupId)
{
    /// <summary>Whether login.toml has the user; null where that cannot be known.</summary>
    public required bool? IsMapped { get; init; }

    /// <summary>Whether systemd runs its services without a login.</summary>
    public required Presence Linger { get; init; }

    /// <summary>Whether its instance of systemd is masked.</summary>
    public required bool IsInstanceMasked { get; init; }

    /// <summary>Of those that are meant.</summary>
    public static List<string> NamesOf(ImmutableArray<LoginAccount> accounts, Predicate<LoginAccount> isMeant)
    {
        List<string> names = [];
        foreach (LoginAccount account in accounts)
        {
            if (isMeant(account))
            {
                names.Add(account.Name);
            }
        }

        return names;
    }
}

/// <summary>Who may have jobs run: crontab(1), at(1).</summary>
internal sealed record ScheduleState(bool IsInstalled, HostFile Allow, HostFile Deny);
