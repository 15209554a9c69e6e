using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Whether the file can be what it must be: root's alone, and set-user-ID with effect.</summary>
internal static class ProgramRules
{
    private const uint SetUserId = 0x800; // S_ISUID
    private const uint OthersMayStart = 0x1; // S_IXOTH
    private const string Install = "install it where only root can write, as make install does";

    public static ImmutableArray<HostFinding> Judge(ProgramState program)
    {
        var findings = new HostFindings(HostArea.Program);
        HostPath file = program.File;
        string shown = Escaped.Text(file.Path);
        if (!file.IsThere)
        {
            findings.Unseen("program", $"the file of the program, {shown}");
            return findings.All;
        }

        JudgeFile(findings, program, shown);
        foreach (HostPath directory in program.Above)
        {
            if (!directory.IsThere)
            {
                findings.Unseen("program-directory", $"{Escaped.Text(directory.Path)}, in which the program lies");
            }
            else if (!directory.IsRootsAlone)
            {
                string above = Escaped.Text(directory.Path);
                findings.Wrong("program-directory", $"{above} is above it and writable by others than root, who may put another program in its place", Install);
            }
        }

        if (program.IsOnNoSuidMount)
        {
            findings.Wrong("nosuid", $"{shown} lies on a mount that is nosuid: its set-user-ID bit has no effect", "install it elsewhere, or mount that without nosuid");
        }

        findings.OkWhenNothing("program", $"{shown} is set-user-ID root and safe from others");
        if ((file.Mode & OthersMayStart) == 0)
        {
            findings.Note("program-group", $"only members of the group {Escaped.Shown(program.GroupName)} may start it");
        }

        JudgeLoginShell(findings, program);
        return findings.All;
    }

    private static void JudgeFile(HostFindings findings, ProgramState program, string shown)
    {
        HostPath file = program.File;
        if (file.Owner != 0)
        {
            findings.Wrong("owner", $"{shown} is not root's: whoever owns it may have changed it", Install);
        }
        else if ((file.Mode & SetUserId) == 0)
        {
            findings.Wrong("setuid-bit", $"{shown} has no set-user-ID bit: it starts no sessions for users", Installed(program, $"chmod u+s {Words.Quoted(file.Path)}"));
        }

        if (file.OthersMayWrite)
        {
            findings.Wrong(
                "program-mode",
                $"{shown} is writable by its group or others",
                $"chmod go-w {Words.Quoted(file.Path)}, or install it anew where others can have written to it");
        }
    }

    private static void JudgeLoginShell(HostFindings findings, ProgramState program)
    {
        HostPath shell = program.LoginShell;
        string shown = Escaped.Text(shell.Path);
        string target = Words.Quoted(program.File.Path[(program.File.Path.LastIndexOf('/') + 1)..]);
        if (shell.Presence == Presence.Missing)
        {
            findings.Warn("login-shell", $"there is no {shown}, by which name it is a login shell", $"ln -s {target} {Words.Quoted(shell.Path)}");
        }
        else if (shell.IsThere && !program.LoginShellIsProgram)
        {
            findings.Warn("login-shell", $"{shown} is another program than this one", $"ln -sf {target} {Words.Quoted(shell.Path)}");
        }
    }

    /// <summary>Root is not told to set the bit of a file that others may still change.</summary>
    private static string Installed(ProgramState program, string repair)
    {
        bool isSafe = !program.File.OthersMayWrite;
        foreach (HostPath directory in program.Above)
        {
            isSafe &= directory.IsThere && directory.IsRootsAlone;
        }

        return isSafe ? repair : Install;
    }
}
