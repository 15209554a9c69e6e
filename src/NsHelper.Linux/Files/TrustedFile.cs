using NsHelper.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>
/// Files and directories that only root can have shaped: opened once, without following links, and judged by what the descriptor says.
/// No lock is asked for: whoever may read a file could hold one and stop everybody.
/// </summary>
internal static unsafe class TrustedFile
{
    private const uint OthersMayWrite = 0x12; // S_IWGRP | S_IWOTH
    private const int OpenHowSize = 24;

    private static int DirectoryFlags => O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

    /// <summary>A directory by absolute path, every component from the root on owned by root and writable by nobody else.</summary>
    /// <returns>Null when it does not exist.</returns>
    public static FileDescriptor? OpenDirectory(string path)
    {
        const string root = "/";
        if (path == root)
        {
            return Trusted(Open(null, root, root, DirectoryFlags), root, S_IFDIR);
        }

        int slash = path.LastIndexOf('/');
        using FileDescriptor? parent = OpenDirectory(slash == 0 ? root : path[..slash]);
        return parent is null ? null : OpenDirectory(parent, path[(slash + 1)..], path);
    }

    /// <summary>A directory in a trusted directory.</summary>
    /// <returns>Null when it does not exist.</returns>
    public static FileDescriptor? OpenDirectory(FileDescriptor parent, string name, string path) =>
        Trusted(Open(parent, name, path, DirectoryFlags), path, S_IFDIR);

    /// <summary>The bytes of a regular file in a trusted directory.</summary>
    /// <returns>Null when there is no such file.</returns>
    public static byte[]? Read(FileDescriptor directory, string name, string path, int limit)
    {
        // O_NONBLOCK: a FIFO in the file's place must not make us wait.
        using FileDescriptor? file = Trusted(Open(directory, name, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), path, S_IFREG);
        return file is null ? null : FileContent.Read(file, path, limit);
    }

    /// <summary>Whether a name in a trusted directory is a symbolic link with this text.</summary>
    public static bool IsLinkTo(FileDescriptor directory, string name, string text)
    {
        byte[] terminated = System.Text.Encoding.UTF8.GetBytes(name + '\0');
        byte[] wanted = System.Text.Encoding.UTF8.GetBytes(text);
        byte[] link = new byte[wanted.Length + 1];

        // Safe: both are pinned for the call, the name ends in NUL, and the length of the buffer goes with it.
        fixed (byte* nameStart = terminated, start = link)
        {
            return (long)readlinkat(directory.Number, nameStart, start, link.Length) == wanted.Length && link.AsSpan().StartsWith(wanted);
        }
    }

    private static FileDescriptor? Open(FileDescriptor? directory, string name, string path, int flags)
    {
        open_how how = default;
        how.flags = (ulong)(uint)flags;
        how.resolve = (ulong)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | (directory is null ? 0 : RESOLVE_BENEATH));
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(name + '\0'))
        {
            int result = (int)openat2(directory?.Number ?? AT_FDCWD, text, &how, OpenHowSize);
            int error = result < 0 ? System.Runtime.InteropServices.Marshal.GetLastPInvokeError() : 0;
            return error == ENOENT ? null
                : error == ELOOP ? throw new UntrustedFileException(path, "is a symbolic link")
                : FileDescriptor.Take(result, "openat2", path);
        }
    }

    private static FileDescriptor? Trusted(FileDescriptor? descriptor, string path, mode_t type)
    {
        if (descriptor is null)
        {
            return null;
        }

        stat status = default;
        SystemCallException.ThrowIfNegative(fstat(descriptor.Number, &status), "fstat", path);

        // A POSIX ACL that lets others write shows in the group bits, which are its mask.
        bool othersMayWrite = ((uint)status.st_mode & OthersMayWrite) != 0;
        string? defect =
            (status.st_mode & S_IFMT) != type ? type == S_IFDIR ? "is not a directory" : "is not a regular file"
            : status.st_uid != 0 ? "is not owned by root"
            : othersMayWrite ? "is writable by its group or others"
            : type == S_IFREG && (ulong)status.st_nlink != 1 ? "has more than one name (hard links)"
            : null;
        return defect is null ? descriptor : throw new UntrustedFileException(path, defect);
    }
}
