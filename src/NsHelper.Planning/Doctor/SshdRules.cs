using System.Collections.Immutable;
using System.Globalization;

namespace NsHelper.Planning.Doctor;

/// <summary>What sshd does for a user without the login shell, as far as its files say it. A Match is not evaluated: what stands below one may hold for these users or not.</summary>
internal static class SshdRules
{
    private const string InternalServer = "internal-sftp";

    public static void Judge(HostFindings findings, ImmutableArray<HostFile> files)
    {
        if (FirstUnseen(files) is { } unseen)
        {
            findings.Unseen("sshd", $"what {Escaped.Text(unseen.Path)} says");
        }
        else if (!files.IsEmpty)
        {
            Judge(findings, LinesOf(files));
        }
    }

    /// <summary>How far all of it goes, where anything was read.</summary>
    public static void Remark(HostFindings findings, ImmutableArray<HostFile> files)
    {
        if (!files.IsEmpty && FirstUnseen(files) is null)
        {
            findings.Note("sshd", "of sshd, as far as its files say: what stands below a Match is not evaluated");
        }
    }

    private static HostFile? FirstUnseen(ImmutableArray<HostFile> files)
    {
        foreach (HostFile file in files)
        {
            if (file.Presence == Presence.Unseen)
            {
                return file;
            }
        }

        return null;
    }

    private static List<SshdLine> LinesOf(ImmutableArray<HostFile> files)
    {
        var lines = new List<SshdLine>();
        foreach (HostFile file in files)
        {
            lines.AddRange(SshdLine.Read(file));
        }

        return lines;
    }

    private static void Judge(HostFindings findings, List<SshdLine> lines)
    {
        foreach (SshdLine line in lines)
        {
            JudgeServer(findings, line);
        }

        JudgeForwarding(findings, lines);
        if (!Says(lines, "permituserrc", "no"))
        {
            findings.Warn("sshd-rc", "sshd runs ~/.ssh/rc for users", "in sshd_config: PermitUserRC no");
        }

        if (lines.Find(line => line.Keyword == "permituserenvironment" && !Is(line, "no")) is { } environment)
        {
            findings.Warn("sshd-environment", $"{PlaceOf(environment)}: sshd takes variables from ~/.ssh/environment", "in sshd_config: PermitUserEnvironment no");
        }
    }

    private static void JudgeServer(HostFindings findings, SshdLine line)
    {
        bool isSubsystem = line.Keyword == "subsystem" && Is(line, "sftp") && line.Values.Length > 1 && line.Values[1] == InternalServer;
        if (isSubsystem || (line.Keyword == "forcecommand" && line.First == InternalServer))
        {
            findings.Warn(
                "sshd-sftp",
                $"{PlaceOf(line)}: {InternalServer} runs in sshd and starts no login shell: users see the files of the host",
                isSubsystem ? "in sshd_config: Subsystem sftp with the path of the external server, as /usr/lib/openssh/sftp-server" : "take the line out: the profile sftp-only does what it is for");
        }
    }

    private static void JudgeForwarding(HostFindings findings, List<SshdLine> lines)
    {
        bool isClosed = Says(lines, "disableforwarding", "yes")
            || (Says(lines, "allowtcpforwarding", "no") && Says(lines, "allowagentforwarding", "no") && Says(lines, "allowstreamlocalforwarding", "no"));
        if (!isClosed)
        {
            findings.Warn("sshd-forwarding", "sshd forwards ports and sockets for users, outside of a session", "in sshd_config: DisableForwarding yes");
        }
    }

    /// <summary>sshd takes the first value that a keyword has.</summary>
    private static bool Says(List<SshdLine> lines, string keyword, string value) =>
        lines.Find(line => line.Keyword == keyword && !line.IsInMatch) is { } first && Is(first, value);

    private static bool Is(SshdLine line, string value) => string.Equals(line.First, value, StringComparison.OrdinalIgnoreCase);

    private static string PlaceOf(SshdLine line) => string.Create(CultureInfo.InvariantCulture, $"{Escaped.Text(line.File)}:{line.Number}");
}
