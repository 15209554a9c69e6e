using System.Runtime.InteropServices;
using NsHelper.Linux.Native;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// SIGALRM interrupts the system call that takes too long, and no further one is made, so that the start fails there and says so. Process 1
/// of a namespace would not even die of the signal. execve(2) makes it the default again.
/// </summary>
internal static unsafe class Deadline
{
    /// <summary>The time of the start is over.</summary>
    public static bool IsOver { get; private set; }

    public static void Catch()
    {
        sigaction_t action = new() { handler = &Interrupt };
        SystemCallException.ThrowIfNegative(sigaction(SIGALRM, &action, null), "sigaction", "SIGALRM");
    }

    [UnmanagedCallersOnly]
    private static void Interrupt(int signal) => IsOver = true;
}
