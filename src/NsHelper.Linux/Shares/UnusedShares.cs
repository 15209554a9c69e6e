using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Files;
using NsHelper.Linux.Layers;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Shares;

/// <summary>Shares that were to end with their last session and are still mounted: that session's monitor was killed, or is about to do this.</summary>
internal static unsafe class UnusedShares
{
    /// <summary>The keys of those that no session has, in the order of their names.</summary>
    /// <param name="removes">Whether they are unmounted.</param>
    public static List<string> Take(RaisedPrivileges privileges, bool removes)
    {
        List<string> unused = [];
        privileges.BecomeFileRoot();
        using FileDescriptor run = RootDirectory.Open(null, StateDirectories.Run, 0, StateDirectories.Run)
            ?? throw new SystemCallException("openat2", StateDirectories.Run, ENOENT);
        using FileDescriptor? shares = RootDirectory.Open(run, StateDirectories.Share, 0, ShareBacking.Directory);
        using FileDescriptor? changes = OpenLocks(shares, ShareUse.ChangeFile);
        using FileDescriptor? uses = OpenLocks(shares, ShareUse.UseFile);
        if (shares is not null && changes is not null && uses is not null)
        {
            ulong device = RootDirectory.StatusOf(shares, ShareBacking.Directory).st_dev;
            List<string> keys = DirectoryListing.Read(shares, ShareBacking.Directory);
            keys.Sort(string.CompareOrdinal);
            foreach (string key in keys)
            {
                if (key.StartsWith(ShareBacking.UntilLastSession, StringComparison.Ordinal) && IsTaken(shares, device, (changes, uses), key, removes))
                {
                    unused.Add(key);
                }
            }
        }

        privileges.BecomeCaller();
        return unused;
    }

    private static FileDescriptor? OpenLocks(FileDescriptor? shares, string file) =>
        shares is null ? null : LayerCalls.Open(shares, Encoding.UTF8.GetBytes(file), O_RDWR, 0, $"{ShareBacking.Directory}/{file}");

    /// <summary>Nobody is waited for: a start that has the share in its hands will find out by itself.</summary>
    private static bool IsTaken(FileDescriptor shares, ulong device, (FileDescriptor Changes, FileDescriptor Uses) locks, string key, bool removes)
    {
        if (!Lock(locks.Changes, F_WRLCK, key))
        {
            return false;
        }

        string place = $"{ShareBacking.Directory}/{key}";

        // Another one may have taken it away since the names were read.
        bool isUnused = LayerCalls.StatusAt(shares, Encoding.UTF8.GetBytes(key), place) is { } status && status.st_dev != device && Lock(locks.Uses, F_WRLCK, key);
        if (isUnused && removes)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(place + "\0"))
            {
                SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.Umount2), path, MNT_DETACH | UMOUNT_NOFOLLOW), "umount2", place);
            }

            _ = LayerCalls.Remove(shares, Encoding.UTF8.GetBytes(key), isDirectory: true); // an empty directory that stays disturbs nobody
        }

        _ = Lock(locks.Uses, F_UNLCK, key);
        _ = Lock(locks.Changes, F_UNLCK, key);
        return isUnused;
    }

    private static bool Lock(FileDescriptor file, int type, string key)
    {
        // struct flock: l_type with l_whence (SEEK_SET), l_start, l_len, l_pid.
        long* range = stackalloc long[] { type, ShareUse.ByteOf(key), 1, 0 };
        if ((long)syscall(SystemCalls.NumberOf(SystemCall.Fcntl), file.Number, F_OFD_SETLK, range) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == EAGAIN ? false : throw new SystemCallException("fcntl", ShareBacking.Directory, error);
    }
}
