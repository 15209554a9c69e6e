using System.Collections.Immutable;
using static NsHelper.Planning.Invocations.OptionTable;

namespace NsHelper.Planning.Invocations;

/// <summary>
/// The one table of verbs and options: the parser, the help, the usage errors and the tests of completions and manual read it.
/// A row is built when it is asked for, so that `run` pays for no text but its own.
/// </summary>
internal static class VerbTable
{
    /// <summary>An own failure of run: the lower statuses belong to the command.</summary>
    public const int RunFailure = 125;
    public const int UsageFailure = 2;

    private const string CommandStatuses =
        "the command's own; 125 refused or failed before the command started, 126 command not executable, 127 command not found";

    private const string SessionWords = "SESSION is a name given with --name, an id or its first digits, or a profile with one session.";

    private const string QueryStatuses = "0 done, 1 not done, 2 usage error";

    public static ImmutableArray<VerbEntry> All => [Run(), Shell(), Join(), Sessions(), Stop(), Explain(), Allowed(), Show(), Check(), Profiles(), Namespaces(), Mounts(), Changes(), Diff(), Doctor(), Collect(), Help()];

    /// <summary>The verb of exactly this name or alias; abbreviations are not names.</summary>
    public static VerbEntry? Find(string name) => name switch
    {
        "run" => Run(),
        "shell" => Shell(),
        "join" => Join(),
        "sessions" or "ps" => Sessions(),
        "stop" => Stop(),
        "explain" => Explain(),
        "allowed" => Allowed(),
        "show" => Show(),
        "check" => Check(),
        "profiles" or "list" => Profiles(),
        "ns" => Namespaces(),
        "mounts" => Mounts(),
        "changes" => Changes(),
        "diff" => Diff(),
        "doctor" => Doctor(),
        "gc" => Collect(),
        "help" => Help(),
        _ => null,
    };

    private static VerbEntry Run() => new()
    {
        Verb = Verb.Run,
        Name = "run",
        Operands = "PROFILE [-- CMD [ARG...]]",
        Summary = "start a session and run a command in it",
        Details = "Without CMD the default command of the profile is run.",
        Options = [SessionLabel, JoinOrStart, OptionTable.Detach, Set, SetVariable, ChangeDirectory, StatusDescriptor, DryRun, JsonOfDryRun, Color, HelpOption, ShortHelp],
        ExitStatuses = CommandStatuses,
        UsageStatus = RunFailure,
    };

    private static VerbEntry Join() => new()
    {
        Verb = Verb.Join,
        Name = "join",
        Operands = "SESSION [-- CMD [ARG...]]",
        Summary = "run a command in a session of yours that is running",
        Details = SessionWords + " Without CMD the default command of the profile is run. The profile must be as it was when the session began.",
        Options = [SetVariable, ChangeDirectory, StatusDescriptor, Color, HelpOption, ShortHelp],
        ExitStatuses = CommandStatuses,
        UsageStatus = RunFailure,
    };

