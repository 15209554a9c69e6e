using System.Collections.Immutable;
using System.Globalization;

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
        if (!logins.AccountsAreSeen)
        {
            findings.Unseen("accounts", "which accounts /etc/passwd has");
        }

        JudgeMap(findings, logins.Accounts);
        JudgeShells(findings, logins.Shells);
        SystemdRules.Judge(findings, logins);
        ScheduleRules.Judge(findings, "cron", logins.Cron, logins.Accounts);
        ScheduleRules.Judge(findings, "at", logins.At, logins.Accounts);
        JudgeGroups(findings, logins);
        SshdRules.Judge(findings, logins.Sshd);
        findings.OkWhenNothing("logins", "no way around a login shell is seen to be open");
        SshdRules.Remark(findings, logins.Sshd);
        return findings.All;
    }

    /// <summary>Whether a program is the login shell: it is by its name.</summary>
    public static bool IsShell(string program) => program[(program.LastIndexOf('/') + 1)..] == Shell;

    private static void JudgeMap(HostFindings findings, ImmutableArray<LoginAccount> accounts)
    {
        List<string> unmapped = LoginAccount.NamesOf(accounts, account => account.IsMapped == false);
        if (unmapped.Count > 0)
        {
            findings.Warn("unmapped", $"no [[map]] of login.toml has {Words.List(unmapped)}: the login is refused", "name them in a [[map]] of /etc/nshelper/login.toml");
        }

        // Of a file that cannot be read nothing is said here: that it cannot is said where it lies.
        List<string> unknown = LoginAccount.NamesOf(accounts, account => account.IsMapped is null);
        if (unknown.Count > 0 && unknown.Count < accounts.Length)
        {
            findings.Note("unmapped", string.Create(CultureInfo.InvariantCulture, $"{unknown.Count} more accounts are not looked for in login.toml"));
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

    private static void JudgeGroups(HostFindings findings, LoginsState logins)
    {
        foreach (GroupLine group in AccountFile.Groups(logins.Groups))
        {
            List<string> members = Array.IndexOf(PowerfulGroups, group.Name) < 0
                ? []
                : LoginAccount.NamesOf(logins.Accounts, account => account.GroupId == group.Id || group.Members.Contains(account.Name));
            if (members.Count > 0)
            {
                findings.Warn(
                    "group",
                    $"the group {group.Name} has {Words.List(members)}: by it a user may act as root, outside of a session",
                    Words.ForEach($"gpasswd -d {Words.Quoted(members[0])} {group.Name}", members.Count));
            }
        }
    }
}
