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

    /// <summary>Whether the process is known to be elsewhere than the caller or the host: what could not be read differs from nothing.</summary>
    public bool Differs(NamespaceKind kind) => Differ(Process[kind], Caller[kind]) || Differ(Process[kind], Host?[kind]);

    private static bool Differ(ulong? left, ulong? right) => left is { } a && right is { } b && a != b;
}