    private static VerbEntry Sessions() => new()
    {
        Verb = Verb.Sessions,
        Name = "sessions",
        Alias = "ps",
        Operands = "",
        Summary = "list your sessions",
        Details = "With -q ids only. With --watch the list is shown anew every second, on a terminal, until it is interrupted.",
        Options = [OfProfile, AllUsers, Watch, Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Stop() => new()
    {
        Verb = Verb.Stop,
        Name = "stop",
        Operands = "SESSION...",
        Summary = "end sessions",
        Details = SessionWords + " The command of each gets the signal, and when the time is over and the session is still there, its first process is killed and "
            + "with it all others of a process namespace of its own.",
        Options = [Signal, StopTimeout, AllSessions, HelpOption, ShortHelp],
        ExitStatuses = "0 all have ended, 1 not all, 2 usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Shell() => Run() with
    {
        Verb = Verb.Shell,
        Name = "shell",
        Operands = "PROFILE",
        Summary = "start a session and its shell, to type into",
        Options = [SessionLabel, Set, SetVariable, ChangeDirectory, StatusDescriptor, DryRun, JsonOfDryRun, Color, HelpOption, ShortHelp],
        Details = "Which shell that is, the profile says in [login]; without that table it has none.",
    };

    private static VerbEntry Explain() => new()
    {
        Verb = Verb.Explain,
        Name = "explain",
        Operands = "PROFILE [-- CMD [ARG...]]",
        Summary = "show what run would do, step for step, and do nothing",
        Details = "Prints namespaces, every mount step with the profile line that asked for it, identity, names of variables, "
            + "working directory and command. What it prints is what run does.",
        Options = [Set, SetVariable, ChangeDirectory, Calls, AsUser, Json, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Allowed() => new()
    {
        Verb = Verb.Allowed,
        Name = "allowed",
        Operands = "PROFILE [-- CMD [ARG...]]",
        Summary = "say whether run would be permitted, and by which rule",
        Details = "Without CMD: whether the profile may be run at all. The reason of a denial is told to root alone.",
        Options = [Set, User, Json, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 permitted, 1 denied, 2 usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Show() => new()
    {
        Verb = Verb.Show,
        Name = "show",
        Operands = "PROFILE",
        Summary = "show a profile as it is in force, all its files put together",
        Details = "Prints TOML that is a profile of the same meaning.",
        Options = [Origin, Json, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Check() => new()
    {
        Verb = Verb.Check,
        Name = "check",
        Operands = "[FILE|DIR...]",
        Summary = "validate profiles, and warn of what is unwise",
        Details = "Shows every mistake with line, column and what would be right. A FILE is that file with what it extends, a DIR all profiles "
            + "in it with their drop-ins; without operands, what is installed. Settings of the site count without operands or in a DIR. Needs no installation and no privilege. With -q nothing is printed.",
        Options = [Strict, Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 all valid, 1 a file is invalid or cannot be read, or --strict and a warning, 2 usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Profiles() => new()
    {
        Verb = Verb.Profiles,
        Name = "profiles",
        Alias = "list",
        Operands = "",
        Summary = "list the profiles you may use",
        Details = "With -q names only, with -v also the line of the profile that permits it.",
        Options = [AllProfiles, Json, Quiet, Verbose, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Namespaces() => new()
    {
        Verb = Verb.Namespaces,
        Name = "ns",
        Operands = "[PID|SESSION]",
        Summary = "show namespaces side by side with the host's",
        Details = "Compares the namespaces of process PID, or of a session, with the caller's and with those of process 1. " + SessionWords,
        Options = [Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Mounts() => new()
    {
        Verb = Verb.Mounts,
        Name = "mounts",
        Operands = "[PID|SESSION]",
        Summary = "show a mount table as a tree with flags and propagation",
        Details = "Of process PID, or of a session, else of the caller. " + SessionWords + " With -v also the options of the file systems.",
        Options = [Json, Quiet, Verbose, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Changes() => new()
    {
        Verb = Verb.Changes,
        Name = "changes",
        Operands = "[PROFILE|SESSION]",
        Summary = "show, export or discard what overlays keep",
        Details = "Without an operand: what is kept for you, how much and since when; with -q names only. With one: A for what is added, M modified, D deleted, "
            + "O for a directory that was made anew, so that what was there does not show. An archive has deletions as .wh.NAME and such "
            + "directories with .wh..wh..opq, as layers of container images have them.",
        Options = [Export, Discard, Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 done, 1 not done or not whole, 2 usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Diff() => new()
    {
        Verb = Verb.Diff,
        Name = "diff",
        Operands = "[A [B]]",
        Summary = "show what differs between two mount tables",
        Details = "A and B are process ids or sessions. " + SessionWords + " What only A has is +, what only B has is -, what differs is ~. Without B, it is the caller; without A, the caller "
            + "is compared with process 1, the host. With -v every mount by itself, with all options; with -q nothing is printed.",
        Options = [ComparePropagation, Json, Quiet, Verbose, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 no difference, 1 a difference, 2 a table cannot be read, or usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Doctor() => new()
    {
        Verb = Verb.Doctor,
        Name = "doctor",
        Operands = "",
        Summary = "say whether sessions work on this host, and if not why",
        Details = "Looks at the program, the kernel, the directories and the configuration, and at what leads around a login shell. Each finding that is not good has what repairs it. "
            + "Needs no privilege, and works where nothing else does; what only root can see is said to be not seen. With -q only what is wrong.",
        Options = [Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 nothing is wrong, 1 something is, 2 usage error; warnings do not count",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Collect() => new()
    {
        Verb = Verb.Collect,
        Name = "gc",
        Operands = "",
        Summary = "remove what ended sessions have left",
        Details = "Forgets sessions that have ended, and unmounts shares with lifetime = \"last-session\" that no session has any longer: where a session's monitor was killed it could not do that. "
            + "What is removed is listed, to others than root only of their own; with -q nothing is printed.",
        Options = [DryRunOfCollect, ExitStatusOption, Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Help() => new()
    {
        Verb = Verb.Help,
        Name = "help",
        Operands = "[VERB]",
        Summary = "show the verbs, or the options of one",
        Details = "",
        Options = [HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };
}
