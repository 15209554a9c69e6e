using NsHelper.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// Descriptors 0, 1 and 2: each is there, and none is a directory, an O_PATH handle or a namespace, through which the command would reach
/// what its profile hides. What is missing or of another kind becomes /dev/null. Nothing is read from or written to them here.
/// </summary>
internal static unsafe class StandardDescriptors
{
    public static void Ensure()
    {
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (!IsHarmless(descriptor))
            {
                Replace(descriptor);
            }
        }
    }

    /// <summary>A descriptor that can be written to and is as harmless as the three; it will not outlive an execve. -1 for any other.</summary>
    public static int KeepForStatus(int descriptor) =>
        descriptor >= 0 && IsHarmless(descriptor) && (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY && fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
            ? descriptor : -1;

    /// <summary>What was kept and has no use; -1 is none.</summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    private static bool IsHarmless(int descriptor)
    {
        int flags = fcntl(descriptor, F_GETFL);
        if (flags < 0 || (flags & O_PATH) != 0)
        {
            return false;
        }

        stat status = default;
        if (fstat(descriptor, &status) < 0)
        {
            return false;
        }

        // Files of /proc/PID/ns and pidfds are regular files or have no type: their file systems are the kernel's own, without a device to speak of.
        mode_t type = status.st_mode & S_IFMT;
        return type == S_IFCHR || type == S_IFIFO || type == S_IFSOCK || (type == S_IFREG && !IsKernelObject(descriptor));
    }

    /// <summary>nsfs and pidfs: what setns(2) takes.</summary>
    private static bool IsKernelObject(int descriptor)
    {
        const long nsfsMagic = 0x6e736673;
        const long pidfsMagic = 0x50494446;
        long* status = stackalloc long[32];
        if ((long)syscall(Execution.SystemCalls.NumberOf(Execution.SystemCall.Fstatfs), descriptor, status) < 0)
        {
            return true;
        }

        return status[0] is nsfsMagic or pidfsMagic;
    }

    /// <summary>/dev/null, which will not outlive an execve.</summary>
    public static int OpenNull()
    {
        fixed (byte* start = "/dev/null\0"u8)
        {
            int opened = open(start, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
            SystemCallException.ThrowIfNegative(opened, "open", "/dev/null");
            stat status = default;
            return fstat(opened, &status) == 0 && (status.st_mode & S_IFMT) == S_IFCHR ? opened : throw new StartFaultException("/dev/null is no device");
        }
    }

    private static void Replace(int descriptor)
    {
        int opened = OpenNull();

        // dup2 onto itself would leave close-on-exec set, so the descriptor that open found free is freed of it by hand.
        if (opened == descriptor)
        {
            SystemCallException.ThrowIfNegative(fcntl(opened, F_SETFD, 0), "fcntl", "/dev/null");
            return;
        }

        SystemCallException.ThrowIfNegative(dup2(opened, descriptor), "dup2", "/dev/null");
        _ = close(opened); // the copy is what counts
    }
}
