using System.Collections.Immutable;
using System.Globalization;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Registry;

namespace NsHelper.Commands;

/// <summary>A process that ns, mounts or diff is about: any, or the first one of a session, known from the registry.</summary>
internal sealed class ShownProcess
{
    private readonly SessionProcess? first;

    private ShownProcess(int? processId, ActiveSession? session, SessionProcess? first) => (ProcessId, Session, this.first) = (processId, session, first);

    /// <summary>Null for the caller.</summary>
    public int? ProcessId { get; }

    /// <summary>Null where a process was asked for.</summary>
    public ActiveSession? Session { get; }

    /// <summary>Whether it is not there any longer, so that its number may be another's. Of a process that was asked for by its number nobody can say.</summary>
    public bool HasEnded => first?.HasEnded(0) ?? false;

    /// <summary>As an answer names it.</summary>
    public string Name => (Session, ProcessId) switch
    {
        ({ } session, _) => string.Create(CultureInfo.InvariantCulture, $"session {session.Name.Id[..SessionsText.ShownDigits]} (process {ProcessId})"),
        (_, null) => "the caller",
        (_, TableReading.HostProcess) => "process 1 (the host)",
        (_, { } pid) => string.Create(CultureInfo.InvariantCulture, $"process {pid}"),
    };

    /// <summary>Looks sessions up, and only for that needs root; in any case root is given up before this returns.</summary>
    /// <returns>Null after a refusal.</returns>
    public static ImmutableArray<ShownProcess>? Find(string verb, CleanProcess process, params ReadOnlySpan<ProcessChoice> choices)
    {
        var found = ImmutableArray.CreateBuilder<ShownProcess>(choices.Length);
        (string Word, string Fault)? refusal = null;
        List<ActiveSession>? known = null;
        foreach (ProcessChoice choice in choices)
        {
            if (choice.Session is not { } word)
            {
                found.Add(new ShownProcess(choice.ProcessId, null, null));
                continue;
            }

            RaisedPrivileges privileges = RaisedPrivileges.Borrow(process, PrivilegeCheck.Require(process));
            known ??= SessionLookup.Known(privileges, process, ofAll: true);
            ActiveSession? session = SessionLookup.Find(known, word, out string fault);
            SessionProcess? first = session is null ? null : SessionRegistry.ProcessesOf(privileges, session).First;
            if (first is not null && session?.Place is { } place)
            {
                found.Add(new ShownProcess(place.First.Pid, session, first));
                continue;
            }

            refusal ??= (word, session is null ? fault : session.Place is null ? SessionLookup.IsStarting : SessionLookup.HasEnded);
        }

        PermanentDrop.ForGood(process);
        if (refusal is var (wrong, reason))
        {
            Report.Refusal(verb, wrong, reason, null);
            return null;
        }

        return found.MoveToImmutable();
    }
}
