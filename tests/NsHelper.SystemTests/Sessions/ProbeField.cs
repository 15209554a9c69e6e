using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Sessions;

/// <summary>What one field of the probe in a session is held against, and why it is to be so.</summary>
internal sealed record ProbeField(string Name, string Why, Func<ProbeComparison, IReadOnlyList<string>> Expected, Func<ProbeComparison, IReadOnlyList<string>> Found)
{
    private const string None = "0000000000000000";

    /// <summary>PER_CLEAR_ON_SETID: what execve(2) of a set-id program takes from the personality, so that the caller does not lay out its addresses.</summary>
    private const long ClearedBySetid = 0x0400000 | 0x0040000 | 0x0200000 | 0x0100000;

    private static readonly string[] LimitNames =
        ["cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"];

    /// <summary>Devices that a kernel with these modules puts into every network namespace, all down.</summary>
    private static readonly string[] FallbackDevices = ["tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0"];

    public static IReadOnlyList<ProbeField> All { get; } =
    [
        // Identity: the caller's for good, and no way back.
        Fixed("uid", "the caller's, all four", "12001", "12001", "12001", "12001"),
        Fixed("gid", "the caller's, all four", "12001", "12001", "12001", "12001"),
        Callers("groups"),
        Fixed("CapInh", "no capability", None),
        Fixed("CapPrm", "no capability", None),
        Fixed("CapEff", "no capability", None),
        Fixed("CapBnd", "none to be had", None),
        Fixed("CapAmb", "no capability", None),
        Fixed("NoNewPrivs", "set in every session", "1"),
        Fixed("securebits", "as ever", "0"),
        Fixed("keepcaps", "as ever", "0"),
        Fixed("secure", "the command is no set-id program", "0"),
        Fixed("dumpable", "execve(2) of an ordinary program", "1"),
        Callers("Seccomp"),
        Callers("Seccomp_filters"),
        Fixed("TracerPid", "nobody traces it", "0"),
        Callers("uidMap"),
        Callers("gidMap"),
        Callers("label"),
        Callers("loginUser"),
        Callers("sessionKeyring"),

        // Signals and timers: given back as they were.
        Callers("SigBlk"),
        Callers("SigIgn"),
        Fixed("SigCgt", "execve(2) leaves no handler", None),
        Fixed("SigPnd", "none", None),
        Fixed("ShdPnd", "none", None),
        Fixed("signalStack", "execve(2) leaves none: SS_DISABLE", "2"),
        new("timers", "the caller's, less the time that has passed", of => Timers(of.Outside, of.Outside), of => Timers(of.Inside, of.Outside)),
        Fixed("posixTimers", "execve(2) leaves none"),

        // Processes.
        new("processId", "number 2 of its own, or the process that was started", of => [of.Promise.HasOwnProcesses ? "2" : of.HasInit ? "free: a child of the init" : of.Started.Process], ProcessId),
        new("ppid", "the init, or the parent of what was started", of => [of.Promise.HasOwnProcesses ? "1" : of.HasInit ? "free: the init" : of.Started.Parent], ParentId),
        new("sid", "the init leads one, else the caller's", of => [of.HasInit ? "its parent" : Relation(of.Outside, "sid")], of => [Relation(of.Inside, "sid")]),
        new("pgid", "one of its own below an init, else the caller's", of => [of.HasInit ? "itself" : Relation(of.Outside, "pgid")], of => [Relation(of.Inside, "pgid")]),
        Fixed("terminal", "the caller's is left to who reads there", "0"),
        Fixed("foreground", "no terminal", "-1"),
        Fixed("children", "none that it knows not of"),
        new("pdeathsig", "a set-id execve(2) takes the caller's; only below an init that is not process 1 it ends with that", of => [of.HasInit && !of.Promise.HasOwnProcesses ? "9" : "0"], Plain("pdeathsig")),
        new("subreaper", "fork(2): not the child's", of => of.HasInit ? ["0"] : of.Outside.Values("subreaper"), Plain("subreaper")),
        Callers("Threads"),
        Callers("Name"),
        Callers("exe"),
        Callers("started"),
        Callers("argv"),

        // What it may use and how it runs: the caller's.
        new("limits", "the caller's", of => Limits(of.Outside), of => Limits(of.Inside)),
        Callers("nice"),
        Callers("policy"),
        Callers("schedulingFlags"),
        Callers("priority"),
        Callers("utilization"),
        Callers("ioPriority"),
        Callers("timerSlack"),
        Callers("memoryPolicy"),
        Callers("affinity"),
        Callers("oomScoreAdjust"),
        Callers("noHugePages"),
        Callers("noWritableCode"),
        Callers("machineCheckKill"),
        Callers("storeBypass"),
        Callers("indirectBranch"),
        Callers("dumpFilter"),
        Callers("VmLck"),
        Callers("umask"),
        new("personality", "the caller's, but for what a set-id execve(2) takes", of => [Text(of.Outside.Number("personality") & ~ClearedBySetid)], Plain("personality")),

        // What it sees.
        new("descriptors", "the three standard streams", Streams, of => [.. of.Inside.Descriptors.Select(descriptor => Descriptor(descriptor, of.State))]),
        new("cwd", "the profile's, or the caller's where it can be found again, or what it falls back to", Directory, Plain("cwd")),
        Fixed("cwdErrno", "it has a name", "0"),
        new("cwdMountId", "on the mount that its name leads to", of => [Text(MountEntry.Holding(of.Inside.Mounts, of.Inside.Text("cwd")).Id)], Plain("cwdMountId")),
        Fixed("root", "its root is its root", "/"),
        new("hostname", "the profile's, or the host's", of => [of.Promise.HostName ?? of.Outside.Text("hostname")], Plain("hostname")),
        Callers("domainname"),
        new("mnt", "always its own", _ => ["its own"], of => [Whose(of, "mnt")]),
        Namespace("uts"),
        Namespace("ipc"),
        Namespace("net"),
        Namespace("cgroup"),
        Namespace("pid"),
        Namespace("user"),
        Namespace("time"),
        Callers("timeOffsets"),
        new("cgroups", "the caller's, as a cgroup namespace shows it", Cgroups, Plain("cgroups")),
        new("netdev", "the host's, or a loopback", of => of.Promise.Private.Contains("net") ? ["lo"] : Devices(of.Outside), of => of.Promise.Private.Contains("net") ? [.. Devices(of.Inside).Except(FallbackDevices)] : Devices(of.Inside)),
        new("mountinfo", "what the profile makes of the host's", of => [.. of.Promise.Mounts(new MountExpectation(of.Outside.Mounts)).Order(StringComparer.Ordinal)], of => MountExpectation.Lines(of.Inside.Mounts)),
        new("environ", "of the identity, and what is kept", Environment, of => [.. of.Inside.Environment.Select(Shown).Select(WithoutId).Order(StringComparer.Ordinal)]),
    ];

