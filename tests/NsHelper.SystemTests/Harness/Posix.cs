using System.Runtime.InteropServices;

namespace NsHelper.SystemTests.Harness;

/// <summary>The system calls the tests need and .NET has not; each throws with errno.</summary>
internal static partial class Posix
{
    public const ulong MS_BIND = 4096;
    public const ulong MS_REC = 16384;
    public const ulong MS_PRIVATE = 1 << 18;
    public const ulong MS_SLAVE = 1 << 19;
    public const ulong MS_SHARED = 1 << 20;
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;
    public const int SIGCONT = 18;
    public const int SIGINT = 2;
    public const int SIGSTOP = 19;

    public static void Chown(string path, uint user, uint group) => Check(NativeLchown(path, user, group), $"lchown {path}");

    public static void Mount(string source, string target, string type, ulong flags, string data) =>
        Check(NativeMount(source, target, type, flags, data), $"mount {target}");

    /// <summary>Lazily, so that a test's clean-up never hangs on a busy mount.</summary>
    public static void Unmount(string target) => Check(NativeUmount2(target, 2), $"umount {target}");

    public static void MakeFifo(string path, uint mode) => Check(NativeMkfifo(path, mode), $"mkfifo {path}");

    /// <summary>False when there is no such process.</summary>
    public static bool Kill(int pid, int signal) => NativeKill(pid, signal) == 0;

    private static void Check(int result, string what)
    {
        if (result != 0)
        {
            throw new IOException($"{what}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeLchown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUmount2(string target, int flags);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMkfifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int NativeKill(int pid, int signal);
}
