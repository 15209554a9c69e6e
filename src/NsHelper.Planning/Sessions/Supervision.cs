using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// The processes around the command. The one that was started (the monitor) stays with the caller's shell, in the host's namespaces and
/// without privilege; its child (the init) makes the session, drops every privilege, and has the command as its child.
/// </summary>
internal sealed record Supervision
{
    /// <summary>What the init and the command have of terminals.</summary>
    public required SessionTerminal Terminal { get; init; }

    /// <summary>Where the own terminal is opened: in the session where that has terminals of its own, else on the host.</summary>
    public bool TerminalIsOfSession { get; init; }

    /// <summary>Which of the descriptors 0, 1 and 2 become the own terminal; bit n is descriptor n.</summary>
    public int TerminalDescriptors { get; init; }

    /// <summary>When the command has been executed the monitor ends, and the session goes on, with /dev/null for all three descriptors.</summary>
    public bool IsDetached { get; init; }

    /// <summary>The kernel kills the init, and with it the session, when the monitor ends.</summary>
    public required bool EndsWithParent { get; init; }

    /// <summary>After the command the init waits for all others of its process namespace.</summary>
    public required bool WaitsForAll { get; init; }

    /// <summary>Seconds after which the init ends the session; null: never.</summary>
    public required long? RuntimeMax { get; init; }

    /// <summary>The init is process 1 of a namespace: what is left in it ends with the init.</summary>
    public required bool HasProcessNamespace { get; init; }

    /// <summary>The init tells the monitor which namespaces the session has.</summary>
    public bool TellsNamespaces { get; init; }
    public required SourceLocation Location { get; init; }
}

internal enum SessionTerminal
{
    /// <summary>The caller's, with its job control: process groups and signals are shared, and so is what may be typed into it.</summary>
    Callers,

    /// <summary>None: a session in the kernel's sense without a controlling terminal.</summary>
    None,

    /// <summary>A pseudo terminal; the monitor carries bytes between it and the caller's.</summary>
    Own,
}
