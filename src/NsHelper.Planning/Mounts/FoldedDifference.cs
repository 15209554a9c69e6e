using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// A difference, and the number of mounts below it that changed in the same way: what was done to a whole tree is told once. A mount that
/// was already as the change makes it is no exception, and is not counted.
/// </summary>
internal readonly record struct FoldedDifference(MountDifference Difference, int Count)
{
    public static ImmutableArray<FoldedDifference> Each(ImmutableArray<MountDifference> differences)
    {
        var lines = ImmutableArray.CreateBuilder<FoldedDifference>(differences.Length);
        foreach (MountDifference difference in differences)
        {
            lines.Add(new FoldedDifference(difference, 0));
        }

        return lines.MoveToImmutable();
    }

    /// <param name="differences">In the order of the paths.</param>
    public static ImmutableArray<FoldedDifference> Of(ImmutableArray<MountDifference> differences)
    {
        var lines = ImmutableArray.CreateBuilder<FoldedDifference>();

        // Lines of changed directories above the one that is looked at, as indexes.
        List<int> heads = [];
        foreach (MountDifference difference in differences)
        {
            while (heads.Count > 0 && !PathOrder.IsBelow(difference.Target, lines[heads[^1]].Difference.Target))
            {
                heads.RemoveAt(heads.Count - 1);
            }

            // The nearest and the outermost: the whole tree is what most profiles change, and any deep table is looked through in one pass.
            int head = heads.Count == 0 ? -1
                : IsSame(difference, lines[heads[^1]].Difference) ? heads[^1]
                : IsSame(difference, lines[heads[0]].Difference) ? heads[0] : -1;
            if (head >= 0)
            {
                lines[head] = lines[head] with { Count = lines[head].Count + 1 };
                continue;
            }

            if (!difference.Options.IsEmpty)
            {
                heads.Add(lines.Count);
            }

            lines.Add(new FoldedDifference(difference, 0));
        }

        return lines.ToImmutable();
    }

    private static bool IsSame(MountDifference difference, MountDifference head)
    {
        if (difference.Options.IsEmpty || difference.SharedWith is not null || difference.Here is not { } here)
        {
            return false;
        }

        foreach (OptionChange change in difference.Options)
        {
            if (change.Of == OptionOwner.FileSystem || !head.Options.Contains(change))
            {
                return false;
            }
        }

        string[] words = here.Options.ToString().Split(',');
        foreach (OptionChange change in head.Options)
        {
            if (!difference.Options.Contains(change) && !IsSo(change, here, words))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSo(OptionChange change, MountEntry mount, string[] words) => change.Of switch
    {
        OptionOwner.Mount => change.Here is { } word ? Array.IndexOf(words, word) >= 0 : Array.IndexOf(words, change.There) < 0,
        OptionOwner.Propagation => MountDifferences.WordOf(mount.Propagation) == change.Here,
        _ => true,
    };
}
