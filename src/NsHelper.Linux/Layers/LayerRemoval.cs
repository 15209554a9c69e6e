using System.Globalization;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Profiles;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>
/// Removes layers of one user, as root, by descriptors of directories that were checked: first out of the way under another name, at once, so that
/// no session meets what is half gone; then what is in there, one level at a time, however deep a user made it.
/// </summary>
internal static class LayerRemoval
{
    private const string Discarded = "discarded";

    /// <summary>The number of layers that are gone.</summary>
    public static int Remove(RaisedPrivileges privileges, UserId user, string name)
    {
        privileges.BecomeFileRoot();
        using FileDescriptor store = LayerStore.OpenStore();
        using FileDescriptor bin = OpenBin(store, user);
        int removed = 0;
        using (FileDescriptor? sessions = LayerStore.OpenOf(store, LayerScope.Session, user))
        {
            foreach (string session in LayerStore.NamesIn(sessions))
            {
                removed += LayerPlaces.IsSessionId(session) && session == name ? MoveAway(sessions!, session, bin) : 0;
            }
        }

        using (FileDescriptor? profiles = LayerStore.OpenOf(store, LayerScope.User, user))
        {
            foreach (string key in LayerStore.NamesIn(profiles))
            {
                removed += LayerPlaces.TryParseKey(key, out ProfileName? profile, out _) && profile.Value.Text == name ? MoveAway(profiles!, key, bin) : 0;
            }
        }

        Empty(bin);
        privileges.BecomeCaller();
        return removed;
    }

    /// <summary>What a removal that was ended early left there goes with the next one.</summary>
    private static FileDescriptor OpenBin(FileDescriptor store, UserId user)
    {
        LayerCalls.MakeDirectory(store, Encoding.ASCII.GetBytes(Discarded), Discarded);
        using FileDescriptor all = LayerStore.OpenDirectory(store, Discarded, LayerPlaces.Directory) ?? throw new SystemCallException("openat2", Discarded, ENOENT);
        LayerCalls.MakeDirectory(all, Encoding.ASCII.GetBytes(user.ToString()), Discarded);
        return LayerStore.OpenDirectory(all, user.ToString(), $"{LayerPlaces.Directory}/{Discarded}") ?? throw new SystemCallException("openat2", Discarded, ENOENT);
    }

    private static int MoveAway(FileDescriptor parent, string name, FileDescriptor bin)
    {
        int error = MoveInto(bin, parent, Encoding.ASCII.GetBytes(name));
        return error == 0 ? 1 : error == ENOENT ? 0 : throw new SystemCallException("renameat2", name, error);
    }

    /// <summary>Under the first number that is free. The errno; 0 when it is done.</summary>
    private static int MoveInto(FileDescriptor bin, FileDescriptor parent, ReadOnlySpan<byte> name)
    {
        for (int number = 0; ; number++)
        {
            int error = LayerCalls.Rename(parent, name, bin, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
            if (error != EEXIST)
            {
                return error;
            }
        }
    }

    private static void Empty(FileDescriptor bin)
    {
        List<byte[]> names;
        do
        {
            // Opened again: a descriptor that was read to its end stays there.
            using FileDescriptor listed = LayerCalls.Open(bin, "."u8, O_RDONLY | O_DIRECTORY, 0, Discarded) ?? throw new SystemCallException("openat2", Discarded, ENOENT);
            names = LayerWalk.NamesIn(listed);
            foreach (byte[] name in names)
            {
                RemoveTop(bin, name);
            }
        }
        while (names.Count > 0);
    }

    /// <summary>Its files go, its directories come up beside it, and it goes itself.</summary>
    private static void RemoveTop(FileDescriptor bin, ReadOnlySpan<byte> name)
    {
        if (LayerCalls.Remove(bin, name, isDirectory: false) == 0 || LayerCalls.Remove(bin, name, isDirectory: true) == 0)
        {
            return;
        }

        using FileDescriptor directory = LayerCalls.Open(bin, name, O_RDONLY | O_DIRECTORY, (ulong)RESOLVE_NO_XDEV, Discarded)
            ?? throw new SystemCallException("openat2", Discarded, ENOENT);
        foreach (byte[] entry in LayerWalk.NamesIn(directory))
        {
            if (LayerCalls.Remove(directory, entry, isDirectory: false) != 0 && LayerCalls.Remove(directory, entry, isDirectory: true) != 0)
            {
                int error = MoveInto(bin, directory, entry);
                if (error != 0)
                {
                    throw new SystemCallException("renameat2", Discarded, error);
                }
            }
        }

        int failed = LayerCalls.Remove(bin, name, isDirectory: true);
        if (failed != 0)
        {
            throw new SystemCallException("unlinkat", Discarded, failed);
        }
    }
}
