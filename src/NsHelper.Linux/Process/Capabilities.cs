using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>The capabilities of this process, outside of a plan.</summary>
internal static unsafe class Capabilities
{
    /// <summary>Permitted, effective, inheritable and with them ambient: none is left, and none comes back.</summary>
    public static void Drop()
    {
        uint* header = stackalloc uint[] { LINUX_CAPABILITY_VERSION_3, 0 };
        uint* none = stackalloc uint[6];
        SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.Capset), header, none), "capset", "capabilities");
    }
}
