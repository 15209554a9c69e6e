using NsHelper.Planning.Invocations;

namespace NsHelper.Commands;

/// <summary>`help`, `--help`, and `VERB --help`.</summary>
internal static class HelpCommand
{
    public static int Run(Invocation.Help invocation) =>
        Report.Answer(invocation.Topic is { } verb ? HelpText.Of(verb) : HelpText.General());
}
