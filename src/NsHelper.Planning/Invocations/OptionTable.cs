namespace NsHelper.Planning.Invocations;

/// <summary>Every option there is, once; which verb has which is for <see cref="VerbTable"/> to say.</summary>
internal static class OptionTable
{
    public static OptionEntry Set =>
        new(Option.Set, "--set", "KEY=VALUE", Occurrence.Repeatable, "set a parameter of the profile");

    public static OptionEntry SetVariable =>
        new(Option.Environment, "--env", "NAME=VALUE", Occurrence.Repeatable, "set a variable; only names that the profile lists in user_vars");

    public static OptionEntry ChangeDirectory =>
        new(Option.ChangeDirectory, "--chdir", "DIR", Occurrence.Once, "start in this directory of the session");

    public static OptionEntry StatusDescriptor =>
        new(Option.StatusDescriptor, StatusDescriptorChoice.Spelling, "FD", Occurrence.Once, "write what becomes of the session to this descriptor, in lines of JSON");

    public static OptionEntry SessionLabel =>
        new(Option.Name, "--name", "LABEL", Occurrence.Once, "call the session so, for join and stop; there is one of a name at a time");

    public static OptionEntry JoinOrStart =>
        new(Option.JoinOrStart, "--join-or-start", null, Occurrence.Once, "join the session of that name where there is one");

    public static OptionEntry Detach =>
        new(Option.Detach, "--detach", null, Occurrence.Once, "let the session go on by itself, print its id and end; where the profile allows it");

    public static OptionEntry OfProfile => new(Option.Profile, "--profile", "PROFILE", Occurrence.Once, "only those of this profile");

    public static OptionEntry AllUsers => new(Option.AllUsers, "--all-users", null, Occurrence.Once, "those of all users; root only");

    public static OptionEntry Watch => new(Option.Watch, "--watch", null, Occurrence.Once, "go on showing them");

    public static OptionEntry Signal =>
        new(Option.Signal, "--signal", "SIGNAL", Occurrence.Once, "instead of TERM: HUP, INT, QUIT, KILL, USR1 or USR2");

    public static OptionEntry StopTimeout =>
        new(Option.Timeout, "--timeout", "SECONDS", Occurrence.Once, "time until the session is killed; 10 without, or as the site has it");

    public static OptionEntry AllSessions => new(Option.All, "--all", null, Occurrence.Once, "all of yours");

    public static OptionEntry DryRun => new(Option.DryRun, "--dry-run", null, Occurrence.Once, "do as explain does");

    public static OptionEntry DryRunOfCollect => DryRun with { Help = "list it, and remove nothing" };

    public static OptionEntry ExitStatusOption =>
        new(Option.ExitStatus, "--exit-status", "STATUS", Occurrence.Once, "end with this status in any case; a session's own last act ends with its command's");

    public static OptionEntry Calls =>
        new(Option.Calls, "--calls", null, Occurrence.Once, "show the system calls, as strace would");

    public static OptionEntry AsUser =>
        new(Option.AsUser, "--as-user", "USER", Occurrence.Once, "the plan of another user; root only");

    public static OptionEntry User => new(Option.User, "-U", "USER", Occurrence.Once, "the right of another user; root only");

    public static OptionEntry Origin => new(Option.Origin, "--origin", null, Occurrence.Once, "show the line that each value comes from");

    public static OptionEntry AllProfiles => new(Option.All, "--all", null, Occurrence.Once, "all profiles of the host, with their state; root only");

    public static OptionEntry Strict => new(Option.Strict, "--strict", null, Occurrence.Once, "let a warning count as a mistake");

    public static OptionEntry Export =>
        new(Option.Export, "--export", "FILE", Occurrence.Once, "write them to a new tar archive; - is standard output");

    public static OptionEntry Discard => new(Option.Discard, "--discard", null, Occurrence.Once, "remove them; not while a session has them");

    public static OptionEntry ComparePropagation =>
        new(Option.Propagation, "--propagation", null, Occurrence.Once, "let propagation count as a difference");

    public static OptionEntry Json => new(Option.Json, "--json", null, Occurrence.Once, "answer in JSON");

    public static OptionEntry JsonOfDryRun => Json with { Help = "answer in JSON; with --dry-run only" };

    public static OptionEntry Quiet => new(Option.Quiet, "-q", null, Occurrence.Once, "say less");

    public static OptionEntry Verbose => new(Option.Verbose, "-v", null, Occurrence.Once, "say more");

    public static OptionEntry Color =>
        new(Option.Color, "--color", "auto|never|always", Occurrence.Once, "colour; auto is only on a terminal and not under NO_COLOR");

    public static OptionEntry HelpOption => new(Option.Help, "--help", null, Occurrence.Once, "show this help");

    public static OptionEntry ShortHelp => new(Option.ShortHelp, "-h", null, Occurrence.Once, "show this help");
}
