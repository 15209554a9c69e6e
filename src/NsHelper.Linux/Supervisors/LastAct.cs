using System.Globalization;
using System.Text;
using NsHelper.Linux.Execution;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>
/// `nshelper gc` as the last act of a monitor whose session had a share that ends with it. The monitor has given up root for good, so it starts the
/// program anew, as its user could: the setuid bit gives what is needed, and nothing of this process has a say in what is done. It becomes that
/// program, since a process whose children were to be in a process namespace that has ended gets no child any more.
/// </summary>
internal static unsafe class LastAct
{
    /// <summary>Returns when it cannot be started. What it does not do the next start of such a session does.</summary>
    public static void Become(int status)
    {
        fixed (byte* program = "/proc/self/exe\0"u8, name = "nshelper\0"u8, verb = "gc\0"u8, quiet = "-q\0"u8, option = "--exit-status\0"u8,
            value = Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture) + "\0"))
        {
            byte** arguments = stackalloc byte*[] { name, verb, quiet, option, value, null };
            byte** environment = stackalloc byte*[] { null };
            _ = syscall(SystemCalls.NumberOf(SystemCall.Execve), program, arguments, environment);
        }
    }
}
