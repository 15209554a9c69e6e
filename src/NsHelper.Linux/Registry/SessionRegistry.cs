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
    /// <summary>
    /// Writes the session down, if there is room for it: null, or why not. At most a few milliseconds of one user's time, and nobody else's.
    /// </summary>
    public static string? Add(RaisedPrivileges privileges, SessionPlan plan)
    {
        var here = new Here();
        var name = new SessionName(plan.Profile, plan.SessionId, plan.Sessions.Label);
        var record = new SessionRecord
        {
            User = plan.Caller.UserId,
            Digest = plan.Digest,
            BootId = here.BootId,
            Processes = here.Processes,
            Started = HostFacts.Now(),
            Monitor = SessionProcess.IdentityOf(null) ?? throw new StartFaultException("/proc/self/stat cannot be understood"),
            Parameters = plan.Parameters.AsSettings(),
        };
        ulong mask = ProcessHygiene.BlockStops();
        string? refusal = privileges.AsFileRoot(() =>
        {
            using SessionDirectory directory = SessionDirectory.Make(record.User);
            string? reason = directory.Lock() ? RefusalOf(directory, name, record.User, plan.Sessions.Limits, here) : "another session of yours is being started, and does not get on";
            if (reason is null)
            {
                directory.Add(name, record);
            }

            return reason;
        });
        ProcessHygiene.SetMask(mask);
        return refusal;
    }

    /// <summary>The sessions of a user, or of everybody, that have not ended; the oldest of each first.</summary>
    public static List<ActiveSession> List(RaisedPrivileges privileges, UserId? user) => Each(privileges, user, Active);

    /// <summary>What ended sessions of a user, or of everybody, have left.</summary>
    /// <param name="removes">Whether it is removed.</param>
    public static List<SessionName> Collect(RaisedPrivileges privileges, UserId? user, bool removes) =>
        Each(privileges, user, (directory, _, here) => Ended(directory, here, removes));

    /// <summary>The processes of a session to which signals go, proven to be them; those that have ended are not among them.</summary>
    public static (SessionProcess? Monitor, SessionProcess? First) ProcessesOf(RaisedPrivileges privileges, ActiveSession session) =>
        privileges.AsFileRoot(() => (SessionProcess.Open(session.Record.Monitor), session.Place is { } place ? SessionProcess.Open(place.First) : null));

    /// <summary>Whether the caller is in the process namespace of a session.</summary>
    public static bool SharesProcesses(SessionPlace place) => place.Namespaces[NamespaceKind.Pid] == NamespaceReader.ReadOwn(NamespaceKind.Pid);

    /// <summary>The namespaces of a session that the caller is not in, open; null when it has ended, or is not what was written down.</summary>
    public static JoinedNamespaces? Open(RaisedPrivileges privileges, SessionPlace place)
    {
        NamespaceIds own = NamespaceReader.Read(null);
        var joined = new JoinedNamespaces(place.Namespaces, []);
        return privileges.AsFileRoot(() =>
        {
            using SessionProcess? first = SessionProcess.Open(place.First);
            foreach (NamespaceKind kind in NamespaceKinds.All)
            {
                if (place.Namespaces[kind] is not ulong id)
                {
                    continue;
                }

                // Every one is compared, on the descriptor that is then entered; another user namespace never is.
                using FileDescriptor? opened = first?.Namespace(kind, id);
                if (opened is null || (kind == NamespaceKind.User && id != own[kind]))
                {
                    joined.Close();
                    return null;
                }

                if (id != own[kind])
                {
                    joined.Entered.Add(new JoinedNamespace(kind, PlanWords.FlagOf(kind), id, opened.Release()));
                }
            }

            return joined;
        });
    }

    private static List<T> Each<T>(RaisedPrivileges privileges, UserId? user, Func<SessionDirectory, UserId, Here, List<T>> of)
    {
        var here = new Here();
        return privileges.AsFileRoot(() =>
        {
            List<T> all = [];
            foreach (UserId owner in user is UserId one ? [one] : SessionDirectory.Users())
            {
                using SessionDirectory? directory = SessionDirectory.Open(owner);
                all.AddRange(directory is null ? [] : of(directory, owner, here));
            }

            return all;
        });
    }

    private static List<ActiveSession> Active(SessionDirectory directory, UserId user, Here here)
    {
        List<ActiveSession> sessions = [];
        foreach (SessionName name in directory.Names())
        {
            if (directory.RecordOf(name) is { } record && record.User == user)
            {
                SessionPlace? place = directory.PlaceOf(name);
                if (here.StateOf(record, place) is SessionState.Starting or SessionState.Running)
                {
                    sessions.Add(new ActiveSession(name, record, place));
                }
            }
        }

        sessions.Sort((one, other) => one.Record.Started != other.Record.Started
            ? one.Record.Started.CompareTo(other.Record.Started)
            : string.CompareOrdinal(one.Name.Id, other.Name.Id));
        return sessions;
    }

    /// <summary>Sessions that have ended; a place whose record is gone, since the session stood only after that, goes with them.</summary>
    private static List<SessionName> Ended(SessionDirectory directory, Here here, bool removes)
    {
        List<SessionName> ended = [];
        List<SessionName> names = directory.Read(out List<string> places);
        foreach (SessionName name in names)
        {
            // The place once more: one that began to stand meanwhile may have lost its monitor since.
            if (here.StateOf(directory.RecordOf(name), directory.PlaceOf(name)) == SessionState.Ended
                && here.StateOf(directory.RecordOf(name), directory.PlaceOf(name)) == SessionState.Ended)
            {
                ended.Add(name);
                if (removes)
                {
                    directory.Remove(name);
                }
            }
        }

        foreach (string place in places)
        {
            if (removes && !names.Exists(name => name.Id == place))
            {
                directory.Remove(place);
            }
        }

        return ended;
    }

    private static string? RefusalOf(SessionDirectory directory, SessionName name, UserId user, SessionLimits limits, Here here)
    {
        int others = limits.InTotal is null ? 0 : CountOthers(name, user);
        if (limits.Reached(directory.Count(name), name.Label, others) is null)
        {
            return null;
        }

        // Only now, since it takes a look at every process.
        _ = Ended(directory, here, removes: true);
        return limits.Reached(directory.Count(name), name.Label, others);
    }

    /// <summary>All but one user's, ended ones among them: nobody waits for another user's lock to be told a number.</summary>
    private static int CountOthers(SessionName name, UserId user)
    {
        int count = 0;
        foreach (UserId other in SessionDirectory.Users())
        {
            using SessionDirectory? directory = other == user ? null : SessionDirectory.Open(other);
            count += directory?.Count(name).OfUser ?? 0;
        }

        return count;
    }

    /// <summary>What makes a record one of this boot, and of the process numbers that are seen here.</summary>
    private sealed class Here
    {
        private const int IdRoom = 64;

        public string BootId { get; } = ReadBootId();

        public ulong Processes { get; } = NamespaceReader.ReadOwn(NamespaceKind.Pid) ?? throw new StartFaultException("the kernel has no process namespaces");

        public SessionState StateOf(SessionRecord? record, SessionPlace? place)
        {
            if (record is null || record.IsOfAnotherBoot(BootId))
            {
                return SessionState.Ended;
            }

            if (record.Processes != Processes)
            {
                return SessionState.Elsewhere;
            }

            using SessionProcess? process = SessionProcess.Open(place?.First ?? record.Monitor);
            return process is null ? SessionState.Ended : place is null ? SessionState.Starting : SessionState.Running;
        }

        /// <summary>The kernel's word for this boot; what stands for it where /proc shows processes alone (subset=pid).</summary>
        private static string ReadBootId()
        {
            Span<byte> text = stackalloc byte[IdRoom];
            return FileStart.Read(null, "/proc/sys/kernel/random/boot_id\0"u8, text, "/proc/sys/kernel/random/boot_id") is int length
                ? Encoding.ASCII.GetString(text[..length]).TrimEnd('\n') : SessionRecord.UnknownBoot;
        }
    }
}
