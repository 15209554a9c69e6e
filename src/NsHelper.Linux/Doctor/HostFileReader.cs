using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Doctor;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Doctor;

/// <summary>Looks at files and directories of the host with the caller's rights. What the caller may not see is an answer, and nothing here fails.</summary>
internal static unsafe class HostFileReader
{
    /// <summary>A longer file is not read: its lines would be a large part of the memory that the program allows itself.</summary>
    private const int MaxBytes = 1 << 20;

    public static HostFile Read(string path)
    {
        try
        {
            byte[] text = CallerFile.Read(ByteString.FromText(path), null, MaxBytes);
            return text.Length <= MaxBytes ? new HostFile(path, Presence.There, new ByteString(text)) : new HostFile(path, Presence.Unseen, default);
        }
        catch (SystemCallException fault)
        {
            return new HostFile(path, PresenceOf(fault.Errno), default);
        }
    }

    /// <summary>The names in a directory that end so, sorted by their bytes; none where it is not there, null where the caller may not look.</summary>
    public static List<string>? Names(string directory, string ending)
    {
        try
        {
            List<string> names = CallerFile.List(ByteString.FromText(directory), null) ?? [];
            names.RemoveAll(name => !name.EndsWith(ending, StringComparison.Ordinal));
            return names;
        }
        catch (SystemCallException fault)
        {
            return PresenceOf(fault.Errno) == Presence.Missing ? [] : null;
        }
    }

    /// <summary>The path itself; a link is not followed.</summary>
    public static HostPath Look(string path)
    {
        stat status = default;
        fixed (byte* text = Terminated(path))
        {
            return lstat(text, &status) == 0 ? Of(path, status) : Absent(path);
        }
    }

    /// <summary>What the path leads to.</summary>
    /// <param name="identity">Device and inode; the same for one file by all its names.</param>
    public static HostPath LookBehind(string path, out (ulong Device, ulong Inode) identity)
    {
        stat status = default;
        identity = default;
        fixed (byte* text = Terminated(path))
        {
            if (stat(text, &status) != 0)
            {
                return Absent(path);
            }

            identity = ((ulong)status.st_dev, (ulong)status.st_ino);
            return Of(path, status);
        }
    }

    public static bool IsLinkTo(string path, string text) => CallerFile.IsLinkTo(ByteString.FromText(path), null, text);

    private static HostPath Of(string path, in stat status) => new(path, Presence.There, (uint)status.st_uid, (uint)status.st_gid, (uint)status.st_mode);

    private static HostPath Absent(string path) => new(path, PresenceOf(Marshal.GetLastPInvokeError()), 0, 0, 0);

    private static Presence PresenceOf(int errno) => errno == ENOENT || errno == ENOTDIR ? Presence.Missing : Presence.Unseen;

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');
}
