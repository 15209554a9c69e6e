using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Sessions;

/// <summary>Collects the mounts of a session and gives them in the order in which they are attached: by depth of the target, then as written.</summary>
internal sealed class MountPlanner(Specifiers specifiers, ParameterValues parameters, PathFacts facts, Isolation isolation, SourceCeiling? ceiling, ProtectSettings protect)
{
    private const int PrivateTmpInodes = 16384;
    private const int StickyWorldWritable = 0x3ff; // 1777

    /// <summary>Of a devpts, whose terminals the kernel makes and nobody else can: with nodev none of them opens. The only exception.</summary>
    private const MountAttributes Devices = ~MountAttributes.NoDev;

    /// <summary>What private_tmp stands for.</summary>
    public static ImmutableArray<AbsolutePath> TemporaryDirectories => [AbsolutePath.Parse("/tmp"), AbsolutePath.Parse("/var/tmp")];

    private readonly List<SetupStep.MountStep> mounts = [];
    private readonly OrdinalIndex<SetupStep.MountStep> byTarget = new();
    private readonly List<AbsolutePath> shareTargets = [];

    /// <summary>Targets of the profile's own masks: what they hide is known when all mounts are.</summary>
    private readonly List<AbsolutePath> masks = [];

    /// <summary>Whose changes are kept, and of which session.</summary>
    public required ProfileName Profile { get; init; }
    public required string SessionId { get; init; }

    public void Add(ShareSettings share, string key)
    {
        AbsolutePath target = TargetOf(share.Target, Written(share.Target), MountType.Bind, share.Location);
        RefuseWhereTrusted(target, share.SourcePath is not { } path || SystemPlaces.IsUsers(path.Text), share.Location);
        shareTargets.Add(target);
        if (share.SourcePath is AbsolutePath source)
        {
            MustBeCovered("share", source, share.SourceWrittenAt);
        }

        Add(new SetupStep.ShareMount
        {
            Location = share.Location,
            Name = share.Name,
            Key = key,
            Target = target,
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev | (share.ReadOnly ? MountAttributes.ReadOnly : 0),
            Propagation = share.Propagation,
            Create = share.Create,
        });
    }

    /// <summary>The presets, as the mounts they stand for.</summary>
    public void AddPresets()
    {
        if (!protect.PrivateTmp)
        {
            return;
        }

        foreach (AbsolutePath directory in TemporaryDirectories)
        {
            // A host may lack one, or have one as a link to the other.
            AbsolutePath target = facts.Of(directory);
            if ((isolation.Root.IsOwn || !facts.Missing.Contains(target)) && !IsTaken(target))
            {
                Add(Tmpfs(target, protect.PrivateTmpSize, PrivateTmpInodes, StickyWorldWritable, new UserId(0), new GroupId(0), default, Propagation.Inherit, CreateTarget.Directory, protect.Location));
            }
        }
    }

    /// <summary>A new /proc, where the profile says what it shows and mounts none itself.</summary>
    public void AddProc()
    {
        if ((protect.Visibility is not null || protect.ProcessesOnly) && MountPlaces.PlaceOf(MountType.Proc) is AbsolutePath proc && !mounts.Exists(step => step is SetupStep.KernelMount && step.Target == proc))
        {
            Add(Kernel(KernelFileSystem.Proc, proc, default, Propagation.Inherit, CreateTarget.Directory, protect.ProcLocation));
        }
    }

    public void Add(MountSettings mount)
    {
        AbsolutePath target = TargetOf(mount.Target, Filled(mount.Target, mount.Location), MountReader.TypeOf(mount), mount.Location);
        if (mount is MountSettings.Mask { Optional: true } && facts.Missing.Contains(target))
        {
            return;
        }

        if (mount is MountSettings.Mask)
        {
            masks.Add(target);
        }

        // Who chooses the place chooses what programs with rights find there.
        RefuseWhereTrusted(target, IsTheUsers(mount) || TemplateScan.HasParameter(mount.Target), mount.Location);
        Add(mount switch
        {
            MountSettings.Bind bind => Bind(bind, target),
            MountSettings.Tmpfs tmpfs => Tmpfs(
                target, tmpfs.Size, tmpfs.Inodes, tmpfs.Mode, specifiers.Caller.UserId, specifiers.Caller.GroupId, tmpfs.Options, tmpfs.Propagation, tmpfs.Create, tmpfs.Location),
            OverlaySettings overlay => Overlay(overlay, target),
            MountSettings.Kernel kernel => Kernel(kernel.FileSystem, target, kernel.Options, kernel.Propagation, kernel.Create, kernel.Location),
            MountSettings.Mask mask => new SetupStep.MaskMount
            {
                Location = mask.Location,
                Target = target,
                IsFile = false, // known when all mounts are
                Attributes = AttributesOf(mask.Options),
                Propagation = mask.Propagation,
                Create = mask.Create,
            },
            _ => throw new UnreachableException(),
        });
    }

