using NsHelper.Linux.Host;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Registry;

namespace NsHelper.Commands;

/// <summary>`sessions`: what the caller has running. Root is given up before anything is printed.</summary>
internal static class SessionsCommand
{
    private const string Object = "sessions";

    /// <summary>Between two looks at them. Milliseconds.</summary>
    private const int WatchInterval = 1000;

    /// <summary>To the upper left corner, and everything from there on is cleared.</summary>
    private const string ClearScreen = "\u001b[H\u001b[J";

    public static int Run(Invocation.Sessions invocation, CleanProcess process)
    {
        if (invocation.OfAllUsers && !process.AskedByRoot)
        {
            PermanentDrop.ForGood(process);
            Report.Refusal("list", Object, "only root may see those of all users", null);
            return ExitStatus.No;
        }

        List<ActiveSession> sessions = SessionLookup.Known(RaisedPrivileges.Borrow(process, PrivilegeCheck.Require(process)), process, invocation.OfAllUsers);
        PermanentDrop.ForGood(process);
        if (invocation.Profile is { } profile)
        {
            _ = sessions.RemoveAll(session => session.Name.Profile != profile);
        }

        if (!invocation.Watches)
        {
            return Report.Answer(TextOf(sessions, invocation, process));
        }

        if (!StandardStreams.OutputIsTerminal())
        {
            Report.Refusal("watch", Object, "standard output is no terminal", null);
            return ExitStatus.No;
        }

        int status = Report.Answer(ClearScreen + TextOf(sessions, invocation, process));
        if (status == ExitStatus.Done)
        {
            // Root is what finds sessions, and this process has none while it waits: the program is started anew.
            ProgramAnew.BecomeIn(WatchInterval, process.State.Arguments, process.State.Environment);
            Report.Refusal("watch", Object, "the program cannot be started again", null);
        }

        return ExitStatus.No;
    }

    private static string TextOf(List<ActiveSession> sessions, Invocation.Sessions invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json ? SessionsJson.Of(sessions)
        : invocation.Output.Verbosity == Verbosity.Quiet ? SessionsText.IdsOf(sessions)
        : SessionsText.Of(sessions, HostFacts.Now(), invocation.OfAllUsers ? NamesOf(sessions) : null, AnswerStyle.Of(invocation.Output, process));

    private static List<string> NamesOf(List<ActiveSession> sessions) =>
        sessions.ConvertAll(session => AccountDatabase.UserOf(session.Record.User) is { Name: { } name } ? Escaped.Text(name) : session.Record.User.ToString());
}
