using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// A mount table as somebody meets it who walks its paths: at each target the stack of mounts, the visible one on top, and apart from them
/// the mounts that no path leads to, because another was mounted over a directory above them. Any table gives a view, as any gives a
/// <see cref="MountTree"/>.
/// </summary>
internal sealed class MountView
{
    private readonly Dictionary<ByteString, List<MountEntry>> stacks = [];
    private readonly Dictionary<ByteString, ByteString> hidden = [];
    private readonly Dictionary<int, ByteString> peers = [];

    private MountView()
    {
    }

    /// <summary>The targets that a path leads to.</summary>
    public IReadOnlyCollection<ByteString> Targets => stacks.Keys;

    public static MountView Of(ImmutableArray<MountEntry> table)
    {
        var view = new MountView();
        ImmutableArray<MountNode> nodes = MountTree.Of(table);
        ByteString?[] coveredBy = new MountShadows(nodes).CoveredBy();
        for (int i = 0; i < nodes.Length; i++)
        {
            view.Add(nodes[i].Entry, coveredBy[i]);
        }

        return view;
    }

    /// <summary>The mounts of a target from the lowest to the visible one; empty when no path leads to one.</summary>
    public IReadOnlyList<MountEntry> StackOf(ByteString target) => stacks.TryGetValue(target, out List<MountEntry>? stack) ? stack : [];

    /// <summary>The target of the mount that hides what is mounted here; null when something is visible here, or nothing is mounted.</summary>
    public ByteString? HiddenBy(ByteString target) => !stacks.ContainsKey(target) && hidden.TryGetValue(target, out ByteString cover) ? cover : null;

    /// <summary>A visible target in this peer group; null when there is none.</summary>
    public ByteString? PeerIn(int? group) => group is { } number && peers.TryGetValue(number, out ByteString target) ? target : null;

    private void Add(MountEntry mount, ByteString? cover)
    {
        if (cover is { } target)
        {
            hidden.TryAdd(mount.Target, target);
            return;
        }

        if (!stacks.TryGetValue(mount.Target, out List<MountEntry>? stack))
        {
            stacks.Add(mount.Target, stack = []);
        }

        stack.Add(mount);
        if (mount.Propagation.Shared is { } group)
        {
            peers.TryAdd(group, mount.Target);
        }
    }
}
