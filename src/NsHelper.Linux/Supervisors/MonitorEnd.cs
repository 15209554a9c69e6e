namespace NsHelper.Linux.Supervisors;

/// <summary>How a session ended, as its monitor saw it.</summary>
/// <param name="Status">Exit status of the command, 128 and the signal that killed it, or what a part that failed before it said; null when it was not waited for any longer.</param>
/// <param name="IsReady">Whether the session stood.</param>
/// <param name="RanOut">Ended by runtime_max.</param>
internal readonly record struct MonitorEnd(int? Status, bool IsReady, bool RanOut)
{
    /// <summary>The session has not ended: its command has been executed, and it goes on by itself.</summary>
    public bool IsDetached { get; init; }
}
