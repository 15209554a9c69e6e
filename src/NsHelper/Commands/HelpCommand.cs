using NsHelper.Linux.Native;
using NsHelper.Planning.Invocations;

namespace NsHelper.Commands;

/// <summary>`help`, `--help`, and `VERB --help`.</summary>
internal static class HelpCommand
{
    public static int Run(Invocation.Help invocation) =>
        StandardStreams.WriteOutput(invocation.Topic is { } verb ? HelpText.Of(verb) : HelpText.General()) ? ExitStatus.Done : ExitStatus.No;
}
