using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>
/// Compares two mount tables by what is visible at each target. Ids of mounts and of peer groups and device numbers of anonymous file
/// systems are no difference: they are others in every table, also where two sessions are alike.
/// </summary>
internal static class MountDifferences
{
    /// <param name="here">The table that is looked at.</param>
    /// <param name="there">What it is compared with.</param>
    /// <param name="propagation">Whether propagation counts.</param>
    public static ImmutableArray<MountDifference> Of(ImmutableArray<MountEntry> here, ImmutableArray<MountEntry> there, PropagationForm propagation)
    {
        var (mine, others) = (MountView.Of(here), MountView.Of(there));
        List<ByteString> targets = [.. mine.Targets];
        foreach (ByteString target in others.Targets)
        {
            if (mine.StackOf(target).Count == 0)
            {
                targets.Add(target);
            }
        }

        targets.Sort(PathOrder.Compare);
        var differences = ImmutableArray.CreateBuilder<MountDifference>();
        foreach (ByteString target in targets)
        {
            if (At(target, mine, others, propagation) is { } difference)
            {
                differences.Add(WithPeer(difference, mine, others));
            }
        }

        return differences.ToImmutable();
    }

    private static MountDifference? At(ByteString target, MountView mine, MountView others, PropagationForm propagation)
    {
        (IReadOnlyList<MountEntry> here, IReadOnlyList<MountEntry> there) = (mine.StackOf(target), others.StackOf(target));
        MountEntry? top = here.Count == 0 ? null : here[^1];
        MountEntry? other = there.Count == 0 ? null : there[^1];
        if (top is null || other is null)
        {
            MountChange change = top is null ? MountChange.Missing : MountChange.Added;
            ByteString? cover = top is null ? mine.HiddenBy(target) : others.HiddenBy(target);
            return new MountDifference { Target = target, Change = change, Here = top, There = other, HiddenBy = cover };
        }

        // One stack may be the other with something on top: then that is what differs.
        bool isAbove = CountOf(top, here) > CountOf(top, there);
        bool isBelow = CountOf(other, there) > CountOf(other, here);
        if (isAbove != isBelow)
        {
            return new MountDifference { Target = target, Change = isAbove ? MountChange.Added : MountChange.Missing, Here = top, There = other };
        }

        if (!IsSame(top, other))
        {
            return new MountDifference { Target = target, Change = MountChange.Changed, Here = top, There = other };
        }

        ImmutableArray<OptionChange> options = OptionsOf(top, other, propagation);
        return options.IsEmpty ? null : new MountDifference { Target = target, Change = MountChange.Changed, Here = top, There = other, Options = options };
    }

    private static MountDifference WithPeer(MountDifference difference, MountView mine, MountView others) => difference with
    {
        SharedWith = (difference.Change == MountChange.Missing ? mine : others).PeerIn(difference.Subject.Propagation.Shared),
    };

    private static int CountOf(MountEntry mount, IReadOnlyList<MountEntry> stack)
    {
        int count = 0;
        foreach (MountEntry other in stack)
        {
            count += IsSame(mount, other) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether both show the same: the kernel numbers file systems without a device as it goes, from major 0.</summary>
    private static bool IsSame(MountEntry left, MountEntry right) =>
        left.FilesystemType == right.FilesystemType && left.Source == right.Source && left.Root == right.Root
        && left.DeviceMajor == right.DeviceMajor && (left.DeviceMajor == 0 || left.DeviceMinor == right.DeviceMinor);

    private static ImmutableArray<OptionChange> OptionsOf(MountEntry here, MountEntry there, PropagationForm propagation)
    {
        var changes = ImmutableArray.CreateBuilder<OptionChange>();
        OptionChange.AddAll(changes, OptionOwner.Mount, there.Options.ToString().Split(','), here.Options.ToString().Split(','));
        OptionChange.AddAll(changes, OptionOwner.FileSystem, there.FilesystemOptions.ToString().Split(','), here.FilesystemOptions.ToString().Split(','));
        (string before, string after) = (WordOf(there.Propagation), WordOf(here.Propagation));
        if (propagation == PropagationForm.Compared && before != after)
        {
            changes.Add(new OptionChange(OptionOwner.Propagation, before, after));
        }

        return changes.ToImmutable();
    }

    /// <summary>The word for a propagation, without the numbers of the groups.</summary>
    public static string WordOf(MountPropagation propagation) => propagation switch
    {
        { Shared: not null, Master: not null } => "slave+shared",
        { Shared: not null } => "shared",
        { Master: not null } => "slave",
        { Unbindable: true } => "unbindable",
        _ => "private",
    };
}

/// <summary>Whether propagation counts as a difference.</summary>
internal enum PropagationForm
{
    Ignored,
    Compared,
}
