namespace NsHelper.Linux.Process;

/// <summary>
/// Root put aside: real and saved uid are 0, the effective uid is the caller's, every capability is permitted and none is effective.
/// Proof that start-up was clean, made once and consumed once, by the executor.
/// </summary>
internal sealed class ParkedPrivileges
{
    public bool IsConsumed { get; private set; }

    /// <summary>Only <see cref="ProcessHygiene"/> makes one.</summary>
    internal ParkedPrivileges()
    {
    }

    /// <summary>There is one raise in the whole program.</summary>
    public void Consume()
    {
        if (IsConsumed)
        {
            throw new InvalidOperationException("privileges are raised once");
        }

        IsConsumed = true;
    }
}
