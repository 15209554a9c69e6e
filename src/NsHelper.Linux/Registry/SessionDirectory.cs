using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Files;
using NsHelper.Linux.Layers;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Registry;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Registry;

/// <summary>
/// The sessions of one user: /run/nshelper/sessions/UID, in which each has two symbolic links that lead nowhere and whose texts are what is known of it
/// (<see cref="SessionRecord"/>, <see cref="SessionPlace"/>). Root alone can enter it; opened and used while the file ids are root's.
/// </summary>
internal sealed unsafe class SessionDirectory : IDisposable
{
    /// <summary>Between two attempts to get the lock. Milliseconds.</summary>
    private const int Pause = 5;

    /// <summary>Who starts sessions of the same user for longer than this is not waited for: about two seconds.</summary>
    private const int Attempts = 400;

    private readonly FileDescriptor directory;
    private readonly string path;

    private SessionDirectory(FileDescriptor directory, string path) => (this.directory, this.path) = (directory, path);

    /// <summary>Null when the user never had a session.</summary>
    public static SessionDirectory? Open(UserId user)
    {
        using FileDescriptor run = OpenRun();
        using FileDescriptor? all = OpenAll(run);
        return all is null ? null : Open(all, user);
    }

    /// <summary>Made when it is not there yet.</summary>
    public static SessionDirectory Make(UserId user)
    {
        using FileDescriptor run = OpenRun();
        using FileDescriptor all = OpenAll(run) ?? MakeAll(run);
        if (Open(all, user) is { } own)
        {
            return own;
        }

        LayerCalls.MakeDirectory(all, Encoding.ASCII.GetBytes(user.ToString()), SessionFiles.Directory);
        return Open(all, user) ?? throw new SystemCallException("openat2", SessionFiles.Directory, ENOENT);
    }

    /// <summary>Who has or had sessions, in the order of their numbers.</summary>
    public static List<UserId> Users()
    {
        List<UserId> users = [];
        using FileDescriptor run = OpenRun();
        using FileDescriptor? all = OpenAll(run);
        foreach (string name in all is null ? [] : DirectoryListing.Read(all, SessionFiles.Directory))
        {
            if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint user))
            {
                users.Add(new UserId(user));
            }
        }

        users.Sort((one, other) => one.Value.CompareTo(other.Value));
        return users;
    }

    /// <summary>False when somebody else has had it for too long: another start of this user, since nobody else can.</summary>
    public bool Lock()
    {
        for (int i = 0; i < Attempts; i++)
        {
            if ((long)syscall(SystemCalls.NumberOf(SystemCall.Flock), directory.Number, LOCK_EX | LOCK_NB) == 0)
            {
                return true;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error != EAGAIN && error != EINTR)
            {
                throw new SystemCallException("flock", path, error);
            }

            _ = poll(null, 0, Pause);
        }

        return false;
    }

    /// <summary>The sessions there are or were.</summary>
    public List<SessionName> Names() => Read(out _);

    /// <param name="places">Ids of sessions that stand or stood.</param>
    public List<SessionName> Read(out List<string> places)
    {
        List<SessionName> names = [];
        places = [];
        foreach (string file in DirectoryListing.Read(directory, path))
        {
            if (SessionName.Parse(file) is { } name)
            {
                names.Add(name);
            }
            else if (SessionName.IsId(file))
            {
                places.Add(file);
            }
        }

        return names;
    }

    /// <summary>How many there are or were, for one more.</summary>
    public SessionCount Count(SessionName wanted)
    {
        var count = new SessionCount(wanted);
        DirectoryListing.Visit(directory, path, count.Add);
        return count;
    }

    public SessionRecord? RecordOf(SessionName name) => TextOf(name.ToString()) is { } text ? SessionRecord.Parse(Encoding.ASCII.GetString(text)) : null;

    /// <summary>Null while the session is being made.</summary>
    public SessionPlace? PlaceOf(SessionName name) => TextOf(name.Id) is { } text ? SessionPlace.Parse(text) : null;

    /// <summary>symlinkat(2).</summary>
    public void Add(SessionName name, SessionRecord record)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(record + "\0"), file = Encoding.ASCII.GetBytes(name + "\0"))
        {
            SystemCallException.ThrowIfNegative((long)syscall(SystemCalls.NumberOf(SystemCall.SymlinkAt), text, directory.Number, file), "symlinkat", path);
        }
    }

    public void Remove(SessionName name)
    {
        Remove(name.Id);
        Remove(name.ToString());
    }

    /// <summary>A place or a record alone.</summary>
    public void Remove(string file)
    {
        int error = LayerCalls.Remove(directory, Encoding.ASCII.GetBytes(file), isDirectory: false);
        if (error != 0 && error != ENOENT)
        {
            throw new SystemCallException("unlinkat", $"{path}/{file}", error);
        }
    }

    public void Dispose() => directory.Dispose();

    private byte[]? TextOf(string file)
    {
        byte[] buffer = new byte[SessionRecord.MaxBytes + 1];
        fixed (byte* room = buffer, text = Encoding.ASCII.GetBytes(file + "\0"))
        {
            // Safe: both are pinned, and the length of the buffer goes along.
            long length = (long)readlinkat(directory.Number, text, room, buffer.Length);
            if (length < 0 && Marshal.GetLastPInvokeError() is int error && (error == ENOENT || error == EINVAL))
            {
                return null;
            }

            SystemCallException.ThrowIfNegative(length, "readlinkat", $"{path}/{file}");
            return buffer[..(int)length];
        }
    }

    private static FileDescriptor OpenRun()
    {
        try
        {
            return RootDirectory.Open(null, StateDirectories.Run, 0, StateDirectories.Run)
                ?? throw new StartFaultException($"{StateDirectories.Run} does not exist (systemd-tmpfiles --create makes it, from what nshelper installs)");
        }
        catch (Exception fault) when (fault is UntrustedFileException or SystemCallException)
        {
            throw new StartFaultException(
                $"{StateDirectories.Run} is no directory of root's with mode 0700 (a session in which set-user-ID programs have effect hides it: start this one on the host)");
        }
    }

    private static FileDescriptor? OpenAll(FileDescriptor run) => RootDirectory.Open(run, StateDirectories.Sessions, 0, SessionFiles.Directory);

    private static FileDescriptor MakeAll(FileDescriptor run)
    {
        LayerCalls.MakeDirectory(run, Encoding.UTF8.GetBytes(StateDirectories.Sessions), SessionFiles.Directory);
        return OpenAll(run) ?? throw new SystemCallException("openat2", SessionFiles.Directory, ENOENT);
    }

    private static SessionDirectory? Open(FileDescriptor all, UserId user)
    {
        string name = user.ToString();
        string path = string.Concat(SessionFiles.Directory, "/", name);
        return RootDirectory.Open(all, name, 0, path) is { } directory ? new SessionDirectory(directory, path) : null;
    }
}
