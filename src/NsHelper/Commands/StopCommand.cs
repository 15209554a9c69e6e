using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// `stop`: ends sessions. Root's rights find their processes and are given up for good before the first signal, so that what is sent is what the caller
/// could send: to a process that was proven to be the session's, and to no number that a user wrote.
/// </summary>
internal static class StopCommand
{
    private const string Verb = "stop";
    private const long UsualTimeout = 10;

    /// <summary>For the kernel to take a killed process namespace apart. Seconds.</summary>
    private const long TimeToDie = 5;

    private const int SIGKILL = (int)StopSignal.Kill;
    private const int SIGCONT = 18;

    public static int Run(Invocation.Stop invocation, CleanProcess process)
    {
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process, PrivilegeCheck.Require(process));
        List<ActiveSession> known = SessionLookup.Known(privileges, process, ofAll: !invocation.Words.IsEmpty);
        List<(string Word, string Fault)> faults = [];
        List<Target> targets = [];
        foreach (ActiveSession session in invocation.Words.IsEmpty ? known : Meant(invocation, known, faults))
        {
            (SessionProcess? monitor, SessionProcess? first) = SessionRegistry.ProcessesOf(privileges, session);
            targets.Add(new Target(session.Name, monitor, first));
        }

        PermanentDrop.ForGood(process);
        _ = targets.RemoveAll(target => !MayBeStopped(target.Name, process, faults));
        End(targets, invocation, faults);
        foreach ((string word, string fault) in faults)
        {
            Report.Refusal(Verb, word, fault, null);
        }

        return faults.Count == 0 ? ExitStatus.Done : ExitStatus.No;
    }

    private static void End(List<Target> targets, Invocation.Stop invocation, List<(string Word, string Fault)> faults)
    {
        SiteSettings site = (SessionPreparation.ReadSettings() as SiteSettingsReading.Valid)?.Settings ?? SiteSettings.Default;
        foreach (Target target in targets)
        {
            Signal(target, invocation.Signal);
        }

        long deadline = Clock.In(invocation.Timeout ?? site.StopTimeout ?? UsualTimeout);
        foreach (Target target in targets)
        {
            if (target.Last?.HasEnded((int)Clock.Until(deadline)) == false)
            {
                target.Last.Signal(SIGKILL);
            }
        }

        deadline = Clock.In(TimeToDie);
        foreach (Target target in targets)
        {
            if (target.Last?.HasEnded((int)Clock.Until(deadline)) == false)
            {
                faults.Add((target.Name.Id, "it is killed and has not ended yet"));
            }
        }
    }

    /// <summary>Each word's session, once; what is none is told in the end, and the others are stopped all the same.</summary>
    private static List<ActiveSession> Meant(Invocation.Stop invocation, List<ActiveSession> known, List<(string Word, string Fault)> faults)
    {
        List<ActiveSession> meant = [];
        foreach (string word in invocation.Words)
        {
            ActiveSession? session = SessionLookup.Find(known, word, out string fault);
            if (session is null)
            {
                faults.Add((word, fault));
            }
            else if (!meant.Contains(session))
            {
                meant.Add(session);
            }
        }

        return meant;
    }

    /// <summary>A profile can forbid it; one that is gone, or broken, keeps nobody from ending what it began.</summary>
    private static bool MayBeStopped(SessionName name, CleanProcess process, List<(string Word, string Fault)> faults)
    {
        if (process.AskedByRoot || SessionPreparation.Find(name.Profile, process) is not Preparation.Found found || found.Profile.Allow.Verbs.Contains(Verb))
        {
            return true;
        }

        faults.Add((name.Id, "its profile does not let its users stop it"));
        return false;
    }

    /// <summary>The monitor passes it on to the command, or where that is gone the init. A stopped one hears it when it goes on.</summary>
    private static void Signal(Target target, StopSignal signal)
    {
        if (signal == StopSignal.Kill)
        {
            target.Last?.Signal(SIGKILL);
            return;
        }

        SessionProcess? passing = target.Monitor ?? target.First;
        passing?.Signal((int)signal);
        passing?.Signal(SIGCONT);
    }

    /// <param name="Monitor">Null when it has ended.</param>
    /// <param name="First">Null when it has ended, or is not there yet.</param>
    private sealed record Target(SessionName Name, SessionProcess? Monitor, SessionProcess? First)
    {
        /// <summary>With which the session ends.</summary>
        public SessionProcess? Last => First ?? Monitor;
    }
}
