using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Files;
using NsHelper.Linux.Host;
using NsHelper.Linux.Namespaces;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;

namespace NsHelper.Linux.Registry;

/// <summary>
/// Which sessions there are. Nobody keeps it tidy: a session's processes end as they like, and what they leave is recognised by the kernel's word for
/// each process, and removed when there is no more room for it, or by `gc`.
/// </summary>
internal static class SessionRegistry
{
    /// <summary>The kernel's word for this boot; what stands for it where /proc shows processes alone (subset=pid).</summary>
    private static string BootId()
    {
        try
        {
            return Encoding.ASCII.GetString(ProcFile.ReadText("/proc/sys/kernel/random/boot_id")).TrimEnd('\n');
        }
        catch (SystemCallException)
        {
            return SessionRecord.UnknownBoot;
        }
    }

    /// <summary>
    /// Writes the session down, if there is room for it: null, or why not. At most a few milliseconds of one user's time, and nobody else's.
    /// </summary>
    public static string? Add(CleanProcess process, SessionPlan plan)
    {
        var name = new SessionName(plan.Profile, plan.SessionId, plan.Sessions.Label);
        var record = new SessionRecord
        {
            User = plan.Caller.UserId,
            Digest = plan.Digest,
            BootId = BootId(),
            Processes = OwnNamespaces()[NamespaceKind.Pid] ?? throw new StartFaultException("the kernel has no process namespaces"),
            Started = HostFacts.Now(),
            Monitor = ProcessIdentity.OfStat(ProcFile.Read(null, "stat")) ?? throw new StartFaultException("/proc/self/stat cannot be understood"),
            Parameters = plan.Parameters.AsSettings(),
        };
        ulong mask = ProcessHygiene.BlockStops();
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process);
        privileges.BecomeFileRoot();
        string? refusal;
        using (SessionDirectory directory = SessionDirectory.Make(record.User))
        {
            refusal = directory.Lock() ? RefusalOf(directory, name, record.User, plan.Sessions.Limits) : "another session of yours is being started, and does not get on";
            if (refusal is null)
            {
                directory.Add(name, record);
            }
        }

