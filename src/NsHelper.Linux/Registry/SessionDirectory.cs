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
        using FileDescriptor? all = OpenAll();
        string name = NameOf(user);
        string path = $"{SessionFiles.Directory}/{name}";
        return all is not null && RootDirectory.Open(all, name, 0, path) is { } directory ? new SessionDirectory(directory, path) : null;
    }

    /// <summary>Made when it is not there yet.</summary>
    public static SessionDirectory Make(UserId user)
    {
        using FileDescriptor run = OpenRun();
        LayerCalls.MakeDirectory(run, Encoding.UTF8.GetBytes(StateDirectories.Sessions), SessionFiles.Directory);
        using FileDescriptor all = OpenAll() ?? throw new SystemCallException("openat2", SessionFiles.Directory, ENOENT);
        LayerCalls.MakeDirectory(all, Encoding.ASCII.GetBytes(NameOf(user)), SessionFiles.Directory);
        return Open(user) ?? throw new SystemCallException("openat2", SessionFiles.Directory, ENOENT);
    }

    /// <summary>Who has or had sessions, in the order of their numbers.</summary>
    public static List<UserId> Users()
    {
        List<UserId> users = [];
        using FileDescriptor? all = OpenAll();
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
    public List<SessionName> Names()
    {
        List<SessionName> names = [];
        foreach (string file in DirectoryListing.Read(directory, path))
        {
            if (SessionName.Parse(file) is { } name)
            {
                names.Add(name);
            }
        }

        return names;
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

    /// <summary>The record last: as long as it is there, somebody will look after the rest.</summary>
    public void Remove(SessionName name)
    {
        foreach (string file in (ReadOnlySpan<string>)[name.Id, name.ToString()])
        {
            int error = LayerCalls.Remove(directory, Encoding.ASCII.GetBytes(file), isDirectory: false);
            if (error != 0 && error != ENOENT)
            {
                throw new SystemCallException("unlinkat", $"{path}/{file}", error);
            }
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

    private static FileDescriptor? OpenAll()
    {
        using FileDescriptor run = OpenRun();
        return RootDirectory.Open(run, StateDirectories.Sessions, 0, SessionFiles.Directory);
    }

    private static string NameOf(UserId user) => user.Value.ToString(CultureInfo.InvariantCulture);
}
