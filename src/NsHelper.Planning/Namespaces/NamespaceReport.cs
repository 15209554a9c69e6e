using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Namespaces;

/// <summary>What the verb ns answers: the namespaces of a process beside the caller's and the host's.</summary>
internal sealed record NamespaceReport
{
    /// <summary>Null when the process is the caller.</summary>
    public required int? ProcessId { get; init; }
    public required NamespaceIds Process { get; init; }
    public required NamespaceIds Caller { get; init; }

    /// <summary>Those of process 1; null when the caller may not read them, which <see cref="HostFault"/> explains.</summary>
    public required NamespaceIds? Host { get; init; }

    /// <summary>Why the host's are not known; null when they are.</summary>
    public required string? HostFault { get; init; }

    /// <summary>The session the process says it is in; null when it says nothing of one.</summary>
    public SessionClaim? Session { get; init; }

    /// <summary>Whose namespace of a kind is not the others': what could not be read differs from nothing.</summary>
    public NamespaceOwners Differing(NamespaceKind kind)
    {
        bool processCaller = Differ(Process[kind], Caller[kind]);
        bool processHost = Differ(Process[kind], Host?[kind]);
        bool callerHost = Differ(Caller[kind], Host?[kind]);
        return (processCaller, processHost, callerHost) switch
        {
            (true, true, true) => NamespaceOwners.Process | NamespaceOwners.Caller | NamespaceOwners.Host,
            (false, true, _) => ProcessId is null ? NamespaceOwners.Process : NamespaceOwners.Host,
            (true, false, true) => NamespaceOwners.Caller,
            (true, _, _) => NamespaceOwners.Process,
            (false, false, true) => NamespaceOwners.Host, // of the process itself nothing is known
            _ => NamespaceOwners.None,
        };
    }

    private static bool Differ(ulong? left, ulong? right) => left is { } a && right is { } b && a != b;
}

/// <summary>Those of whom the verb ns speaks.</summary>
[Flags]
internal enum NamespaceOwners
{
    None = 0,
    Process = 1,
    Caller = 2,
    Host = 4,
}