    private static ProbeField Callers(string name) => new(name, "the caller's", of => of.Outside.Values(name), Plain(name));

    private static ProbeField Fixed(string name, string why, params string[] values) => new(name, why, _ => values, Plain(name));

    private static ProbeField Namespace(string kind) =>
        new(kind, "its own where the profile says private", of => [of.Promise.Private.Contains(kind) ? "its own" : "the caller's"], of => [Whose(of, kind)]);

    private static Func<ProbeComparison, IReadOnlyList<string>> Plain(string name) => of => of.Inside.Values(name);

    private static string Whose(ProbeComparison of, string kind) => of.Inside.Text(kind) == of.Outside.Text(kind) ? "the caller's" : "its own";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> ProcessId(ProbeComparison of) => of.HasInit && !of.Promise.HasOwnProcesses ? ["free: a child of the init"] : of.Inside.Values("processId");

    private static IReadOnlyList<string> ParentId(ProbeComparison of) => of.HasInit && !of.Promise.HasOwnProcesses ? ["free: the init"] : of.Inside.Values("ppid");

    /// <summary>A number that is a process's: which one.</summary>
    private static string Relation(ProbeReport report, string name)
    {
        long number = report.Number(name);
        return number == report.Number("processId") ? "itself" : number == report.Number("ppid") ? "its parent" : Text(number);
    }

    private static IReadOnlyList<string> Limits(ProbeReport report) => [.. LimitNames.Zip(report.Limits, (name, limit) => $"{name} {limit}")];

    // Ten seconds are more than lies between the two probes.
    private static IReadOnlyList<string> Timers(ProbeReport report, ProbeReport caller) =>
    [
        .. report.Timers.Zip(caller.Timers, (own, callers) =>
            own.Interval == callers.Interval && own.Value > 0 == callers.Value > 0 && Math.Abs(own.Value - callers.Value) < 10_000_000 ? callers : own).Select(timer => $"{timer}"),
    ];

    /// <summary>What else the caller has open is not to be in the session.</summary>
    private static IReadOnlyList<string> Streams(ProbeComparison of)
    {
        var callers = of.Outside.Descriptors.ToDictionary(descriptor => descriptor.Number, descriptor => Descriptor(descriptor, of.State));
        return [.. Enumerable.Range(0, 3).Select(number => of.State.Streams.GetValueOrDefault(number) ?? callers[number])];
    }

    // Each start has pipes of its own. Of what replaces a stream only the access mode is told: the other flags are the opener's affair.
    private static string Descriptor(ProbeDescriptor descriptor, CallerState state)
    {
        int flags = state.Streams.ContainsKey(descriptor.Number) ? descriptor.Flags & 3 : descriptor.Flags;
        return $"{descriptor.Number} {descriptor.Type} {flags} {descriptor.CloseOnExec} {descriptor.Position} {Regex.Replace(descriptor.Target, @":\[\d+\]$", "")}";
    }

    private static IReadOnlyList<string> Directory(ProbeComparison of) =>
        [of.Promise.WorkingDirectory ?? (of.Outside.Number("cwdErrno") == 0 ? of.Outside.Text("cwd") : of.Promise.Fallback)];

    private static IReadOnlyList<string> Cgroups(ProbeComparison of) =>
        of.Promise.Private.Contains("cgroup") ? [.. of.Outside.Lines("cgroups").Select(line => Regex.Replace(line, ":/[^:]*$", ":/"))] : of.Outside.Lines("cgroups");

    // The counters after the names are the traffic's.
    private static IReadOnlyList<string> Devices(ProbeReport report) =>
        [.. report.Lines("netdev").Skip(2).Select(line => line.Split(':')[0].Trim()).Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Environment(ProbeComparison of) =>
    [
        .. new[] { "HOME=/mnt/home/alice", "LOGNAME=alice", "USER=alice", $"SHELL={of.Promise.Shell}", $"PATH={of.Promise.SearchPath}", $"NSHELPER_PROFILE={of.Promise.Name}", "NSHELPER_SESSION=32 digits" }
            .Concat(of.Promise.Environment).Concat(of.State.KeptEnvironment).Order(StringComparer.Ordinal),
    ];

    private static string WithoutId(string entry) => Regex.Replace(entry, "^NSHELPER_SESSION=[0-9a-f]{32}$", "NSHELPER_SESSION=32 digits");

    private static string Shown(byte[] bytes) =>
        bytes.Aggregate(new StringBuilder(), (text, b) => b is >= 0x20 and < 0x7f ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}")).ToString();
}
