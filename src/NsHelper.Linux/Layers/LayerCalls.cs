using System.Runtime.InteropServices;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>The system calls that reading and removing kept layers takes, by number; each throws with its errno unless noted. Names are bytes, one component long.</summary>
internal static unsafe class LayerCalls
{
    private const int OpenHowSize = 24;
    private const int MountAttrSize = 32;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int StatAtNumber => IsArm64 ? 79 : 262;

    private static int GetXattrNumber => IsArm64 ? 9 : 192;

    /// <summary>openat2(2) of one name in a directory, through no link, or of an absolute path; null when it is not there.</summary>
    public static FileDescriptor? Open(FileDescriptor? directory, ReadOnlySpan<byte> name, int flags, ulong resolve, string subject)
    {
        open_how how = default;
        how.flags = (ulong)(uint)(flags | O_CLOEXEC);
        how.resolve = resolve | (ulong)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | (directory is null ? 0 : RESOLVE_BENEATH));
        fixed (byte* text = Terminated(name))
        {
            int result = (int)openat2(directory?.Number ?? AT_FDCWD, text, &how, OpenHowSize);
            return result < 0 && Marshal.GetLastPInvokeError() == ENOENT ? null : FileDescriptor.Take(result, "openat2", subject);
        }
    }

    /// <summary>newfstatat(2), the last component not followed; null when it is not there.</summary>
    public static stat? StatusAt(FileDescriptor directory, ReadOnlySpan<byte> name, string subject)
    {
        stat status = default;
        fixed (byte* text = Terminated(name))
        {
            int error = ErrnoOf((long)syscall(StatAtNumber, directory.Number, text, &status, AT_SYMLINK_NOFOLLOW));
            return error == 0 ? status : error == ENOENT ? null : throw new SystemCallException("newfstatat", subject, error);
        }
    }

    /// <summary>lgetxattr(2) of a name in the working directory: the first byte of the value, 0 when it is empty, null when there is none.</summary>
    public static byte? AttributeOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> attribute)
    {
        const int room = 64;
        byte* value = stackalloc byte[room];
        fixed (byte* text = Terminated(name), attributeText = Terminated(attribute))
        {
            long length = (long)syscall(GetXattrNumber, text, attributeText, value, room);

            // ERANGE: a value that is longer is there.
            return length > 0 ? value[0] : length == 0 || Marshal.GetLastPInvokeError() == ERANGE ? 0 : null;
        }
    }

    public static byte[] LinkText(FileDescriptor directory, ReadOnlySpan<byte> name, string subject)
    {
        const int pathMax = 4096;
        byte* buffer = stackalloc byte[pathMax];
        fixed (byte* text = Terminated(name))
        {
            long length = (long)syscall(SystemCalls.NumberOf(SystemCall.ReadLinkAt), directory.Number, text, buffer, pathMax);
            SystemCallException.ThrowIfNegative(length, "readlinkat", subject);

            // Safe: `length` is at most the size of the buffer.
            return new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
        }
    }

    /// <summary>The errno; 0 when it is done.</summary>
    public static int Remove(FileDescriptor directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        fixed (byte* text = Terminated(name))
        {
            return ErrnoOf((long)syscall(SystemCalls.NumberOf(SystemCall.UnlinkAt), directory.Number, text, isDirectory ? AT_REMOVEDIR : 0));
        }
    }

    /// <summary>renameat2(2) with RENAME_NOREPLACE. The errno; 0 when it is done.</summary>
    public static int Rename(FileDescriptor from, ReadOnlySpan<byte> name, FileDescriptor to, ReadOnlySpan<byte> newName)
    {
        fixed (byte* text = Terminated(name), newText = Terminated(newName))
        {
            return ErrnoOf((long)syscall(SystemCalls.NumberOf(SystemCall.RenameAt2), from.Number, text, to.Number, newText, KernelConstants.RENAME_NOREPLACE));
        }
    }

    /// <summary>mkdirat(2) with mode 0700; that it is there already is no error.</summary>
    public static void MakeDirectory(FileDescriptor directory, ReadOnlySpan<byte> name, string subject)
    {
        fixed (byte* text = Terminated(name))
        {
            int error = ErrnoOf((long)syscall(SystemCalls.NumberOf(SystemCall.MkdirAt), directory.Number, text, 0x1c0));
            if (error is not 0 && error != EEXIST)
            {
                throw new SystemCallException("mkdirat", subject, error);
            }
        }
    }

    public static void EnterDirectory(FileDescriptor directory, string subject) =>
        SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.Fchdir), directory.Number), "fchdir", subject);

    /// <summary>
    /// A copy of the mount a directory lies on, beginning there: detached, read-only, nosuid, nodev and noexec. Whatever becomes of its
    /// descriptor, nothing is changed through it and no setuid file has effect.
    /// </summary>
    public static FileDescriptor HarmlessCopy(FileDescriptor directory, string subject)
    {
        byte* empty = stackalloc byte[] { 0 };
        int tree = (int)(long)syscall(
            SystemCalls.NumberOf(SystemCall.OpenTree), directory.Number, empty, AT_EMPTY_PATH | KernelConstants.OPEN_TREE_CLONE | O_CLOEXEC);
        FileDescriptor copy = FileDescriptor.Take(tree, "open_tree", subject);
        ulong* attributes = stackalloc ulong[]
        {
            (ulong)(Planning.Sessions.MountAttributes.ReadOnly | Planning.Sessions.MountAttributes.NoSuid | Planning.Sessions.MountAttributes.NoDev | Planning.Sessions.MountAttributes.NoExec),
            0, (ulong)MS_PRIVATE, 0,
        };
        SystemCallException.ThrowIfNegative(
            (long)syscall(SystemCalls.NumberOf(SystemCall.MountSetAttr), tree, empty, AT_EMPTY_PATH, attributes, MountAttrSize), "mount_setattr", subject);
        return copy;
    }

    private static int ErrnoOf(long result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private static byte[] Terminated(ReadOnlySpan<byte> name) => [.. name, 0];
}
