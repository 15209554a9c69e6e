using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// The mounts of a table in the order of a tree, parents first, siblings as the kernel listed them. Any table gives a tree that has each
/// entry once: the kernel writes the text in pieces while mounts come and go, so ids may be missing, twice there, or in a circle.
/// </summary>
internal static class MountTree
{
    public static ImmutableArray<MountNode> Of(ImmutableArray<MountEntry> table)
    {
        Dictionary<int, int> indexOf = [];
        for (int i = 0; i < table.Length; i++)
        {
            indexOf.TryAdd(table[i].Id, i);
        }

        var children = new List<int>?[table.Length];
        List<int> tops = [];
        for (int i = 0; i < table.Length; i++)
        {
            if (indexOf.TryGetValue(table[i].ParentId, out int parent) && parent != i)
            {
                (children[parent] ??= []).Add(i);
            }
            else
            {
                tops.Add(i);
            }
        }

        var walk = new Walk(table, children);
        walk.From(tops);

        // What hangs in a circle has no top: each circle is entered at its first entry.
        for (int i = 0; i < table.Length; i++)
        {
            walk.From([i]);
        }

        return walk.Nodes.ToImmutable();
    }

    /// <summary>A stack of our own: a table may be a hundred thousand mounts deep.</summary>
    private sealed class Walk(ImmutableArray<MountEntry> table, List<int>?[] children)
    {
        private readonly bool[] seen = new bool[table.Length];
        private readonly Stack<(int Index, ImmutableStack<bool> Lasts)> open = new();

        public ImmutableArray<MountNode>.Builder Nodes { get; } = ImmutableArray.CreateBuilder<MountNode>(table.Length);

        public void From(List<int> tops)
        {
            Push(tops, above: null);
            while (open.TryPop(out (int Index, ImmutableStack<bool> Lasts) next))
            {
                if (seen[next.Index])
                {
                    continue;
                }

                seen[next.Index] = true;
                Nodes.Add(new MountNode(table[next.Index], next.Lasts));
                Push(children[next.Index] ?? [], next.Lasts);
            }
        }

        private void Push(List<int> indexes, ImmutableStack<bool>? above)
        {
            for (int i = indexes.Count - 1; i >= 0; i--)
            {
                open.Push((indexes[i], above is null ? [] : above.Push(i == indexes.Count - 1)));
            }
        }
    }
}

/// <summary>A mount and its place in the tree: for each level from its own up to below the top, whether it is the last of its siblings.</summary>
internal sealed record MountNode(MountEntry Entry, ImmutableStack<bool> Lasts);
