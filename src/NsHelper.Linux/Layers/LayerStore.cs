using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>The directories below <see cref="LayerPlaces.Directory"/>: opened as root, each checked, and only those of one user.</summary>
internal static unsafe class LayerStore
{
    /// <summary>What is kept for a user, sessions first, in the order of their names.</summary>
    /// <param name="name">A session id or a profile; null for everything.</param>
    public static List<Layer> Open(RaisedPrivileges privileges, UserId user, string? name)
    {
        List<Layer> layers = [];
        privileges.BecomeFileRoot();
        using FileDescriptor store = OpenStore();
        using (FileDescriptor? sessions = OpenOf(store, LayerScope.Session, user))
        {
            foreach (string session in NamesIn(sessions))
            {
                if (LayerPlaces.IsSessionId(session) && (name ?? session) == session)
                {
                    AddSession(layers, sessions!, session);
                }
            }
        }

        using (FileDescriptor? profiles = OpenOf(store, LayerScope.User, user))
        {
            foreach (string key in NamesIn(profiles))
            {
                if (LayerPlaces.TryParseKey(key, out ProfileName? profile, out _) && (name ?? profile.Value.Text) == profile.Value.Text)
                {
                    layers.Add(OpenLayer(profiles!, LayerScope.User, profile.Value.Text, key));
                }
            }
        }

        privileges.BecomeCaller();
        return layers;
    }

    /// <summary>Its directory of one scope and user; null when there is none.</summary>
    public static FileDescriptor? OpenOf(FileDescriptor store, LayerScope scope, UserId user)
    {
        using FileDescriptor? all = OpenDirectory(store, LayerPlaces.NameOf(scope), LayerPlaces.Directory);
        return all is null ? null : OpenDirectory(all, user.ToString(), $"{LayerPlaces.Directory}/{LayerPlaces.NameOf(scope)}");
    }

    public static FileDescriptor OpenStore()
    {
        using FileDescriptor state = RootDirectory.Open(null, StateDirectories.Persistent, 0, StateDirectories.Persistent)
            ?? throw new SystemCallException("openat2", StateDirectories.Persistent, ENOENT);

        // The administrator may have a file system of its own there.
        return RootDirectory.Open(state, LayerPlaces.Name, 0, LayerPlaces.Directory)
            ?? throw new SystemCallException("openat2", LayerPlaces.Directory, ENOENT);
    }

    /// <summary>One of root's, with mode 0700, on the same file system; null when there is none.</summary>
    public static FileDescriptor? OpenDirectory(FileDescriptor parent, string name, string place) =>
        RootDirectory.Open(parent, name, (ulong)RESOLVE_NO_XDEV, $"{place}/{name}");

    public static List<string> NamesIn(FileDescriptor? directory)
    {
        List<string> names = directory is null ? [] : DirectoryListing.Read(directory, LayerPlaces.Directory);
        names.Sort(string.CompareOrdinal);
        return names;
    }

    private static void AddSession(List<Layer> layers, FileDescriptor sessions, string session)
    {
        using FileDescriptor? directory = OpenDirectory(sessions, session, LayerPlaces.Directory);
        bool isEmpty = true;
        foreach (string key in NamesIn(directory))
        {
            if (LayerPlaces.TryParseKey(key, out _, out _))
            {
                layers.Add(OpenLayer(directory!, LayerScope.Session, session, key));
                isEmpty = false;
            }
        }

        if (isEmpty && directory is not null)
        {
            layers.Add(new Layer(LayerScope.Session, session) { LastUsed = RootDirectory.StatusOf(directory, session).st_mtim.tv_sec });
        }
    }

    private static Layer OpenLayer(FileDescriptor parent, LayerScope scope, string name, string key)
    {
        _ = LayerPlaces.TryParseKey(key, out ProfileName? profile, out AbsolutePath? target);
        using FileDescriptor? directory = OpenDirectory(parent, key, LayerPlaces.Directory);
        using FileDescriptor? upper = OpenIn(directory, LayerPlaces.Upper);
        using FileDescriptor? work = OpenIn(directory, LayerPlaces.Work);
        return new Layer(scope, name)
        {
            Profile = profile,
            Target = target,
            Upper = upper is null ? null : LayerCalls.HarmlessCopy(upper, key),
            LastUsed = (work ?? directory) is FileDescriptor used ? RootDirectory.StatusOf(used, key).st_mtim.tv_sec : 0,
        };
    }

    private static FileDescriptor? OpenIn(FileDescriptor? directory, string name) =>
        directory is null ? null : LayerCalls.Open(directory, Encoding.UTF8.GetBytes(name), O_PATH | O_DIRECTORY, (ulong)RESOLVE_NO_XDEV, name);
}
