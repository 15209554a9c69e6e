using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The mounts of a session: what stands at and around a path, and the order in which they are attached: as `order` says, by depth of the target, then as written.</summary>
internal sealed class SessionMounts(PathFacts facts, SessionRoot root)
{
    private readonly List<SetupStep.MountStep> mounts = [];
    private readonly List<SetupStep.Entry> entries = [];

    /// <summary>The place of each in the list.</summary>
    private readonly OrdinalIndex<int> byTarget = new();
    private readonly OrdinalIndex<bool> entryTargets = new();

    /// <summary>Whether one has a place that is not by depth alone.</summary>
    private bool isOrdered;

    public IReadOnlyList<SetupStep.MountStep> All => mounts;

    public void Add(SetupStep.MountStep step)
    {
        if (entryTargets.TryFind(step.Target.Text, out _) || !byTarget.TryAdd(step.Target.Text, mounts.Count))
        {
            throw NamedTwice(step.Target, step.Location);
        }

        mounts.Add(step);
        isOrdered |= step.Order is not null;
    }

    public void Add(SetupStep.Entry entry)
    {
        if (IsTaken(entry.Target))
        {
            throw NamedTwice(entry.Target, entry.Location);
        }

        entryTargets.TryAdd(entry.Target.Text, true);
        entries.Add(entry);
    }

    public SetupStep.MountStep? At(AbsolutePath target) => byTarget.TryFind(target.Text, out int index) ? mounts[index] : null;

    public bool IsTaken(AbsolutePath target) => At(target) is not null || entryTargets.TryFind(target.Text, out _);

    /// <summary>Whether [protect] has spoken of this target already.</summary>
    public bool IsProtected(AbsolutePath target) => At(target) is (SetupStep.MaskMount or SetupStep.BindMount { InPlace: true });

    /// <summary>What the session has of its own around this path, nearest first; null where the path is still the host's.</summary>
    public SetupStep.MountStep? Around(AbsolutePath path) => Nearest(path, isHostsToo: false);

    /// <summary>Adds to each mount what is wanted of it.</summary>
    public void Restrict(Func<SetupStep.MountStep, MountAttributes> wanted)
    {
        for (int i = 0; i < mounts.Count; i++)
        {
            mounts[i] = mounts[i] with { Attributes = mounts[i].Attributes | wanted(mounts[i]) };
        }
    }

    /// <summary>What is made when all mounts are there, in the same order.</summary>
    public ImmutableArray<SetupStep> EntriesInOrder()
    {
        var ordered = ImmutableArray.CreateBuilder<SetupStep>(entries.Count);
        foreach (SetupStep.Entry entry in entries)
        {
            int index = ordered.Count;
            while (index > 0 && ((SetupStep.Entry)ordered[index - 1]).Target.Depth > entry.Target.Depth)
            {
                index--;
            }

            RefuseAboveOthers(entry);
            ordered.Insert(index, entry with { CreatedOn = EntryPlanner.PlaceOf(entry, Nearest(entry.Target, isHostsToo: true), root) });
        }

        return ordered.MoveToImmutable();
    }

    /// <summary>A short list, sorted by insertion: of one place and depth, what was written first comes first.</summary>
    public ImmutableArray<SetupStep> InOrder()
    {
        var ordered = ImmutableArray.CreateBuilder<SetupStep>(mounts.Count);
        foreach (SetupStep.MountStep step in mounts)
        {
            SetupStep.MountStep finished = Finished(step);
            int index = ordered.Count;
            while (index > 0 && IsBefore(finished, (SetupStep.MountStep)ordered[index - 1]))
            {
                index--;
            }

            ordered.Insert(index, finished);
        }

        return ordered.MoveToImmutable();
    }

    /// <summary>Where a specifier or a parameter made the two one, neither line shows it without the other.</summary>
    private PlanningRefusal NamedTwice(AbsolutePath target, SourceLocation location) => new(
        $"mount target {target} is named twice (the other: {(At(target) is SetupStep.MountStep mount ? mount.Location : entries.Find(entry => entry.Target == target)?.Location)})", location);

    private static bool IsBefore(SetupStep.MountStep step, SetupStep.MountStep other) =>
        step.Order < other.Order || (step.Order == other.Order && step.Target.Depth < other.Target.Depth);

