using System.Collections.Immutable;

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

    public static ImmutableArray<VerbEntry> All => [Run(), Shell(), Join(), Sessions(), Stop(), Explain(), Allowed(), Show(), Check(), Profiles(), Namespaces(), Mounts(), Changes(), Diff(), Collect(), Help()];

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
        Options = [SessionLabel, JoinOrStart, Set, Environment, ChangeDirectory, StatusDescriptor, DryRun, JsonOfDryRun, Color, HelpOption, ShortHelp],
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
        Options = [Environment, ChangeDirectory, StatusDescriptor, Color, HelpOption, ShortHelp],
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
        Details = "With -q ids only. With --watch the list is shown anew whenever it changes, until it is interrupted.",
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
        Options = [Signal, Timeout, AllSessions, Quiet, HelpOption, ShortHelp],
        ExitStatuses = "0 all have ended, 1 not all, 2 usage error",
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Shell() => Run() with
    {
        Verb = Verb.Shell,
        Name = "shell",
        Operands = "PROFILE",
        Summary = "start a session and its shell, to type into",
        Options = [SessionLabel, Set, Environment, ChangeDirectory, StatusDescriptor, DryRun, JsonOfDryRun, Color, HelpOption, ShortHelp],
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
        Options = [Set, Environment, ChangeDirectory, Calls, AsUser, Json, Color, HelpOption, ShortHelp],
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
        Operands = "[PID]",
        Summary = "show namespaces side by side with the host's",
        Details = "Compares the namespaces of process PID with the caller's and with those of process 1.",
        Options = [Json, Quiet, Color, HelpOption, ShortHelp],
        ExitStatuses = QueryStatuses,
        UsageStatus = UsageFailure,
    };

    private static VerbEntry Mounts() => new()
    {
        Verb = Verb.Mounts,
        Name = "mounts",
        Operands = "[PID]",
        Summary = "show a mount table as a tree with flags and propagation",
        Details = "Of process PID, else of the caller. With -v also the options of the file systems.",
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
        Details = "A and B are process ids. What only A has is +, what only B has is -, what differs is ~. Without B, it is the caller; without A, the caller "
            + "is compared with process 1, the host. With -v every mount by itself, with all options; with -q nothing is printed.",
        Options = [ComparePropagation, Json, Quiet, Verbose, Color, HelpOption, ShortHelp],
        ExitStatuses = "0 no difference, 1 a difference, 2 a table cannot be read, or usage error",
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

    private static OptionEntry Set =>
        new(Option.Set, "--set", "KEY=VALUE", Occurrence.Repeatable, "set a parameter of the profile");

    private static OptionEntry Environment =>
        new(Option.Environment, "--env", "NAME=VALUE", Occurrence.Repeatable, "set a variable; only names that the profile lists in user_vars");

    private static OptionEntry ChangeDirectory =>
        new(Option.ChangeDirectory, "--chdir", "DIR", Occurrence.Once, "start in this directory of the session");

    private static OptionEntry StatusDescriptor =>
        new(Option.StatusDescriptor, StatusDescriptorChoice.Spelling, "FD", Occurrence.Once, "write what becomes of the session to this descriptor, in lines of JSON");

    private static OptionEntry SessionLabel =>
        new(Option.Name, "--name", "LABEL", Occurrence.Once, "call the session so, for join and stop; there is one of a name at a time");

    private static OptionEntry JoinOrStart =>
        new(Option.JoinOrStart, "--join-or-start", null, Occurrence.Once, "join the session of that name where there is one");

    private static OptionEntry OfProfile => new(Option.Profile, "--profile", "PROFILE", Occurrence.Once, "only those of this profile");

    private static OptionEntry AllUsers => new(Option.AllUsers, "--all-users", null, Occurrence.Once, "those of all users; root only");

    private static OptionEntry Watch => new(Option.Watch, "--watch", null, Occurrence.Once, "go on showing them");

    private static OptionEntry Signal =>
        new(Option.Signal, "--signal", "SIGNAL", Occurrence.Once, "instead of TERM: HUP, INT, QUIT, KILL, USR1 or USR2");

    private static OptionEntry Timeout =>
        new(Option.Timeout, "--timeout", "SECONDS", Occurrence.Once, "time until the session is killed; 10 without, or as the site has it");

    private static OptionEntry AllSessions => new(Option.All, "--all", null, Occurrence.Once, "all of yours");

    private static OptionEntry DryRun => new(Option.DryRun, "--dry-run", null, Occurrence.Once, "do as explain does");

    private static OptionEntry DryRunOfCollect => DryRun with { Help = "list it, and remove nothing" };

    private static OptionEntry ExitStatusOption =>
        new(Option.ExitStatus, "--exit-status", "STATUS", Occurrence.Once, "end with this status in any case; a session's own last act ends with its command's");

    private static OptionEntry Calls =>
        new(Option.Calls, "--calls", null, Occurrence.Once, "show the system calls, as strace would");

    private static OptionEntry AsUser =>
        new(Option.AsUser, "--as-user", "USER", Occurrence.Once, "the plan of another user; root only");

    private static OptionEntry User => new(Option.User, "-U", "USER", Occurrence.Once, "the right of another user; root only");

    private static OptionEntry Origin => new(Option.Origin, "--origin", null, Occurrence.Once, "show the line that each value comes from");

    private static OptionEntry AllProfiles => new(Option.All, "--all", null, Occurrence.Once, "all profiles of the host, with their state; root only");

    private static OptionEntry Strict => new(Option.Strict, "--strict", null, Occurrence.Once, "let a warning count as a mistake");

    private static OptionEntry Export =>
        new(Option.Export, "--export", "FILE", Occurrence.Once, "write them to a new tar archive; - is standard output");

    private static OptionEntry Discard => new(Option.Discard, "--discard", null, Occurrence.Once, "remove them; not while a session has them");

    private static OptionEntry ComparePropagation =>
        new(Option.Propagation, "--propagation", null, Occurrence.Once, "let propagation count as a difference");

    private static OptionEntry Json => new(Option.Json, "--json", null, Occurrence.Once, "answer in JSON");

    private static OptionEntry JsonOfDryRun => Json with { Help = "answer in JSON; with --dry-run only" };

    private static OptionEntry Quiet => new(Option.Quiet, "-q", null, Occurrence.Once, "say less");

    private static OptionEntry Verbose => new(Option.Verbose, "-v", null, Occurrence.Once, "say more");

    private static OptionEntry Color =>
        new(Option.Color, "--color", "auto|never|always", Occurrence.Once, "colour; auto is only on a terminal and not under NO_COLOR");

    private static OptionEntry HelpOption => new(Option.Help, "--help", null, Occurrence.Once, "show this help");

    private static OptionEntry ShortHelp => new(Option.ShortHelp, "-h", null, Occurrence.Once, "show this help");
}
