using System.Diagnostics;
using NsHelper.Commands;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;

namespace NsHelper;

/// <summary>The entry point: start-up hygiene, parse, dispatch. The only place that catches, and the only one that ends the process.</summary>
internal static class Program
{
    // The runtime passes args for its own count only: the arguments themselves are read as bytes.
    private static int Main(string[] args)
    {
        int status;
        CleanProcess? process = null;

        // Until it is known what is asked for, as for run: the lower statuses belong to the command.
        int failure = ExitStatus.NotStarted;
        try
        {
            process = ProcessHygiene.Establish(args.Length);
            ParsedInvocation parsed = InvocationParser.Parse(process.State.Arguments);
            failure = parsed switch
            {
                ParsedInvocation.Valid { Invocation: Invocation.Diff } => ExitStatus.Trouble,
                ParsedInvocation.Valid { Invocation: Invocation.Collect { ExitStatus: int given } } => given,
                ParsedInvocation.Valid { Invocation: not (Invocation.Run or Invocation.Login or Invocation.Join) } => ExitStatus.No,
                _ => failure,
            };
            status = parsed switch
            {
                ParsedInvocation.Usage usage => Usage(usage, process),
                ParsedInvocation.Valid { Invocation: Invocation.Run run } => RunCommand.Run(run, process),
                ParsedInvocation.Valid { Invocation: Invocation.Login login } => LoginCommand.Run(login, process),
                ParsedInvocation.Valid { Invocation: Invocation.Join join } => JoinCommand.Run(join, process),
                ParsedInvocation.Valid { Invocation: Invocation.Sessions sessions } => SessionsCommand.Run(sessions, process),
                ParsedInvocation.Valid { Invocation: Invocation.Stop stop } => StopCommand.Run(stop, process),
                ParsedInvocation.Valid { Invocation: Invocation.Namespaces namespaces } => NamespacesCommand.Run(namespaces, process),
                ParsedInvocation.Valid { Invocation: Invocation.Mounts mounts } => MountsCommand.Run(mounts, process),
                ParsedInvocation.Valid { Invocation: Invocation.Diff diff } => DiffCommand.Run(diff, process),
                ParsedInvocation.Valid { Invocation: Invocation.Changes changes } => ChangesCommand.Run(changes, process),
                ParsedInvocation.Valid { Invocation: Invocation.Collect collect } => CollectCommand.Run(collect, process),
                ParsedInvocation.Valid valid => Query(valid.Invocation, process),
                _ => throw new UnreachableException(),
            };
        }
        catch (Exception exception) when (IsTold(exception, process))
        {
            status = failure;
        }

        // No finalizer, no exit handler: nothing of the runtime runs on the way out.
        return StandardStreams.Exit(status);
    }

    private static int Usage(ParsedInvocation.Usage usage, CleanProcess process)
    {
        PermanentDrop.ForGood(process);
        return Report.Usage(usage);
    }

    private static bool IsTold(Exception exception, CleanProcess? process)
    {
        PermanentDrop.BeforeMessage(process);
        return Report.IsTold(exception);
    }

    private static int Query(Invocation invocation, CleanProcess process)
    {
        // Only these need root. Whatever else reads or prints does it as nobody but the caller.
        PermanentDrop.ForGood(process);
        return invocation.AsUser is string user ? AsUser(user, invocation, process) : Answer(invocation, process);
    }

    private static int AsUser(string user, Invocation invocation, CleanProcess process)
    {
        if (!process.AskedByRoot || OtherUser.Become(user, process) is not { } other)
        {
            Report.Refusal("answer for", user, process.AskedByRoot ? "there is no such user" : "only root may ask about another user", null);
            return ExitStatus.No;
        }

        return Answer(invocation, other);
    }

    private static int Answer(Invocation invocation, CleanProcess process)
    {
        return invocation switch
        {
            Invocation.Explain explain => ExplainCommand.Run(explain, process),
            Invocation.Allowed allowed => AllowedCommand.Run(allowed, process),
            Invocation.Show show => ShowCommand.Run(show, process),
            Invocation.Check check => CheckCommand.Run(check, process),
            Invocation.Doctor doctor => DoctorCommand.Run(doctor, process),
            Invocation.Profiles profiles => ProfilesCommand.Run(profiles, process),
            Invocation.Help help => HelpCommand.Run(help),
            Invocation.Version => VersionCommand.Run(),
            _ => throw new UnreachableException(),
        };
    }
}
