using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Sessions;

/// <summary>The mounts that a profile writes or that a preset stands for, as steps for this caller.</summary>
internal sealed class MountPlanner(
    Specifiers specifiers, ParameterValues parameters, PathFacts facts, Isolation isolation, SourceCeiling? ceiling, ProtectSettings protect, SessionMounts mounts)
{
    private const int PrivateTmpInodes = 16384;
    private const int StickyWorldWritable = 0x3ff; // 1777

    /// <summary>Of a devpts, whose terminals the kernel makes and nobody else can: with nodev none of them opens. The only exception.</summary>
    private const MountAttributes Devices = ~MountAttributes.NoDev;

    public static AbsolutePath OwnDirectory => AbsolutePath.Parse(StateDirectories.Run);

    /// <summary>What private_tmp stands for.</summary>
    public static ImmutableArray<AbsolutePath> TemporaryDirectories => [AbsolutePath.Parse("/tmp"), AbsolutePath.Parse("/var/tmp")];

    private readonly TargetTrust trust = new(specifiers, isolation);

    /// <summary>Whose changes are kept, and of which session.</summary>
    public required ProfileName Profile { get; init; }
    public required string SessionId { get; init; }
    public required OwnerPlanner Owners { get; init; }

    public void Add(ShareSettings share, string key)
    {
        AbsolutePath target = TargetOf(share.Target, Written(share.Target), MountType.Bind, share.Location);
        bool isTheUsers = share.SourcePath is not { } path || SystemPlaces.IsUsers(path.Text) || (!isolation.RootNoSuid && (!share.ReadOnly || trust.IsInHome(path)));
        trust.Hold(target, isTheUsers ? TargetContent.TheUsers : TargetContent.Another, share.Location);
        if (share.SourcePath is AbsolutePath source)
        {
            MustBeCovered("share", source, share.SourceWrittenAt);
        }

        mounts.Add(new SetupStep.ShareMount
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

    public AbsolutePath TargetOf(PrivateSettings own)
    {
        AbsolutePath target = TargetOf(own.Target, Written(own.Target), MountType.Bind, own.Location);
        trust.Hold(target, TargetContent.TheUsers, own.Location);
        return target;
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
            if ((isolation.Root.IsOwn || !facts.Missing.Contains(target)) && !mounts.IsTaken(target))
            {
                mounts.Add(Tmpfs(target, protect.PrivateTmpSize, PrivateTmpInodes, StickyWorldWritable, new UserId(0), new GroupId(0), default, Propagation.Inherit, CreateTarget.Directory, protect.Location));
            }
        }
    }

    /// <summary>A new /proc, where the profile says what it shows and mounts none itself.</summary>
    public void AddProc(Profile profile)
    {
        bool isProtected = protect.Visibility is not null || protect.ProcessesOnly;
        bool isStale = KernelFiles.StandsIn(profile);
        if ((isProtected || isStale) && MountPlaces.PlaceOf(MountType.Proc) is AbsolutePath proc && mounts.At(proc) is not SetupStep.KernelMount)
        {
            // Where every mount of the host's tree is read-only, so is the one that stands in for one of them.
            MountOptions options = isStale && isolation.RootReadOnly && !profile.Root.IsStrict ? default(MountOptions) with { ReadOnly = true } : default;
            SetupStep.KernelMount mount = Kernel(
                KernelFileSystem.Proc, proc, options, Propagation.Inherit, CreateTarget.Directory, isProtected ? protect.ProcLocation : profile.Namespaces.Location);

            // What the host's does not show of the kernel, the one in its place does not show either.
            mounts.Add(isProtected ? mount : mount with { ProcessesOnly = facts.Missing.Contains(KernelFiles.Known) });
        }
    }

    /// <summary>
    /// Where nshelper itself could start once more, with root's rights and in this session's copy of the mount table: what it keeps for all sessions
    /// is of use on the host alone. A share that it mounted there would be seen by nobody else.
    /// </summary>
    public void HideOwnDirectory(SourceLocation location)
    {
        AbsolutePath own = facts.Of(OwnDirectory);
        if (!isolation.RootNoSuid && !facts.Missing.Contains(own))
        {
            mounts.Add(Hidden(own, AttributesOf(new MountOptions(ReadOnly: true, NoExec: true, NoAtime: false, NoSymFollow: false)), location));
        }
    }

    private void AddEntry(MountSettings.Entry entry)
    {
        AbsolutePath target = TargetOf(entry.Target, Filled(entry.Target, entry.Location), MountReader.TypeOf(entry), entry.Location);
        SetupStep.Entry step = new EntryPlanner(specifiers, parameters, Owners).Plan(entry, target);
        bool isTheUsers = EntryPlanner.IsTheUsers(step) || TemplateScan.HasParameter(entry.Target)
            || (entry is MountSettings.Symlink link && (TemplateScan.HasParameter(link.Source) || trust.IsInHome(AbsolutePath.Parse(EntryPlanner.Destination((SetupStep.Symlink)step)))));
        trust.Hold(target, isTheUsers ? TargetContent.TheUsers : TargetContent.Another, entry.Location);
        mounts.Add(step);
    }

    public void Add(MountSettings mount)
    {
        if (mount is MountSettings.Entry entry)
        {
            AddEntry(entry);
            return;
        }

        AbsolutePath target = TargetOf(mount.Target, Filled(mount.Target, mount.Location), MountReader.TypeOf(mount), mount.Location);
        if (mount is MountSettings.Mask { Optional: true } && facts.Missing.Contains(target))
        {
            return;
        }

        trust.Hold(target, trust.ContentOf(mount, parameters), mount.Location);
        SetupStep.MountStep step = mount switch
        {
            MountSettings.Bind bind => Bind(bind, target),
            MountSettings.Tmpfs tmpfs => Tmpfs(
                target, tmpfs.Size, tmpfs.Inodes, tmpfs.Mode, Owners.UserOf(tmpfs, specifiers.Caller.UserId), Owners.GroupOf(tmpfs, specifiers.Caller.GroupId), tmpfs.Options, tmpfs.Propagation, tmpfs.Create, tmpfs.Location),
            OverlaySettings overlay => Overlay(overlay, target),
            MountSettings.Kernel kernel => Kernel(kernel.FileSystem, target, kernel.Options, kernel.Propagation, kernel.Create, kernel.Location),
            MountSettings.Mask mask => Hidden(target, AttributesOf(mask.Options), mask.Location),
            _ => throw new UnreachableException(),
        };
        mounts.Add(step with { Order = mount.Order });
    }

    private static SetupStep.MaskMount Hidden(AbsolutePath target, MountAttributes attributes, SourceLocation location) => new()
    {
        Location = location,
        Target = target,
        Attributes = attributes,
        Propagation = Propagation.Private,
        Create = CreateTarget.No,
    };

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
        AsRoot = bind.AsRoot,
        WithoutLinks = ceiling is not null,
        Create = bind.Create,
    };

    public static SetupStep.TmpfsMount Tmpfs(
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
