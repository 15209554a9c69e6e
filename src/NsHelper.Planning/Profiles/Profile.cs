using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// One profile as the administrator meant it: every value checked, every default filled in, specifiers not yet expanded.
/// Valid by construction: ProfileReader makes it or gives diagnostics.
/// </summary>
internal sealed record Profile
{
    public required ProfileName Name { get; init; }
    public required SourceLocation Location { get; init; }
    public required string Description { get; init; }

    /// <summary>Only for other profiles to extend: to run it is as if it were not there.</summary>
    public required bool IsAbstract { get; init; }
    public required bool Enabled { get; init; }

    public bool IsUsable => Enabled && !IsAbstract;

    /// <summary>Shown to a user who is refused; empty when the profile has none.</summary>
    public required string Message { get; init; }
    public required AllowRules Allow { get; init; }
    public required ImmutableArray<CommandRule> Commands { get; init; }
    public required ImmutableArray<Parameter> Parameters { get; init; }
    public required NamespaceSettings Namespaces { get; init; }
    public required SupervisionSettings Supervision { get; init; }
    public required SessionSettings Sessions { get; init; }
    public required RootSettings Root { get; init; }
    public required ProtectSettings Protect { get; init; }
    public required ImmutableArray<MountSettings> Mounts { get; init; }
    public ImmutableArray<PrivateSettings> Privates { get; init; } = [];
    public required ImmutableArray<ShareSettings> Shares { get; init; }
    public required EnvironmentSettings Environment { get; init; }
    public required IdentitySettings Identity { get; init; }

    /// <summary>Null: the profile has no shell.</summary>
    public LoginSettings? Login { get; init; }
    public LimitSettings Limits { get; init; } = LimitSettings.None;

    /// <summary>[allow] of the site, which comes before the profile's own; null when the site has none.</summary>
    public AllowRules? Gate { get; init; }

    /// <summary>Where the site lets sources of mounts and shares lie; null when it says nothing of it.</summary>
    public SourceCeiling? SourceCeiling { get; init; }

    /// <summary>What the profile asks for and this version does not do: with an entry here, no session starts.</summary>
    public ImmutableArray<Diagnostic> Unavailable { get; init; } = [];
}

/// <summary>[allow]: who may use the profile. Default deny; deny wins.</summary>
internal sealed record AllowRules
{
    public required ImmutableArray<PrincipalRule> Users { get; init; }
    public required ImmutableArray<PrincipalRule> Groups { get; init; }
    public required ImmutableArray<PrincipalRule> DenyUsers { get; init; }
    public required ImmutableArray<PrincipalRule> DenyGroups { get; init; }
    public required ImmutableArray<string> Verbs { get; init; }
    public required AllowedCommands Commands { get; init; }
    public required SourceLocation Location { get; init; }
}

/// <summary>One entry of an allow or deny list: a name, `#id`, or `*`.</summary>
internal sealed record PrincipalRule(string Text, SourceLocation Location)
{
    /// <summary>As an owner: whoever the session is for.</summary>
    public const string CallersName = "%u";
    public const string CallersGroup = "%g";

    public bool IsEverybody => Text == "*";

    /// <summary>Whether an account database knows who is meant.</summary>
    public bool IsName => Number is null && !IsEverybody && Text is not (CallersName or CallersGroup);

    /// <summary>The number of a `#id` entry.</summary>
    public uint? Number { get; init; }
}

internal enum AllowedCommands
{
    /// <summary>Only what a [[command]] names.</summary>
    Listed,
    Any,
}

/// <summary>[[command]]: a command that may be run, by absolute path in the finished root.</summary>
internal sealed record CommandRule(AbsolutePath Path, bool IsDefault, SourceLocation Location)
{
    /// <summary>Null takes any arguments.</summary>
    public ArgumentTemplate? Arguments { get; init; }

    /// <summary>What argv[0] is instead of the word as given; null leaves it.</summary>
    public string? ArgumentZero { get; init; }
}

/// <summary>[namespaces]. The mount namespace is always private.</summary>
internal sealed record NamespaceSettings
{
    public required bool PrivatePid { get; init; }
    public required bool PrivateIpc { get; init; }
    public required bool PrivateUts { get; init; }
    public required bool PrivateNetwork { get; init; }

    /// <summary>Where a network namespace of the administrator's is kept, for the session to be in; null: none.</summary>
    public required AbsolutePath? NetworkPath { get; init; }
    public required bool PrivateCgroup { get; init; }
    public required bool PrivateTime { get; init; }

    /// <summary>Host name inside a private UTS namespace; null leaves the host's.</summary>
    public required string? Hostname { get; init; }
    public required SourceLocation Location { get; init; }
}

/// <summary>How a session is watched over and ends: pty and kill_on_parent_exit of [identity], runtime_max, on_exit and allow_detach of [session].</summary>
internal sealed record SupervisionSettings
{
    public required TerminalChoice Terminal { get; init; }

