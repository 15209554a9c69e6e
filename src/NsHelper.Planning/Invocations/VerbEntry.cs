using System.Collections.Immutable;

namespace NsHelper.Planning.Invocations;

/// <summary>One row of the table of verbs: what the parser accepts and what the help says about it.</summary>
internal sealed record VerbEntry
{
    public required Verb Verb { get; init; }
    public required string Name { get; init; }

    /// <summary>A second name; null for most.</summary>
    public string? Alias { get; init; }

    /// <summary>Operands as the usage line shows them; empty when there are none.</summary>
    public required string Operands { get; init; }

    /// <summary>One line for the list of verbs.</summary>
    public required string Summary { get; init; }

    /// <summary>What a user must know beyond the summary.</summary>
    public required string Details { get; init; }

    /// <summary>In the order in which the help shows them.</summary>
    public required ImmutableArray<OptionEntry> Options { get; init; }

    /// <summary>The exit statuses, as the help shows them.</summary>
    public required string ExitStatuses { get; init; }

    /// <summary>Status of a usage error.</summary>
    public required int UsageStatus { get; init; }
}

/// <summary>One option of a verb: its spelling includes the dashes, its value name is null when it takes no value.</summary>
internal sealed record OptionEntry(Option Option, string Spelling, string? ValueName, Occurrence Occurrence, string Help);

internal enum Verb
{
    Run,
    Shell,
    Join,
    Sessions,
    Stop,
    Explain,
    Allowed,
    Show,
    Check,
    Profiles,
    Namespaces,
    Mounts,
    Changes,
    Diff,
    Doctor,
    Collect,
    Help,
}

internal enum Option
{
    Set,
    Environment,
    ChangeDirectory,
    DryRun,
    StatusDescriptor,
    Name,
    JoinOrStart,
    Detach,
    Profile,
    AllUsers,
    Watch,
    Signal,
    Timeout,
    Calls,
    AsUser,
    User,
    Origin,
    All,
    Strict,
    Export,
    Discard,
    Propagation,
    ExitStatus,
    Json,
    Quiet,
    Verbose,
    Color,
    Help,
    ShortHelp,
}

internal enum Occurrence
{
    Once,
    Repeatable,
}
