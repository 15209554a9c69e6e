using System.Collections.Immutable;
using NsHelper.Planning.Identity;

namespace NsHelper.Planning.Overlays;

/// <summary>Where the changes of an overlay go: always to directories that the helper made and that no path in a session leads to.</summary>
internal abstract record OverlayUpper
{
    /// <summary>Inodes of an upper in memory that overlayfs itself takes: the root, upper, work and what is in that.</summary>
    public const int OwnInodes = 6;

    private OverlayUpper()
    {
    }

    /// <summary>Memory, gone with the session.</summary>
    /// <param name="Size">Bytes.</param>
    internal sealed record Tmpfs(long Size, int Inodes) : OverlayUpper;

    /// <summary>A directory below <see cref="LayerPlaces.Directory"/> that stays until `nshelper changes --discard`.</summary>
    /// <param name="Name">The session id, or the profile.</param>
    internal sealed record Kept(LayerScope Scope, UserId User, string Name, string Key) : OverlayUpper
    {
        /// <summary>From the store on, each a directory of root's with mode 0700; the last one holds `upper` and `work`.</summary>
        public ImmutableArray<string> Parts => Scope == LayerScope.Session
            ? [LayerPlaces.NameOf(Scope), User.ToString(), Name, Key]
            : [LayerPlaces.NameOf(Scope), User.ToString(), Key];

        public string Place => $"{LayerPlaces.Directory}/{string.Join('/', Parts)}";
    }
}

internal enum LayerScope
{
    /// <summary>One session's, by its id.</summary>
    Session,

    /// <summary>One user's for one mount of one profile: the next session goes on where the last one stopped.</summary>
    User,
}