    /// <summary>Nothing comes before what it stands on, which would hide it.</summary>
    private int OrderOf(SetupStep.MountStep step, SetupStep.MountStep? enclosing)
    {
        int above = enclosing is null ? 0 : OrderOf(enclosing, Nearest(enclosing.Target, isHostsToo: true));
        return !(step.Order < above) ? step.Order ?? above : throw new PlanningRefusal(
            $"mount target {step.Target} has order {step.Order} and would be hidden by {enclosing?.Target}, which comes after it", step.Location);
    }

    /// <summary>With what is known of a mount only when all are.</summary>
    private SetupStep.MountStep Finished(SetupStep.MountStep step)
    {
        SetupStep.MountStep? enclosing = Nearest(step.Target, isHostsToo: true);
        RefuseBelowPeers(step, enclosing);
        SetupStep.MountStep known = step is SetupStep.MaskMount mask ? mask with { IsFile = IsFile(mask.Target) } : step;

        // Where the file system lies that the target is made on, when it is one of the session's own.
        AbsolutePath? own = enclosing is null ? (root.IsOwn ? AbsolutePath.Root : null)
            : enclosing is SetupStep.TmpfsMount or SetupStep.OverlayMount ? enclosing.Target : null;
        return known with { Order = isOrdered ? OrderOf(step, enclosing) : null, Create = CreateOf(step, isKnown: enclosing is null && own is null), CreatedOn = own };
    }

    /// <summary>
    /// The kernel carries a mount to every peer of what it stands on: to other sessions, where it would stay, or to the host. And who can
    /// rename the directory it stands on moves it with that.
    /// </summary>
    private static void RefuseBelowPeers(SetupStep.MountStep step, SetupStep.MountStep? enclosing)
    {
        if (enclosing is SetupStep.ShareMount { IsOwn: false, Name: var name })
        {
            throw new PlanningRefusal($"mount target {step.Target} lies below a {(name is null ? "private directory that others have too" : "share")}", step.Location);
        }

        if (enclosing is SetupStep.BindMount { Propagation: Propagation.Unchanged })
        {
            throw new PlanningRefusal($"mount target {step.Target} lies below {enclosing.Target}, whose propagation = \"unchanged\" would carry it to the host", step.Location);
        }
    }

    /// <summary>Only a directory has anything in it.</summary>
    private void RefuseAboveOthers(SetupStep.Entry entry)
    {
        if (entry is SetupStep.NewDirectory)
        {
            return;
        }

        foreach (AbsolutePath other in (AbsolutePath[])[.. mounts.ConvertAll(mount => mount.Target), .. entries.ConvertAll(other => other.Target)])
        {
            if (other.IsBelow(entry.Target))
            {
                throw new PlanningRefusal($"{other} lies below {entry.Target}, which is no directory", entry.Location);
            }
        }
    }

    /// <summary>Nothing is made where the target is known to be there; below another mount of the session nothing is known.</summary>
    private CreateTarget CreateOf(SetupStep.MountStep step, bool isKnown)
    {
        if (step.Create == CreateTarget.No || (isKnown && !facts.Missing.Contains(step.Target)))
        {
            return CreateTarget.No;
        }

        return step.Create != CreateTarget.Auto ? step.Create
            : step is SetupStep.BindMount bind && facts.Files.Contains(bind.Source) ? CreateTarget.File
            : CreateTarget.Directory;
    }

    /// <summary>What a mask hides: of the host's tree, or of what a mount of the session brings. A new /proc has the files of the host's.</summary>
    private bool IsFile(AbsolutePath target) => Around(target) switch
    {
        null => facts.FileTargets.Contains(target),
        SetupStep.KernelMount => facts.Files.Contains(target),
        SetupStep.BindMount bind => facts.Files.Contains(bind.Source.Joined(target, bind.Target)),
        _ => false,
    };

    /// <summary>The deepest mount above the path.</summary>
    /// <param name="isHostsToo">Whether a bind of a place onto itself counts, which shows what the host has there.</param>
    private SetupStep.MountStep? Nearest(AbsolutePath target, bool isHostsToo)
    {
        ReadOnlySpan<char> path = target.Text;
        while (path.LastIndexOf('/') is > 0 and int end)
        {
            path = path[..end];
            if (byTarget.TryFind(path, out int index) && (isHostsToo || mounts[index] is not SetupStep.BindMount { IsOntoItself: true }))
            {
                return mounts[index];
            }
        }

        return null;
    }
}