    /// <summary>The session ends with the nshelper that its user started.</summary>
    public required bool EndsWithParent { get; init; }

    /// <summary>Seconds after which the session is ended; null: never.</summary>
    public required long? RuntimeMax { get; init; }

    /// <summary>When the command has ended, the rest of its process namespace is waited for, and not killed.</summary>
    public required bool WaitsForAll { get; init; }

    /// <summary>A session may go on without the nshelper that its user started.</summary>
    public required bool MayDetach { get; init; }
    public required SourceLocation Location { get; init; }
}

/// <summary>pty, in the order of its words.</summary>
internal enum TerminalChoice
{
    /// <summary>A terminal of the session's own where the caller's standard streams are one.</summary>
    Auto,

    /// <summary>For all three standard streams, whatever they are.</summary>
    Always,

    /// <summary>The caller's terminal, as it is.</summary>
    Never,
}

internal enum Propagation
{
    /// <summary>mount: inherit from the root's propagation; root: slave.</summary>
    Inherit,
    Private,
    Slave,
    Shared,
    Unbindable,
    Unchanged,
}

internal enum RootMode
{
    Host,
    Tmpfs,
    Directory,
    Overlay,
}

/// <summary>[root].</summary>
internal sealed record RootSettings
{
    public required RootMode Mode { get; init; }

    /// <summary>The tree of modes directory and overlay, of the administrator's choice (no specifiers); null of the other modes.</summary>
    public required AbsolutePath? Directory { get; init; }

    /// <summary>Of mode overlay.</summary>
    public UpperChoice Upper { get; init; }

    /// <summary>Bytes; of mode tmpfs and of an upper in memory.</summary>
    public required long Size { get; init; }
    public required bool ReadOnly { get; init; }

    /// <summary>Read-only by protect_system = "strict" and nothing else: /dev, /proc and /sys stay what they are.</summary>
    public bool IsStrict { get; init; }

    /// <summary>No program starts from anywhere that exec_paths does not name.</summary>
    public bool NoExec { get; init; }

    /// <summary>Slave unless written; a read-only root is Private unless written (and then only private or unbindable is accepted).</summary>
    public required Propagation Propagation { get; init; }

    /// <summary>working_directory: path with specifiers, "~" or "caller" (default).</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>working_directory_fallback: tried when the first cannot be entered; default "/".</summary>
    public required string WorkingDirectoryFallback { get; init; }
    public required SourceLocation Location { get; init; }
}

/// <summary>[protect]: presets that expand to mounts.</summary>
internal sealed record ProtectSettings
{
    /// <summary>A fresh /tmp and /var/tmp.</summary>
    public required bool PrivateTmp { get; init; }

    /// <summary>The presets that are on.</summary>
    public ImmutableArray<PresetSettings> Presets { get; init; } = [];

    /// <summary>read_only_paths, read_write_paths, inaccessible_paths, no_exec_paths and exec_paths, each in the order written.</summary>
    public ImmutableArray<ListedPath> Paths { get; init; } = [];

    /// <summary>A /dev with pseudo devices and nothing else.</summary>
    public bool PrivateDevices { get; init; }

    /// <summary>What is in it besides; empty without it.</summary>
    public ImmutableArray<AllowedDevice> AllowedDevices { get; init; } = [];
    public SourceLocation DevicesLocation { get; init; }

    /// <summary>Bytes of each tmpfs that users can fill: the site's default size.</summary>
    public long PrivateTmpSize { get; init; } = SiteSettings.Default.TmpfsDefaultSize;

    /// <summary>protect_proc: what the session's /proc shows of others' processes; null for all that the host's shows.</summary>
    public ProcessVisibility? Visibility { get; init; }

    /// <summary>proc_subset = "pid": the session's /proc has processes and nothing else.</summary>
    public bool ProcessesOnly { get; init; }

    /// <summary>Where the first of these two is written.</summary>
    public SourceLocation ProcLocation { get; init; }
    public required SourceLocation Location { get; init; }
}

internal enum EnvironmentPolicy
{
    /// <summary>Built from nothing; only what `keep` lists comes from the caller.</summary>
    Clean,

    /// <summary>The caller's, less what never passes.</summary>
    Keep,
}

/// <summary>[environment].</summary>
internal sealed record EnvironmentSettings
{
    public required EnvironmentPolicy Policy { get; init; }

    /// <summary>Names, a last '*' matches any tail.</summary>
    public required ImmutableArray<string> Keep { get; init; }
    public required ImmutableArray<KeyValuePair<string, string>> Set { get; init; }
    public required ImmutableArray<string> Unset { get; init; }

    /// <summary>PATH of the session: absolute directories.</summary>
    public required ImmutableArray<AbsolutePath> Path { get; init; }

    /// <summary>Names that --env may set.</summary>
    public required ImmutableArray<string> UserVariables { get; init; }
}
