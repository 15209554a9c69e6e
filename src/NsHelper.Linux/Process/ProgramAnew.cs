using System.Collections.Immutable;
using NsHelper.Linux.Execution;
using NsHelper.Planning;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// This program started again in place of itself, by a process that has given root up for good: as its user could. The setuid bit gives what is needed,
/// and nothing of this process has a say in what is done.
/// </summary>
internal static unsafe class ProgramAnew
{
    /// <summary>Returns when it cannot be started.</summary>
    public static void Become(ImmutableArray<ByteString> arguments, ImmutableArray<ByteString> environment)
    {
        var memory = new UnmanagedMemory();
        fixed (byte* program = "/proc/self/exe\0"u8)
        {
            _ = syscall(SystemCalls.NumberOf(SystemCall.Execve), program, memory.Strings(arguments.AsSpan()), memory.Strings(environment.AsSpan()));
        }
    }

    /// <summary>The same after a while.</summary>
    public static void BecomeIn(int milliseconds, ImmutableArray<ByteString> arguments, ImmutableArray<ByteString> environment)
    {
        _ = poll(null, 0, milliseconds); // a signal ends the process, or is none of ours
        Become(arguments, environment);
    }
}
