using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Mounts in two passes. Before the namespace is left, every source becomes a detached tree that is finished (read-only, nosuid,
/// propagation); afterwards the trees are attached in order, so no mount is ever visible half made and no source is found through an earlier mount.
/// </summary>
internal sealed unsafe class MountLowering(CallBuilder calls, ShareLowering shares, OverlayLowering overlays, CredentialLowering credentials, SessionPlan plan)
{
    private const int UsualMask = 0x12; // 022
    private const int OwnerMask = 0x3f; // 077

    private readonly InstructionBuilder builder = calls.Builder;
    private readonly KernelMountLowering made = new(calls);
    private readonly DeviceLowering devices = new(calls);
    private readonly EntryLowering entries = new(calls);
    private readonly RootControlledPath roots = new(calls);
    private readonly ImmutableArray<SetupStep> steps = plan.Steps;

    /// <summary>The tree of each step, by its place in the plan.</summary>
    private readonly Slot[] trees = new Slot[plan.Steps.Length];
    private readonly OverlaySources[] sources = new OverlaySources[plan.Steps.Length];
    private bool isFileRoot;

    public void TakeSources()
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is SetupStep.BindMount { OfSession: false } bind)
            {
                trees[i] = Take(bind);
            }
            else if (steps[i] is SetupStep.DeviceMount device)
            {
                trees[i] = devices.Take(device);
            }
            else if (steps[i] is SetupStep.OverlayMount overlay)
            {
                sources[i] = overlays.Take(overlay);
            }
            else if (steps[i] is SetupStep.ShareMount share)
            {
                builder.About(SetupStage.Sources, share.Target.Text, share.Location);
                trees[i] = shares.TreeOf(share.Key);
                calls.SetAttributes(trees[i], recursive: true, share.Attributes, PlanLowering.PropagationBits(share.Propagation));
            }
        }
    }

    public void AttachAll()
    {
        MakeOverlays();
        MakeEmptyFiles();
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is not SetupStep.MountStep mount)
            {
                continue;
            }

            builder.About(SetupStage.Mounts, mount.Target.Text, mount.Location);
            Slot tree = mount switch
            {
                SetupStep.TmpfsMount tmpfs => Make(tmpfs),
                SetupStep.KernelMount kernel => made.Make(kernel),
                SetupStep.MaskMount mask => made.Make(mask),
                _ => trees[i],
            };
            builder.OnlyWith(mount is SetupStep.BindMount { Optional: true } ? tree : null);
            AttachAt(mount, tree);
            builder.OnlyWith(null);
            TakeFrom(mount);
        }

        MakeEntries();
        BeFileRoot(false);
    }

    /// <summary>What is taken from a mount of the session itself: all of it while nothing stands on it yet.</summary>
    private void TakeFrom(SetupStep.MountStep mount)
    {
        for (int i = 0; i < steps.Length && mount is SetupStep.KernelMount; i++)
        {
            if (steps[i] is SetupStep.BindMount { OfSession: true } bind && bind.Source.IsBelow(mount.Target))
            {
                BeFileRoot(false);
                trees[i] = Take(bind);
            }
        }
    }

    /// <summary>Before anything of the session is attached, while nothing can see where the layers stand.</summary>
    private void MakeOverlays()
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is SetupStep.OverlayMount overlay)
            {
                builder.About(SetupStage.Overlays, overlay.Target.Text, overlay.Location);
                trees[i] = overlays.Make(overlay, sources[i]);
            }
        }
    }

    private void MakeEmptyFiles()
    {
        int count = 0;
        foreach (SetupStep step in steps)
        {
            if (step is SetupStep.MaskMount { IsFile: true } && ++count == 1)
            {
                builder.About(SetupStage.Mounts, "the file that hides others", step.Location);
            }
        }

        if (count > 0)
        {
            made.MakeEmptyFiles(count);
        }
    }

    private void MakeEntries()
    {
        foreach (SetupStep step in steps)
        {
            if (step is SetupStep.Entry entry)
            {
                BeFileRoot(true);
                entries.Make(entry);
            }
        }
    }

    private Slot Take(SetupStep.BindMount bind)
    {
        builder.About(SetupStage.Sources, bind.Source.Text, bind.Location);

        // With the caller's rights and, where the site sets no bound, through the caller's own links: what it cannot reach itself it does not get.
        ulong resolve = bind.WithoutLinks ? CallBuilder.NoLinks : (ulong)RESOLVE_NO_MAGICLINKS;
        Slot source = bind.AsRoot ? OpenAsRoot(bind) : bind.Within is AbsolutePath within && bind.Source != within
            ? OpenWithin(within, bind, resolve)
            : Found(calls.Open("source", AT_FDCWD, bind.Source.Text, CallBuilder.PathOnly, resolve), bind);

        Slot tree = calls.CloneTree("tree", source, bind.Recursive);
        if (bind.Propagation == Propagation.Shared)
        {
            // Out of the host's peer group first: made shared at once it would stay in it, and carry the session's mounts to the host.
            calls.SetAttributes(tree, bind.Recursive, MountAttributes.None, (ulong)MS_SLAVE);
        }

        calls.SetAttributes(tree, bind.Recursive, bind.Attributes, PlanLowering.PropagationBits(bind.Propagation));
        calls.Close(source);
        builder.OnlyWith(null);
        return tree;
    }

    /// <summary>What the user cannot reach, by the administrator's word: the file ids are root's for the way there alone.</summary>
    private Slot OpenAsRoot(SetupStep.BindMount bind)
    {
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot source = roots.Open("source", bind.Source, CallBuilder.PathOnly);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
        return source;
    }

    /// <summary>What the user chose is opened from the administrator's directory: the kernel refuses a link that leads out of it.</summary>
    private Slot OpenWithin(AbsolutePath within, SetupStep.BindMount bind, ulong resolve)
    {
        string rest = bind.Source.Text[(within.IsRoot ? 1 : within.Text.Length + 1)..];
        Slot directory = Found(calls.Open("base", AT_FDCWD, within.Text, CallBuilder.PathDirectory, resolve), bind);
        Slot source = Found(calls.Open("source", directory, rest, CallBuilder.PathOnly, resolve | (ulong)RESOLVE_BENEATH), bind);
        Slot? condition = builder.OnlyWith(bind.Optional ? directory : null);
        calls.Close(directory);
        builder.OnlyWith(condition);
        return source;
    }

    private Slot Found(Slot slot, SetupStep.BindMount bind)
    {
        if (bind.Optional)
        {
            builder.Foresee(ENOENT);
            builder.OnlyWith(slot);
        }

        return slot;
    }

    private Slot Make(SetupStep.TmpfsMount tmpfs)
    {
        Slot tree = calls.NewTmpfs("tmpfs", tmpfs.Size, tmpfs.Inodes, tmpfs.Mode, tmpfs.Owner.Value, tmpfs.Group.Value, tmpfs.Attributes);
        if (tmpfs.Propagation != Propagation.Private)
        {
            calls.SetAttributes(tree, recursive: false, MountAttributes.None, PlanLowering.PropagationBits(tmpfs.Propagation));
        }

        return tree;
    }

    private void AttachAt(SetupStep.MountStep mount, Slot tree)
    {
        Slot target = TargetOf(mount);
        calls.Attach(tree, target);

        // A path that no longer leads to the pinned target must not go unnoticed.
        entries.Remember(mount.Target, calls.ExpectVisible(tree, mount.Target.Text));
        calls.VerifyAttributes(tree, mount.Attributes);
        calls.Close(target);
        calls.Close(tree);
    }

    /// <summary>
    /// The mount point. On a file system of the session's own it is made, and found, as root from that file system's root and never
    /// out of it; anywhere else as the caller, so where the caller may not write nothing is made.
    /// </summary>
    private Slot TargetOf(SetupStep.MountStep mount)
    {
        BeFileRoot(mount.CreatedOn is not null);
        AbsolutePath start = mount.CreatedOn ?? AbsolutePath.Root;
        string rest = mount.Target.Text[(start.IsRoot ? 1 : start.Text.Length + 1)..];
        ulong resolve = CallBuilder.Beneath | (mount.CreatedOn is null ? 0 : (ulong)RESOLVE_NO_XDEV);
        if (mount.Create != CreateTarget.No)
        {
            entries.MakeTarget(mount.CreatedOn, rest.Split('/'), mount.Create, resolve);
        }

        if (mount.CreatedOn is not AbsolutePath own)
        {
            return calls.Open("target", AT_FDCWD, mount.Target.Text, CallBuilder.PathOnly, CallBuilder.NoLinks);
        }

        Slot directory = entries.OpenOwn("start", own);
        Slot target = calls.Open("target", directory, rest, CallBuilder.PathOnly, resolve);
        calls.Close(directory);
        return target;
    }

    /// <summary>Whose files the next steps open and make: root's, as an ordinary umask leaves them, or the caller's.</summary>
    private void BeFileRoot(bool wanted)
    {
        if (wanted == isFileRoot)
        {
            return;
        }

        isFileRoot = wanted;
        Slot? condition = builder.OnlyWith(null);
        credentials.SetFileIds(wanted ? new UserId(0) : plan.Credentials.UserId, wanted ? new GroupId(0) : plan.Credentials.GroupId);
        builder.Add(SystemCall.Umask, [wanted ? UsualMask : OwnerMask]);
        builder.OnlyWith(condition);
    }
}
