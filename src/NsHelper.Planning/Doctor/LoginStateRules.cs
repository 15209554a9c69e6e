using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Whether those who log in by nshelper can, and which ways lead around it. nshelper-shell(8) has the ways; none of them fails, since a site may want one.</summary>
internal static class LoginStateRules
{
    public const string Shell = "nshelper-shell";

    /// <summary>Groups whose members command a service of root's, or a disk.</summary>
    private static readonly string[] PowerfulGroups = ["docker", "lxd", "incus", "incus-admin", "libvirt", "disk"];

    public static ImmutableArray<HostFinding> Judge(LoginsState logins)
    {
        var findings = new HostFindings(HostArea.Logins);
        JudgeMap(findings, logins.Accounts);
        JudgeShells(findings, logins.Shells);
        JudgeInstances(findings, logins);
        ScheduleRules.Judge(findings, "cron", logins.Cron, logins.Accounts);
        ScheduleRules.Judge(findings, "at", logins.At, logins.Accounts);
        JudgeGroups(findings, logins);
        SshdRules.Judge(findings, logins.Sshd);
        findings.OkWhenNothing("logins", "no way around a login shell is seen to be open");
        if (!logins.Sshd.IsEmpty)
        {
            findings.Note("sshd", "of sshd, as far as its files say: what stands below a Match is not evaluated");
        }

        return findings.All;
    }

    /// <summary>Whether a program is the login shell: it is by its name.</summary>
    public static bool IsShell(string program) => program[(program.LastIndexOf('/') + 1)..] == Shell;

    private static void JudgeMap(HostFindings findings, ImmutableArray<LoginAccount> accounts)
    {
        List<string> unmapped = NamesOf(accounts, account => account.IsMapped == false);
        if (unmapped.Count > 0)
        {
            findings.Warn("unmapped", $"no [[map]] of login.toml has {Words.List(unmapped)}: the login is refused", "name them in a [[map]] of /etc/nshelper/login.toml");
        }
    }

    private static void JudgeShells(HostFindings findings, HostFile shells)
    {
        foreach (string line in shells.Lines())
        {
            if (line.StartsWith('/') && IsShell(line))
            {
                findings.Warn("shells", $"{Escaped.Shown(line)} is listed in {shells.Path}: its users may leave it with chsh or su -s", $"take it out of {shells.Path}");
            }
        }
    }

    private static void JudgeInstances(HostFindings findings, LoginsState logins)
    {
        List<string> lingering = NamesOf(logins.Accounts, account => account.Linger == Presence.There);
        if (lingering.Count > 0)
        {
            findings.Warn(
                "linger",
                $"systemd runs the services of {Words.List(lingering)} without a login, and outside of a session",
                Words.ForEach($"loginctl disable-linger {Words.Quoted(lingering[0])}", lingering.Count));
        }

        if (NamesOf(logins.Accounts, account => account.Linger == Presence.Unseen).Count > 0)
        {
            findings.Unseen("linger", "whose services systemd runs without a login");
        }

        JudgeStarted(findings, logins);
    }

    /// <summary>pam_systemd(8) starts the user's instance of systemd at a login, and that runs what the user's home says.</summary>
    private static void JudgeStarted(HostFindings findings, LoginsState logins)
    {
        if (!logins.IsSystemd || !MentionsSystemd(logins.Pam))
        {
            return;
        }

        var started = new List<LoginAccount>();
        foreach (LoginAccount account in logins.Accounts)
        {
            if (!account.IsInstanceMasked)
            {
                started.Add(account);
            }
        }

        if (started.Count > 0)
        {
            findings.Warn(
                "user-service",
                $"a login of {Words.List(started.ConvertAll(account => account.Name))} starts an instance of systemd outside of the session, which runs the units in the user's home",
                Words.ForEach($"systemctl mask user@{started[0].UserId}.service", started.Count));
        }
    }

    private static bool MentionsSystemd(ImmutableArray<HostFile> files)
    {
        foreach (HostFile file in files)
        {
            foreach (string line in file.Lines())
            {
                if (!line.StartsWith('#') && line.Contains("pam_systemd.so", StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void JudgeGroups(HostFindings findings, LoginsState logins)
    {
        foreach (GroupLine group in AccountFile.Groups(logins.Groups))
        {
            List<string> members = Array.IndexOf(PowerfulGroups, group.Name) < 0
                ? []
                : NamesOf(logins.Accounts, account => account.GroupId == group.Id || group.Members.Contains(account.Name));
            if (members.Count > 0)
            {
                findings.Warn(
                    "group",
                    $"{Words.List(members)}: member of the group {group.Name}, by which a user may act as root outside of a session",
                    Words.ForEach($"gpasswd -d {Words.Quoted(members[0])} {group.Name}", members.Count));
            }
        }
    }

    private static List<string> NamesOf(ImmutableArray<LoginAccount> accounts, Predicate<LoginAccount> isMeant)
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