    /// <summary>A short list, sorted by insertion: of one depth, what was written first comes first.</summary>
    public ImmutableArray<SetupStep> InOrder()
    {
        // A mount below a share would stay in the other sessions after this one ends: the kernel carries it to every peer.
        foreach (SetupStep.MountStep step in mounts)
        {
            if (shareTargets.Exists(step.Target.IsBelow))
            {
                throw new PlanningRefusal($"mount target {step.Target} lies below a share", step.Location);
            }

            if (EnclosingMount(step) is SetupStep.BindMount { Propagation: Propagation.Unchanged } peer)
            {
                throw new PlanningRefusal($"mount target {step.Target} lies below {peer.Target}, whose propagation = \"unchanged\" would carry it to the host", step.Location);
            }
        }

        var ordered = ImmutableArray.CreateBuilder<SetupStep>(mounts.Count);
        foreach (SetupStep.MountStep step in mounts)
        {
            int index = ordered.Count;
            while (index > 0 && ((SetupStep.MountStep)ordered[index - 1]).Target.Depth > step.Target.Depth)
            {
                index--;
            }

            AbsolutePath? own = OwnFileSystemOf(step);
            SetupStep.MountStep known = step is SetupStep.MaskMount mask && masks.Contains(mask.Target) ? mask with { IsFile = IsFile(mask) } : step;
            ordered.Insert(index, known with { Create = CreateOf(step, own), CreatedOn = own });
        }

        return ordered.MoveToImmutable();
    }

    /// <summary>Nothing is made where the target is known to be there; below another mount of the session nothing is known.</summary>
    private CreateTarget CreateOf(SetupStep.MountStep step, AbsolutePath? own)
    {
        bool isEnclosed = own is not null || EnclosingMount(step) is not null;
        if (step.Create == CreateTarget.No || (!isEnclosed && !facts.Missing.Contains(step.Target)))
        {
            return CreateTarget.No;
        }

        return step.Create != CreateTarget.Auto ? step.Create
            : step is SetupStep.BindMount bind && facts.Files.Contains(bind.Source) ? CreateTarget.File
            : CreateTarget.Directory;
    }

    /// <summary>Where the file system lies that the target is made on, when it is one of the session's own.</summary>
    private AbsolutePath? OwnFileSystemOf(SetupStep.MountStep step) => EnclosingMount(step) is not { } mount
        ? (isolation.Root.IsOwn ? AbsolutePath.Root : null)
        : mount is SetupStep.TmpfsMount or SetupStep.OverlayMount ? mount.Target : null;

    /// <summary>The mount of this session that the target lies in: the deepest above it.</summary>
    private SetupStep.MountStep? EnclosingMount(SetupStep.MountStep step)
    {
        ReadOnlySpan<char> path = step.Target.Text;
        SetupStep.MountStep? enclosing = null;
        while (enclosing is null && path.LastIndexOf('/') is > 0 and int end)
        {
            path = path[..end];
            byTarget.TryFind(path, out enclosing);
        }

        return enclosing;
    }

    /// <summary>What a mask hides: of the host's tree, or below a mount of the session of what that one brings.</summary>
    private bool IsFile(SetupStep.MaskMount mask)
    {
        SetupStep.MountStep? around = EnclosingMount(mask);
        return around is null ? facts.FileTargets.Contains(mask.Target) : around is SetupStep.BindMount bind && facts.Files.Contains(bind.Source.Joined(mask.Target, bind.Target));
    }

    public IReadOnlyList<SetupStep.MountStep> All => mounts;

    /// <summary>What the session has of its own around this path, nearest first; null where the path is still the host's.</summary>
    public SetupStep.MountStep? Around(AbsolutePath path)
    {
        SetupStep.MountStep? nearest = null;
        foreach (SetupStep.MountStep step in mounts)
        {
            if (path.IsBelow(step.Target) && step is not SetupStep.BindMount { IsOntoItself: true } && (nearest is null || step.Target.IsBelow(nearest.Target)))
            {
                nearest = step;
            }
        }

        return nearest;
    }

