using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Instances of systemd that run a user's services, which no login shell has a part in: for who lingers, and for who logs in.</summary>
internal static class SystemdRules
{
    public static void Judge(HostFindings findings, LoginsState logins)
    {
        List<string> lingering = LoginAccount.NamesOf(logins.Accounts, account => account.Linger == Presence.There);
        if (lingering.Count > 0)
        {
            findings.Warn(
                "linger",
                $"systemd runs the services of {Words.List(lingering)} without a login, and outside of a session",
                Words.ForEach($"loginctl disable-linger {Words.Quoted(lingering[0])}", lingering.Count));
        }

        if (LoginAccount.NamesOf(logins.Accounts, account => account.Linger == Presence.Unseen).Count > 0)
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
                Words.ForEach($"systemctl mask --now user@{started[0].UserId}.service", started.Count));
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
}
