using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>
/// Looks with the caller's rights at the lower directories of a profile, so that what is wrong about one is said in words. The plan has the
/// same checks once more, on the descriptor that is mounted.
/// </summary>
internal static unsafe class LowerFactsReader
{
    private const int OpenHowSize = 24;
    private const uint OthersMayWrite = 0x12; // S_IWGRP | S_IWOTH
    private const uint PermissionBits = 0xfff;
    private const int StatfsSize = 128;
    private const int StatfsFlagsOffset = 80;
    private const long NoSuid = 2; // ST_NOSUID

    public static ImmutableArray<LowerFact> Read(ImmutableArray<AbsolutePath> paths)
    {
        var facts = ImmutableArray.CreateBuilder<LowerFact>(paths.Length);
        foreach (AbsolutePath path in paths)
        {
            facts.Add(Read(path));
        }

        return facts.MoveToImmutable();
    }

    private static LowerFact Read(AbsolutePath path)
    {
        FileDescriptor? directory = null;
        try
        {
            string place = "";
            directory = Open(null, "/", out int error);
            string? defect = Defect(directory, "/", error, out stat status);
            foreach (string part in path.Parts)
            {
                if (defect is not null)
                {
                    break;
                }

                place = $"{place}/{part}";
                FileDescriptor? next = Open(directory, part, out error);
                directory!.Dispose();
                directory = next;
                defect = Defect(directory, place, error, out status);
            }

            return defect is not null
                ? new LowerFact(path) { Defect = defect }
                : WithFileSystem(new LowerFact(path) { Mode = (int)((uint)status.st_mode & PermissionBits), Group = new GroupId((uint)status.st_gid) }, directory!);
        }
        finally
        {
            directory?.Dispose();
        }
    }

    private static FileDescriptor? Open(FileDescriptor? parent, string name, out int error)
    {
        open_how how = default;
        how.flags = (ulong)(uint)(O_PATH | O_DIRECTORY | O_CLOEXEC);
        how.resolve = (ulong)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | (parent is null ? 0 : RESOLVE_BENEATH));
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            int result = (int)openat2(parent?.Number ?? AT_FDCWD, text, &how, OpenHowSize);
            error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            return result < 0 ? null : FileDescriptor.Take(result, "openat2", name);
        }
    }

    private static string? Defect(FileDescriptor? directory, string place, int error, out stat status)
    {
        status = default;
        string shown = Escaped.Text(place);
        if (directory is null)
        {
            return error == ENOENT ? "does not exist"
                : error == ELOOP ? $"lies behind a symbolic link ({shown})"
                : error == ENOTDIR ? $"is no directory ({shown})"
                : $"cannot be reached by this user ({shown}: {ErrnoText.Of(error)})";
        }

        stat found = default;
        SystemCallException.ThrowIfNegative(fstat(directory.Number, &found), "fstat", place);
        status = found;

        // A POSIX ACL that lets others write shows in the group bits, which are its mask.
        return found.st_uid != 0 ? $"must be root's, with every directory on the way: {shown} is not"
            : ((uint)found.st_mode & OthersMayWrite) != 0 ? $"must be writable by root alone, with every directory on the way: {shown} is writable by its group or others"
            : null;
    }

    private static LowerFact WithFileSystem(LowerFact fact, FileDescriptor directory)
    {
        // Safe: struct statfs has 120 bytes, and its first field and f_flags are where they are read.
        byte* buffer = stackalloc byte[StatfsSize];
        long result = (long)syscall(Execution.SystemCalls.NumberOf(Execution.SystemCall.Fstatfs), directory.Number, buffer);
        SystemCallException.ThrowIfNegative(result, "fstatfs", fact.Path.Text);
        return fact with { FileSystemType = *(long*)buffer, IsNoSuid = (*(long*)(buffer + StatfsFlagsOffset) & NoSuid) != 0 };
    }
}
