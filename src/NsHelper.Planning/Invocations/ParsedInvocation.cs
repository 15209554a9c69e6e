namespace NsHelper.Planning.Invocations;

/// <summary>What <see cref="InvocationParser"/> made of a command line.</summary>
internal abstract record ParsedInvocation
{
    private ParsedInvocation()
    {
    }

    internal sealed record Valid(Invocation Invocation) : ParsedInvocation;

    /// <param name="Message">One line of printable ASCII: lower case, no full stop, names the help that answers it.</param>
    /// <param name="ExitStatus">125 for run, whose status is otherwise the command's own; 2 for all else.</param>
    internal sealed record Usage(string Message, int ExitStatus) : ParsedInvocation;
}
