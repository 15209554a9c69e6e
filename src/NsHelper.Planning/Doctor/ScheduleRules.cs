using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Jobs of cron and at run outside of a session: whether the files of crontab(1) and at(1) keep users of nshelper-shell from having some.</summary>
internal static class ScheduleRules
{
    public static void Judge(HostFindings findings, string program, ScheduleState state, ImmutableArray<LoginAccount> accounts)
    {
        if (!state.IsInstalled || accounts.IsEmpty)
        {
            return;
        }

        if (Deciding(state) is not { } file)
        {
            // Where neither file is there at(1) serves root alone, and what cron does was decided when it was built.
            if (program == "cron")
            {
                Tell(findings, program, accounts, _ => true, name => $"write {state.Allow.Path}: users who may have jobs, without {name}");
            }
        }
        else if (file.Presence == Presence.Unseen)
        {
            findings.Unseen(program, $"what {file.Path} says");
        }
        else if (file == state.Allow)
        {
            Tell(findings, program, accounts, file.HasLine, name => $"take {name} out of {file.Path}");
        }
        else
        {
            Tell(findings, program, accounts, name => !file.HasLine(name), name => $"echo {name} >>{file.Path}");
        }
    }

    /// <summary>The one that lists who may, where it is there; else the one that lists who may not.</summary>
    private static HostFile? Deciding(ScheduleState state) =>
        state.Allow.Presence != Presence.Missing ? state.Allow
        : state.Deny.Presence != Presence.Missing ? state.Deny
        : null;

    private static void Tell(HostFindings findings, string program, ImmutableArray<LoginAccount> accounts, Predicate<string> mayHaveJobs, Func<string, string> repair)
    {
        List<string> names = LoginAccount.NamesOf(accounts, account => mayHaveJobs(account.Name));
        if (names.Count > 0)
        {
            findings.Warn(program, $"{program} runs jobs of {Words.List(names)}, outside of a session", Words.ForEach(repair(Words.Quoted(names[0])), names.Count));
        }
    }
}