    /// <summary>Adds to each mount what is wanted of it.</summary>
    public void Restrict(Func<SetupStep.MountStep, MountAttributes> wanted)
    {
        for (int i = 0; i < mounts.Count; i++)
        {
            mounts[i] = mounts[i] with { Attributes = mounts[i].Attributes | wanted(mounts[i]) };
        }
    }

    public void Add(SetupStep.MountStep step)
    {
        if (!byTarget.TryAdd(step.Target.Text, step))
        {
            throw new PlanningRefusal($"mount target {step.Target} is named twice", step.Location);
        }

        mounts.Add(step);
    }

    /// <summary>Whether [protect] has spoken of this target already.</summary>
    public bool IsProtected(AbsolutePath target) => byTarget.TryFind(target.Text, out SetupStep.MountStep? step) && step is (SetupStep.MaskMount or SetupStep.BindMount { InPlace: true });

    public bool IsTaken(AbsolutePath target) => byTarget.TryFind(target.Text, out _);

    private SetupStep.BindMount Bind(MountSettings.Bind bind, AbsolutePath target) => new()
    {
        Location = bind.Location,
        Source = SourceOf(bind.Source, bind.SourceWrittenAt),
        Within = WithinOf(bind.Source),
        Target = target,
        Recursive = bind.Recursive,
        Attributes = AttributesOf(bind.Options),
        Propagation = PropagationOf(bind.Propagation, bind.Options.ReadOnly),
        Optional = bind.Optional,
        WithoutLinks = ceiling is not null,
        Create = bind.Create,
    };

    private static SetupStep.TmpfsMount Tmpfs(
        AbsolutePath target, long size, int inodes, int mode, UserId owner, GroupId group, MountOptions options, Propagation propagation, CreateTarget create, SourceLocation location) => new()
    {
        Location = location,
        Target = target,
        Size = size,
        Inodes = inodes,
        Mode = mode,
        Owner = owner,
        Group = group,
        Attributes = AttributesOf(options),
        Propagation = propagation == Propagation.Inherit ? Propagation.Private : propagation,
        Create = create,
    };

    private SetupStep.OverlayMount Overlay(OverlaySettings overlay, AbsolutePath target)
    {
        var planner = new OverlayPlanner(specifiers, Profile, SessionId, facts);
        foreach (AbsolutePath lower in overlay.Lowers)
        {
            MustBeCovered("overlay", lower, overlay.LowersWrittenAt);
        }

        LowerFact top = planner.TopOf(overlay.Lowers, overlay.LowersWrittenAt);
        return new SetupStep.OverlayMount
        {
            Location = overlay.Location,
            Target = target,
            Lowers = planner.LowersOf(overlay.Lowers, overlay.LowersWrittenAt),
            Upper = planner.UpperOf(overlay.Upper, overlay.Size, overlay.Inodes, target, overlay.Location),
            Mode = top.Mode,
            Group = top.Group,
            Attributes = AttributesOf(overlay.Options),
            Propagation = overlay.Propagation == Propagation.Inherit ? Propagation.Private : overlay.Propagation,
            Create = overlay.Create,
        };
    }

    /// <summary>No program ever starts from there.</summary>
    private SetupStep.KernelMount Kernel(
        KernelFileSystem fileSystem, AbsolutePath target, MountOptions options, Propagation propagation, CreateTarget create, SourceLocation location) => new()
    {
        Location = location,
        Target = target,
        FileSystem = fileSystem,
        Visibility = fileSystem == KernelFileSystem.Proc ? protect.Visibility : null,
        ProcessesOnly = fileSystem == KernelFileSystem.Proc && protect.ProcessesOnly,
        Attributes = AttributesOf(options with { NoExec = true }) & (fileSystem == KernelFileSystem.Devpts ? Devices : ~MountAttributes.None),
        Propagation = propagation == Propagation.Inherit ? Propagation.Private : propagation,
        Create = create,
    };

    /// <summary>nosuid and nodev are computed, never parsed: no option can take them away.</summary>
    private static MountAttributes AttributesOf(MountOptions options) =>
        MountAttributes.NoSuid | MountAttributes.NoDev
        | (options.ReadOnly ? MountAttributes.ReadOnly : 0)
        | (options.NoExec ? MountAttributes.NoExec : 0)
        | (options.NoAtime ? MountAttributes.NoAtime : 0)
        | (options.NoSymFollow ? MountAttributes.NoSymFollow : 0);

