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
        try
        {
            CleanProcess process = ProcessHygiene.Establish(args.Length);
            status = InvocationParser.Parse(process.State.Arguments) switch
            {
                ParsedInvocation.Usage usage => Report.Usage(usage),
                ParsedInvocation.Valid valid => Dispatch(valid.Invocation, process),
                _ => throw new UnreachableException(),
            };
        }
        catch (Exception exception) when (Report.IsTold(exception))
        {
            status = ExitStatus.NotStarted;
        }

        // No finalizer, no exit handler: nothing of the runtime runs on the way out.
        return StandardStreams.Exit(status);
    }

    private static int Dispatch(Invocation invocation, CleanProcess process) => invocation switch
    {
        Invocation.Run run => RunCommand.Run(run, process),
        Invocation.Explain explain => ExplainCommand.Run(explain, process),
        _ => throw new UnreachableException(),
    };
}
