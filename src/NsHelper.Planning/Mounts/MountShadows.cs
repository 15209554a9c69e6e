using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// Which mounts no path leads to. A mount covers what hangs on its own parent at a path below its target: that was mounted earlier, or it
/// would hang on the cover. A mount on the root of another covers all else that hangs on that one. Takes as long as sorting does.
/// </summary>
internal sealed class MountShadows
{
    private readonly ImmutableArray<MountNode> nodes;

    /// <summary>Index of the parent, which stands earlier; -1 for a topmost mount, and where ids go in a circle.</summary>
    private readonly int[] parents;
    private readonly List<int>?[] children;

    public MountShadows(ImmutableArray<MountNode> nodes)
    {
        this.nodes = nodes;
        parents = new int[nodes.Length];
        children = new List<int>?[nodes.Length];
        Dictionary<int, int> indexOf = [];
        for (int i = 0; i < nodes.Length; i++)
        {
            parents[i] = indexOf.TryGetValue(nodes[i].Entry.ParentId, out int parent) ? parent : -1;
            indexOf.TryAdd(nodes[i].Entry.Id, i);
            if (parents[i] >= 0)
            {
                (children[parents[i]] ??= []).Add(i);
            }
        }
    }

    /// <summary>For each mount the target of the one that covers a directory above it; null when a path leads there.</summary>
    public ByteString?[] CoveredBy()
    {
        var covers = new ByteString?[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            // Parents come first: what hides a mount is known before its children are looked at.
            foreach (int child in children[i] ?? [])
            {
                covers[child] = covers[i];
            }

            if (covers[i] is null && children[i] is { } siblings)
            {
                Cover(i, siblings, covers);
            }
        }

        return covers;
    }

    private void Cover(int parent, List<int> siblings, ByteString?[] covers)
    {
        ByteString root = nodes[parent].Entry.Target;
        bool isCovered = siblings.Exists(child => TargetOf(child) == root);
        int[] sorted = [.. siblings];
        Array.Sort(sorted, (left, right) => PathOrder.Compare(TargetOf(left), TargetOf(right)));
        ByteString? outermost = null;
        foreach (int child in sorted)
        {
            ByteString target = TargetOf(child);
            if (isCovered && target != root)
            {
                covers[child] = root;
            }
            else if (outermost is { } above && PathOrder.IsBelow(target, above))
            {
                covers[child] = above;
            }
            else if (target != root)
            {
                outermost = target;
            }
        }
    }

    private ByteString TargetOf(int index) => nodes[index].Entry.Target;
}
