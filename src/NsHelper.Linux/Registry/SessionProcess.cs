using System.Globalization;
using System.Runtime.InteropServices;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Registry;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Registry;

/// <summary>
/// A process that was proven to be the one of a record: open by a descriptor of the process and one of its directory in /proc, which both stay with it and
/// never lead to another that gets its number. Nothing is read of it but what the kernel writes: not its name, its arguments, its directories.
/// </summary>
internal sealed unsafe class SessionProcess : IDisposable
{
    private const int StatRoom = 1024;

    // The same on every architecture.
    public const int PidFdOpen = 434;
    private const int PidFdSendSignal = 424;

    private readonly FileDescriptor directory;

    private SessionProcess(FileDescriptor descriptor, FileDescriptor directory) => (Descriptor, this.directory) = (descriptor, directory);

    /// <summary>Of pidfd_open(2).</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Null when that process has ended.</summary>
    public static SessionProcess? Open(ProcessIdentity identity)
    {
        // In this order: a process that is the right one now, and began before, had the number all the time.
        int descriptor = (int)(long)syscall(PidFdOpen, identity.Pid, 0);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == ESRCH || error == EINVAL ? null : throw new SystemCallException("pidfd_open", PathOf(identity), error);
        }

        FileDescriptor process = FileDescriptor.Take(descriptor, "pidfd_open", PathOf(identity));
        FileDescriptor? directory = OpenAt(null, PathOf(identity), O_PATH | O_DIRECTORY);
        if (directory is null && !HasEnded(process, 0))
        {
            // A /proc that hides it (hidepid=) must not make a session look ended.
            throw new SystemCallException("openat", PathOf(identity), EACCES);
        }

        if (directory is not null && IdentityOf(directory) == identity)
        {
            return new SessionProcess(process, directory);
        }

        directory?.Dispose();
        process.Dispose();
        return null;
    }

    /// <summary>That namespace, open; null when the process is in another one, or has ended.</summary>
    public FileDescriptor? Namespace(NamespaceKind kind, ulong id)
    {
        FileDescriptor? opened = OpenAt(directory, $"ns/{NamespaceKinds.NameOf(kind)}", O_RDONLY);
        stat status = default;
        if (opened is not null && fstat(opened.Number, &status) == 0 && status.st_ino == id)
        {
            return opened;
        }

        opened?.Dispose();
        return null;
    }

    /// <summary>pidfd_send_signal(2), with the rights that this process has by then. Whoever is gone needs none.</summary>
    public void Signal(int signal)
    {
        long result = (long)syscall(PidFdSendSignal, Descriptor.Number, signal, null, 0);
        int error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error != 0 && error != ESRCH)
        {
            throw new SystemCallException("pidfd_send_signal", "a process of the session", error);
        }
    }

    /// <summary>Whether it ends within so many milliseconds.</summary>
    public bool HasEnded(int milliseconds) => HasEnded(Descriptor, milliseconds);

    public void Dispose()
    {
        directory.Dispose();
        Descriptor.Dispose();
    }

    private static bool HasEnded(FileDescriptor process, int milliseconds)
    {
        pollfd waited = new() { fd = process.Number, events = POLLIN };
        return poll(&waited, 1, milliseconds) == 1;
    }

    private static string PathOf(ProcessIdentity identity) => string.Create(CultureInfo.InvariantCulture, $"/proc/{identity.Pid}");

    /// <summary>The process of a directory in /proc, or this one; null when it has ended.</summary>
    public static ProcessIdentity? IdentityOf(FileDescriptor? directory)
    {
        Span<byte> text = stackalloc byte[StatRoom];
        return FileStart.Read(directory, directory is null ? "/proc/self/stat\0"u8 : "stat\0"u8, text, "/proc/PID/stat") is int length ? ProcessIdentity.OfStat(text[..length]) : null;
    }

    /// <summary>Null when it is not there, or not any more.</summary>
    private static FileDescriptor? OpenAt(FileDescriptor? directory, string path, int flags)
    {
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(path + "\0"))
        {
            int opened = openat(directory?.Number ?? AT_FDCWD, text, flags | O_CLOEXEC);
            int error = opened < 0 ? Marshal.GetLastPInvokeError() : 0;
            return error == ENOENT || error == ESRCH ? null : FileDescriptor.Take(opened, "openat", path);
        }
    }
}