    /// <summary>A read-only tree is private unless the profile says otherwise: what the host mounts below it later would arrive writable.</summary>
    private Propagation PropagationOf(Propagation written, bool readOnly) => written switch
    {
        Propagation.Inherit => readOnly ? Propagation.Private : isolation.RootPropagation,
        _ => written,
    };

    /// <summary>The rule of <see cref="UserWritableRules"/> once more: what a target is, the caller's names and root's links may decide.</summary>
    private void RefuseWhereTrusted(AbsolutePath target, bool isTheUsers, SourceLocation location)
    {
        if (isTheUsers && SystemPlaces.IsTrusted(target.Text) && !IsInHome(target))
        {
            throw new PlanningRefusal($"what users can write must not stand at \"{Escaped.Text(target.Text)}\", which programs with rights trust", location);
        }
    }

    private bool IsTheUsers(MountSettings mount) => mount switch
    {
        MountSettings.Bind bind when bind.Source != bind.Target => SystemPlaces.IsUsers(bind.Source)
            || (specifiers.TryExpandPath(bind.Source, parameters, out AbsolutePath? source) && (SystemPlaces.IsUsers(source.Value.Text) || IsInHome(source.Value))),
        MountSettings.Tmpfs tmpfs => !tmpfs.Options.ReadOnly,
        _ => false,
    };

    /// <summary>Root and services have their homes in places that are trusted otherwise; accounts without a home of their own have a directory of the system.</summary>
    private bool IsInHome(AbsolutePath path) =>
        path.IsAtOrBelow(specifiers.Caller.Home) && (!SystemPlaces.IsTrusted(specifiers.Caller.Home.Text) || SystemPlaces.MayBeHome(specifiers.Caller.Home.Text));

    private AbsolutePath TargetOf(string text, AbsolutePath? expanded, MountType type, SourceLocation location)
    {
        AbsolutePath target = facts.Of(PathOf(text, expanded, "target", location));
        return MountPlaces.TargetFault(target, type) is string fault ? throw new PlanningRefusal($"mount target \"{Escaped.Text(target.Text)}\" {fault}", location) : target;
    }

    private AbsolutePath SourceOf(string text, SourceLocation location)
    {
        AbsolutePath source = PathOf(text, Filled(text, location), "source", location);
        MustBeCovered("mount", source, location);
        return MountPlaces.SourceFault(source) is string fault ? throw new PlanningRefusal($"mount source \"{Escaped.Text(source.Text)}\" {fault}", location) : source;
    }

    private void MustBeCovered(string what, AbsolutePath source, SourceLocation location)
    {
        if (ceiling?.Fault(what, source) is string fault)
        {
            throw new PlanningRefusal(fault, location);
        }
    }

    private AbsolutePath PathOf(string text, AbsolutePath? expanded, string what, SourceLocation location)
    {
        // A home of "/" is an account without one: the whole file system would stand where the profile meant a user's own files.
        if (text.Contains("%h", StringComparison.Ordinal) && specifiers.Caller.Home.IsRoot)
        {
            throw new PlanningRefusal($"mount {what} \"{Escaped.Text(text)}\" needs a home directory, and this account has none", location);
        }

        return expanded ?? throw new PlanningRefusal($"mount {what} \"{Escaped.Text(text)}\" is not an absolute path in normal form for this user", location);
    }

    private AbsolutePath? Written(string text) => specifiers.TryExpandPath(text, out AbsolutePath? path) ? path : null;

    private AbsolutePath? Filled(string template, SourceLocation location) =>
        parameters.PathFault(template) is string fault ? throw new PlanningRefusal(fault, location)
        : specifiers.TryExpandPath(template, parameters, out AbsolutePath? path) ? path : null;

    /// <summary>Of a source that ends with a path of the user's choice: the base of that path. The reader has seen that nothing follows it.</summary>
    private AbsolutePath? WithinOf(string template)
    {
        var scan = new TemplateScan(template);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Parameter && parameters.ParameterOf(scan.Value) is { Type: ParameterType.PathBelow, Base: AbsolutePath below })
            {
                string before = specifiers.Expand(template[..scan.Start], parameters);
                return AbsolutePath.Parse(!below.IsRoot ? before + below.Text : before.Length > 0 ? before : "/");
            }
        }

        return null;
    }
}
