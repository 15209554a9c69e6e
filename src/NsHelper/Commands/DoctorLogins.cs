using System.Collections.Immutable;
using System.Globalization;
using NsHelper.Linux.Doctor;
using NsHelper.Linux.Process;
using NsHelper.Planning.Access;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>What of the host's configuration concerns those who log in by nshelper.</summary>
internal static class DoctorLogins
{
    /// <summary>Each account that is looked for in login.toml has the group database read: a host with more would have to be waited for.</summary>
    private const int MostAsked = 200;

    private static readonly string[] PamFiles = ["common-session", "system-auth", "password-auth", "sshd", "login", "su"];

    /// <summary>Null where nobody does: no login.toml, and no account with the shell.</summary>
    public static LoginsState? Read(LoginMapSeen map)
    {
        HostFile passwd = HostFileReader.Read("/etc/passwd");
        ImmutableArray<LoginAccount> accounts = Accounts(map, passwd);
        return accounts.IsEmpty && !map.IsThere && passwd.Presence != Presence.Unseen ? null : new LoginsState
        {
            Accounts = accounts,
            AccountsAreSeen = passwd.Presence != Presence.Unseen,
            Shells = HostFileReader.Read("/etc/shells"),
            Groups = HostFileReader.Read("/etc/group"),
            Sshd = Sshd(),
            Pam = [.. Array.ConvertAll(PamFiles, name => HostFileReader.Read($"/etc/pam.d/{name}"))],
            IsSystemd = HostFileReader.Look("/run/systemd/system").IsThere,
            Cron = Schedule("/usr/bin/crontab", "cron"),
            At = Schedule("/usr/bin/at", "at"),
        };
    }

    private static ImmutableArray<LoginAccount> Accounts(LoginMapSeen map, HostFile passwd)
    {
        var accounts = ImmutableArray.CreateBuilder<LoginAccount>();
        foreach (PasswdLine line in AccountFile.Users(passwd))
        {
            if (LoginStateRules.IsShell(line.Shell))
            {
                accounts.Add(new LoginAccount(line.Name, line.UserId, line.GroupId)
                {
                    IsMapped = map.Map is { } known ? accounts.Count < MostAsked ? IsMapped(known, line) : null : map.IsSeen && !map.IsThere ? false : null,
                    Linger = HostFileReader.Look($"/var/lib/systemd/linger/{line.Name}").Presence,
                    IsInstanceMasked = IsMasked(line.UserId),
                });
            }
        }

        return accounts.ToImmutable();
    }

    /// <summary>As a login would find it, with the groups that the database has for the user; null where it cannot be asked.</summary>
    private static bool? IsMapped(LoginMap map, PasswdLine line)
    {
        var group = new GroupId(line.GroupId);
        if (AccountDatabase.GroupsOf(line.Name, group) is not { } groups)
        {
            return null;
        }

        var caller = new Caller
        {
            UserId = new UserId(line.UserId),
            GroupId = group,
            SupplementaryGroups = groups,
            Name = line.Name,
            GroupName = group.ToString(),
            Home = AbsolutePath.Parse("/"),
            Shell = AbsolutePath.Parse("/"),
        };
        return SessionPreparation.ReadNames(LoginRules.NamesIn(map, caller), caller) is { } names ? LoginRules.EntryFor(map, caller, names) is not null : null;
    }

    private static bool IsMasked(uint user)
    {
        string unit = string.Create(CultureInfo.InvariantCulture, $"user@{user}.service");
        return HostFileReader.IsLinkTo($"/etc/systemd/system/{unit}", "/dev/null") || HostFileReader.IsLinkTo("/etc/systemd/system/user@.service", "/dev/null");
    }

    /// <summary>sshd takes the first value it meets, and its main file includes the others in its first line where a distribution has it so.</summary>
    private static ImmutableArray<HostFile> Sshd()
    {
        const string main = "/etc/ssh/sshd_config";
        const string others = $"{main}.d";
        var files = ImmutableArray.CreateBuilder<HostFile>();
        HostFile last = HostFileReader.Read(main);
        if (last.Presence == Presence.Missing)
        {
            return [];
        }

        List<string>? names = HostFileReader.Names(others, ".conf");
        foreach (string name in names ?? [])
        {
            files.Add(HostFileReader.Read($"{others}/{name}"));
        }

        return names is null ? [new HostFile(others, Presence.Unseen, default)] : [.. files, last];
    }

    private static ScheduleState Schedule(string program, string name) =>
        new(HostFileReader.Look(program).IsThere, HostFileReader.Read($"/etc/{name}.allow"), HostFileReader.Read($"/etc/{name}.deny"));
}
