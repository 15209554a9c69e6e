using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Invocations;

/// <summary>What the command line asks for: one case a verb, every value checked for form, nothing yet looked up.</summary>
internal abstract record Invocation
{
    private Invocation()
    {
    }

    public required OutputChoice Output { get; init; }

    /// <summary>The user whose answer root wants; null for the caller's own.</summary>
    public string? AsUser { get; init; }

    /// <param name="StatusDescriptor">--json-status-fd; null without.</param>
    internal sealed record Run(SessionArguments Session, int? StatusDescriptor) : Invocation
    {
        /// <summary>--join-or-start: the session of that name is joined where there is one.</summary>
        public bool MayJoin { get; init; }
    }

    /// <summary>The program is a login shell.</summary>
    internal sealed record Login(ShellRequest Request) : Invocation;

    /// <param name="Session">As the caller wrote it: a name, an id or its beginning, or a profile.</param>
    internal sealed record Join(string Session, JoinArguments Arguments, int? StatusDescriptor) : Invocation;

    /// <param name="Profile">Null for those of every profile.</param>
    internal sealed record Sessions(ProfileName? Profile, bool OfAllUsers, bool Watches) : Invocation;

    /// <param name="Words">As the caller wrote them; empty for all of the caller's.</param>
    /// <param name="Timeout">Seconds; null for the site's.</param>
    internal sealed record Stop(ImmutableArray<string> Words, StopSignal Signal, long? Timeout) : Invocation;

    internal sealed record Explain(SessionArguments Session, ExplainForm Form) : Invocation;

    internal sealed record Allowed(SessionArguments Session) : Invocation;

    internal sealed record Show(ProfileName Profile, OriginForm Origins) : Invocation;

    /// <param name="Paths">Files and directories as the caller wrote them; none for what is installed.</param>
    /// <param name="Strictness">Whether a warning fails.</param>
    internal sealed record Check(ImmutableArray<ByteString> Paths, Strictness Strictness) : Invocation;

    internal sealed record Profiles(ProfileScope Scope) : Invocation;

    internal sealed record Namespaces(ProcessChoice Process) : Invocation;

    internal sealed record Mounts(ProcessChoice Process) : Invocation;

    /// <param name="Name">A session id or a profile; null lists what there is.</param>
    /// <param name="Export">The archive to write, as the caller wrote its name.</param>
    internal sealed record Changes(string? Name, ByteString? Export, bool Discards) : Invocation;

    /// <param name="Here">Whose mount table is looked at.</param>
    /// <param name="There">With whose it is compared.</param>
    /// <param name="Propagation">Whether propagation counts.</param>
    internal sealed record Diff(ProcessChoice Here, ProcessChoice There, PropagationForm Propagation) : Invocation;

    internal sealed record Doctor : Invocation;

    /// <param name="Removes">Whether what is left is removed; else it is only listed.</param>
    /// <param name="ExitStatus">What to end with in any case; null: whether it was done.</param>
    internal sealed record Collect(bool Removes, int? ExitStatus) : Invocation;

    /// <param name="Topic">Null for the list of verbs.</param>
    internal sealed record Help(VerbEntry? Topic) : Invocation;

    internal sealed record Version : Invocation;
}

/// <summary>What run and explain have in common: the profile, the command, and what the caller may choose about the session.</summary>
internal sealed record SessionArguments
{
    public required ProfileName Profile { get; init; }

    /// <summary>CMD and its arguments byte for byte; empty when omitted.</summary>
    public required ImmutableArray<ByteString> Command { get; init; }

    /// <summary>--env, in the order of the command line; names are unique.</summary>
    public required ImmutableArray<(ByteString Name, ByteString Value)> Variables { get; init; }

    /// <summary>--set, in the order of the command line: parameters of the profile, which alone knows them.</summary>
    public required ImmutableArray<(ByteString Name, ByteString Value)> Parameters { get; init; }

    /// <summary>--chdir.</summary>
    public required ByteString? ChangeDirectory { get; init; }

    /// <summary>--name; null without.</summary>
    public string? Label { get; init; }

    /// <summary>--detach: the session is to go on by itself.</summary>
    public bool Detaches { get; init; }

    /// <summary>What is asked of the profile's shell; null where a command is.</summary>
    public ShellRequest? Shell { get; init; }

    /// <summary>The verb of allow.verbs that is needed.</summary>
    public string Verb => Shell?.Verb ?? "run";
}

/// <summary>What join lets the caller choose: the command, and what is its alone.</summary>
/// <param name="Command">CMD and its arguments byte for byte; empty when omitted.</param>
/// <param name="Variables">--env, in the order of the command line; names are unique.</param>
/// <param name="ChangeDirectory">--chdir.</param>
internal sealed record JoinArguments(
    ImmutableArray<ByteString> Command, ImmutableArray<(ByteString Name, ByteString Value)> Variables, ByteString? ChangeDirectory);

/// <summary>Signals that stop sends; the values are their numbers on every architecture served.</summary>
internal enum StopSignal
{
    Hangup = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    User1 = 10,
    User2 = 12,
    Terminate = 15,
}

internal enum ExplainForm
{
    /// <summary>The plan in the profile's language.</summary>
    Plan,

    /// <summary>The system calls, strace-like.</summary>
    Calls,
}

internal enum ProfileScope
{
    /// <summary>Those the caller may use.</summary>
    Usable,

    /// <summary>Whatever is there.</summary>
    All,
}

/// <summary>How the answer is to look.</summary>
internal readonly record struct OutputChoice(Verbosity Verbosity, OutputForm Form, ColorChoice Color);

internal enum Strictness
{
    MistakesFail,
    WarningsFail,
}

internal enum Verbosity
{
    Normal,
    Quiet,
    Verbose,
}

internal enum OutputForm
{
    Text,
    Json,
}

internal enum ColorChoice
{
    /// <summary>Only on a terminal, and not under NO_COLOR.</summary>
    Auto,
    Never,
    Always,
}