        privileges.BecomeCaller();
        ProcessHygiene.SetMask(mask);
        return refusal;
    }

    /// <summary>Those of one user that have not ended, the oldest first.</summary>
    private static List<ActiveSession> Read(SessionDirectory directory, UserId user)
    {
        List<ActiveSession> sessions = [];
        var here = new Here();
        foreach (SessionName name in directory.Names())
        {
            if (directory.RecordOf(name) is { } record && record.User == user && here.StateOf(directory, name, record) is SessionState.Starting or SessionState.Running)
            {
                sessions.Add(new ActiveSession(name, record, directory.PlaceOf(name)));
            }
        }

        sessions.Sort((one, other) => one.Record.Started != other.Record.Started
            ? one.Record.Started.CompareTo(other.Record.Started)
            : string.CompareOrdinal(one.Name.Id, other.Name.Id));
        return sessions;
    }

    /// <summary>What ended sessions of a user, or of everybody, have left.</summary>
    /// <param name="removes">Whether it is removed.</param>
    public static List<SessionName> Collect(CleanProcess process, UserId? user, bool removes)
    {
        List<SessionName> ended = [];
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process);
        privileges.BecomeFileRoot();
        foreach (UserId owner in user is UserId one ? [one] : SessionDirectory.Users())
        {
            using SessionDirectory? directory = SessionDirectory.Open(owner);
            ended.AddRange(directory is null ? [] : RemoveEnded(directory, removes));
        }

        privileges.BecomeCaller();
        return ended;
    }

    /// <summary>Removes what has ended; the names of it.</summary>
    private static List<SessionName> RemoveEnded(SessionDirectory directory, bool removes)
    {
        List<SessionName> ended = [];
        var here = new Here();
        foreach (SessionName name in directory.Names())
        {
            if (here.StateOf(directory, name, directory.RecordOf(name)) == SessionState.Ended)
            {
                ended.Add(name);
                if (removes)
                {
                    directory.Remove(name);
                }
            }
        }

        return ended;
    }

    public static NamespaceIds OwnNamespaces() => NamespaceReader.Read(null);

    /// <summary>The sessions of a user, or of everybody, that have not ended; the oldest of each first.</summary>
    public static List<ActiveSession> List(CleanProcess process, UserId? user)
    {
        List<ActiveSession> sessions = [];
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process);
        privileges.BecomeFileRoot();
        foreach (UserId owner in user is UserId one ? [one] : SessionDirectory.Users())
        {
            using SessionDirectory? directory = SessionDirectory.Open(owner);
            sessions.AddRange(directory is null ? [] : Read(directory, owner));
        }

        privileges.BecomeCaller();
        return sessions;
    }

    /// <summary>The processes of a session to which signals go, proven to be them; those that have ended are not among them.</summary>
    public static (SessionProcess? Monitor, SessionProcess? First) ProcessesOf(CleanProcess process, ActiveSession session)
    {
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process);
        privileges.BecomeFileRoot();
        SessionProcess? monitor = SessionProcess.Open(session.Record.Monitor);
        SessionProcess? first = session.Place is { } place ? SessionProcess.Open(place.First) : null;
        privileges.BecomeCaller();
        return (monitor, first);
    }

    /// <summary>The namespaces of a session that the caller is not in, open; null when it has ended, or is not what was written down.</summary>
    public static JoinedNamespaces? Open(CleanProcess process, SessionPlace place)
    {
        NamespaceIds own = OwnNamespaces();
        RaisedPrivileges privileges = RaisedPrivileges.Borrow(process);
        privileges.BecomeFileRoot();
        List<JoinedNamespace>? entered = [];
        using (SessionProcess? first = SessionProcess.Open(place.First))
        {
            entered = first is not null && first.IsIn(place.Namespaces) ? [] : null;
            foreach ((NamespaceKind kind, NamespaceSet bit) in Enterable)
            {
                if (entered is not null && place.Namespaces[kind] is ulong id && id != own[kind])
                {
                    if (first?.Namespace(kind, id) is { } descriptor)
                    {
                        entered.Add(new JoinedNamespace(kind, bit, id, descriptor.Release()));
                    }
                    else
                    {
                        entered = null;
                    }
                }
            }
        }

        privileges.BecomeCaller();
        return entered is null || place.Namespaces[NamespaceKind.User] != own[NamespaceKind.User] ? null : new JoinedNamespaces(place.Namespaces, entered);
    }

    /// <summary>The mounts last, when there is nothing left to look up.</summary>
    private static ReadOnlySpan<(NamespaceKind Kind, NamespaceSet Bit)> Enterable => new[]
    {
        (NamespaceKind.Cgroup, NamespaceSet.Cgroup), (NamespaceKind.Ipc, NamespaceSet.Ipc), (NamespaceKind.Network, NamespaceSet.Network),
        (NamespaceKind.Pid, NamespaceSet.Pid), (NamespaceKind.Time, NamespaceSet.Time), (NamespaceKind.Uts, NamespaceSet.Uts), (NamespaceKind.Mount, NamespaceSet.Mount),
    };

    private static string? RefusalOf(SessionDirectory directory, SessionName name, UserId user, SessionLimits limits)
    {
        List<SessionName> names = directory.Names();
        int others = limits.InTotal is null ? 0 : CountOthers(user);
        string? refusal = Reached();
        if (refusal is not null)
        {
            // Only now, since it takes a look at every process.
            foreach (SessionName ended in RemoveEnded(directory, removes: true))
            {
                _ = names.Remove(ended);
            }

            refusal = Reached();
        }

        return refusal;

        string? Reached() => limits.Reached(names, name) ?? limits.ReachedInTotal(others + names.Count);
    }

    /// <summary>All but one user's, ended ones among them: nobody waits for another user's lock to be told a number.</summary>
    private static int CountOthers(UserId user)
    {
        int count = 0;
        foreach (UserId other in SessionDirectory.Users())
        {
            using SessionDirectory? directory = other == user ? null : SessionDirectory.Open(other);
            count += directory?.Names().Count ?? 0;
        }

        return count;
    }

    /// <summary>What makes a record one of this boot, and of the process numbers that are seen here.</summary>
    private sealed class Here
    {
        private readonly string bootId = BootId();
        private readonly ulong? pids = OwnNamespaces()[NamespaceKind.Pid];

        public SessionState StateOf(SessionDirectory directory, SessionName name, SessionRecord? record)
        {
            if (record is null || record.IsOfAnotherBoot(bootId))
            {
                return SessionState.Ended;
            }

            if (record.Processes != pids)
            {
                return SessionState.Elsewhere;
            }

            if (directory.PlaceOf(name) is not { } place)
            {
                using SessionProcess? monitor = SessionProcess.Open(record.Monitor);
                return monitor is null ? SessionState.Ended : SessionState.Starting;
            }

            using SessionProcess? first = SessionProcess.Open(place.First);
            return first is null ? SessionState.Ended : SessionState.Running;
        }
    }
}
