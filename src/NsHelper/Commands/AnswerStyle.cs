using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Commands;

/// <summary>How an answer on standard output is drawn.</summary>
internal static class AnswerStyle
{
    public static OutputStyle Of(OutputChoice output, CleanProcess process) => OutputStyle.Resolve(
        output.Color, StandardStreams.OutputIsTerminal() ? OutputTarget.Terminal : OutputTarget.File, process.State.Environment);
}
