using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Native;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>
/// What proc(5) shows of a process, read with the rights of the caller. Our own is reached as "self": a process may look at itself,
/// dumpable or not, whatever hidepid says, and it is in the namespaces of its caller.
/// </summary>
internal static unsafe class ProcFile
{
    /// <summary>A hundred thousand mounts, the kernel's default limit of a namespace, take about a third of this.</summary>
    private const int MaxBytes = 64 << 20;
    private const int ENOENT = 2;
    private const int ESRCH = 3;
    private const int EFBIG = 27;

    /// <summary>Below /proc/PID; a null process id is this process.</summary>
    public static string PathOf(int? processId, string name) => processId is { } pid
        ? string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}")
        : $"/proc/self/{name}";

    /// <exception cref="SystemCallException">ESRCH when there is no such process for this caller.</exception>
    public static FileDescriptor Open(int? processId, string name, int flags)
    {
        string path = PathOf(processId, name);
        byte[] terminated = Encoding.ASCII.GetBytes(path + "\0");
        int result;

        // Safe: the array is pinned for the call and ends in NUL.
        fixed (byte* start = terminated)
        {
            result = open(start, flags | O_CLOEXEC);
        }

        if (result < 0 && processId is not null && Marshal.GetLastPInvokeError() == ENOENT)
        {
            throw new SystemCallException("open", path, ESRCH);
        }

        return FileDescriptor.Take(result, "open", path);
    }

    /// <summary>The whole text of a file.</summary>
    public static byte[] Read(int? processId, string name)
    {
        using FileDescriptor file = Open(processId, name, O_RDONLY);
        string path = PathOf(processId, name);
        byte[] text = FileContent.Read(file, path, MaxBytes);
        return text.Length <= MaxBytes ? text : throw new SystemCallException("read", path, EFBIG);
    }
}
