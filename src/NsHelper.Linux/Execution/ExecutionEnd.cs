namespace NsHelper.Linux.Execution;

/// <summary>What this process is when its part of a plan is over and it is not the command.</summary>
internal abstract record ExecutionEnd
{
    private ExecutionEnd()
    {
    }

    /// <summary>Its part failed; nothing of it runs on.</summary>
    internal sealed record Failed(ExecutionFault Fault) : ExecutionEnd;

    /// <summary>The process that was started; it waits for the init.</summary>
    internal sealed record IsMonitor(int Init) : ExecutionEnd;

    /// <summary>The init, which waits for the command.</summary>
    internal sealed record IsInit(int Command) : ExecutionEnd;
}
