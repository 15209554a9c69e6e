using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// The presets and lists of [protect] as the mounts they stand for: a place becomes a copy of itself with restrictions, an empty tmpfs or a mask.
/// Comes after the profile's own mounts, which it sees: a preset gives way to them, a list that contradicts them is refused.
/// </summary>
internal sealed class ProtectPlanner(ProtectSettings protect, RootSettings root, Specifiers specifiers, PathFacts facts, Isolation isolation, SessionMounts mounts)
{
    private const MountAttributes Hidden = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;
    private const long DirectorySize = 65536; // holds names alone
    private const int DirectoryInodes = 1024;
    private const int RunUserInodes = 16384;
    private const int OpenMode = 0x1ed; // 0755
    private const int OwnerMode = 0x1c0; // 0700

    private static readonly AbsolutePath Devices = AbsolutePath.Parse("/dev");
    private static readonly AbsolutePath RunUser = AbsolutePath.Parse("/run/user");

    private readonly PlaceRules rules = new(isolation);
    private readonly TargetTrust trust = new(specifiers, isolation);

    private bool IsHost => isolation.Root is SessionRoot.Host;

    /// <summary>The paths about which facts are wanted.</summary>
    public static List<AbsolutePath> Questions(ProtectSettings protect, Specifiers specifiers)
    {
        List<AbsolutePath> paths = [];
        foreach (PresetSettings preset in protect.Presets)
        {
            string[] places = preset.Preset switch
            {
                ProtectPreset.HomeTmpfs => PresetPlaces.Homes,
                ProtectPreset.PrivateRunUser => [RunUser.Text],
                _ => [],
            };
            paths.AddRange(Array.ConvertAll(places, AbsolutePath.Parse));
            foreach (PresetPlace place in PresetPlaces.All)
            {
                if (place.Preset == preset.Preset)
                {
                    paths.Add(AbsolutePath.Parse(place.Path));
                }
            }
        }

        foreach (ListedPath listed in protect.Paths)
        {
            if (specifiers.TryExpandPath(listed.Text, out AbsolutePath? path))
            {
                paths.Add(path.Value);
            }
        }

        return paths;
    }

    public void AddMounts()
    {
        if (protect.Presets.IsEmpty && protect.Paths.IsEmpty)
        {
            return;
        }

        AddListed();
        foreach (PresetSettings preset in protect.Presets)
        {
            AddPreset(preset);
        }

        // Where nothing is executed, a mount of the session makes no exception, unless exec_paths names it.
        bool tunables = Has(ProtectPreset.KernelTunables);
        mounts.Restrict(step => (rules.IsNoExec(step.Target) ? MountAttributes.NoExec : 0)
            | (tunables && step is SetupStep.KernelMount { FileSystem: KernelFileSystem.Sysfs } ? MountAttributes.ReadOnly : 0));
        ProtectedPlace[] places = [.. rules.All];
        AddMountsAsRules();
        foreach (ProtectedPlace place in places)
        {
            if (place.Rule == PlaceRule.Inaccessible)
            {
                Hide(place);
            }
        }

        foreach (ProtectedPlace place in places)
        {
            if (place.Rule != PlaceRule.Inaccessible)
            {
                Restrict(place);
            }
        }
    }

    private void AddListed()
    {
        foreach (ListedPath listed in protect.Paths)
        {
            AbsolutePath path = PathOf(listed);
            if (!IsHost && !path.IsRoot && listed.Rule is not (PlaceRule.NoExec or PlaceRule.Exec) && mounts.Around(path) is not SetupStep.KernelMount)
            {
                throw new PlanningRefusal($"\"{Escaped.Text(path.Text)}\" is listed in [protect], whose lists are for the host's tree; this session has a root of its own", listed.Location);
            }

            if ((IsHost || path.IsBelow(KernelFiles.Proc)) && facts.Missing.Contains(path))
            {
                if (!listed.Optional)
                {
                    throw new PlanningRefusal($"\"{Escaped.Text(path.Text)}\" is not there, and [protect] names it; written as \"-{Escaped.Text(listed.Text)}\" it may be missing", listed.Location);
                }

                continue;
            }

            // The root is made what it is in one call, before anything is mounted.
            if (path.IsRoot && listed.Rule is PlaceRule.ReadOnly or PlaceRule.NoExec && listed.Text == "/")
            {
                continue;
            }

            if (path.IsRoot)
            {
                throw new PlanningRefusal($"\"{Escaped.Text(listed.Text)}\" is the root itself", listed.Location);
            }

            if (listed.Rule is PlaceRule.ReadOnly or PlaceRule.NoExec or PlaceRule.Inaccessible)
            {
                trust.Hold(path, listed.Rule == PlaceRule.ReadOnly ? TargetContent.ReadOnly : TargetContent.Another, listed.Location);
            }

            RefuseContradiction(path, listed);
            rules.Add(new ProtectedPlace(path, listed.Rule, PlaceAuthority.Listed, listed.Location));
        }
    }

    private AbsolutePath PathOf(ListedPath listed)
    {
        if (listed.Text.Contains("%h", StringComparison.Ordinal) && specifiers.Caller.Home.IsRoot)
        {
            throw new PlanningRefusal($"\"{Escaped.Text(listed.Text)}\" needs a home directory, and this account has none", listed.Location);
        }

        return specifiers.TryExpandPath(listed.Text, out AbsolutePath? path)
            ? facts.Of(path.Value)
            : throw new PlanningRefusal($"\"{Escaped.Text(listed.Text)}\" is not an absolute path in normal form for this user", listed.Location);
    }

    private void RefuseContradiction(AbsolutePath path, ListedPath listed)
    {
        PlaceRule? opposite = listed.Rule switch
        {
            PlaceRule.ReadOnly => PlaceRule.ReadWrite,
            PlaceRule.ReadWrite => PlaceRule.ReadOnly,
            PlaceRule.NoExec => PlaceRule.Exec,
            PlaceRule.Exec => PlaceRule.NoExec,
            _ => null,
        };
        foreach (ProtectedPlace place in rules.All)
        {
            if (place.Path == path && place.Rule == opposite)
            {
                throw new PlanningRefusal($"\"{Escaped.Text(path.Text)}\" is in two lists of [protect] that contradict each other (the other: {place.Location})", listed.Location);
            }
        }
    }

    private void AddPreset(PresetSettings preset)
    {
        // What such a tree holds is not known here, and what is not known must not be left as it is.
        if (isolation.Root is SessionRoot.Directory or SessionRoot.Overlay && preset.Preset is not (ProtectPreset.SystemStrict or ProtectPreset.KernelTunables or ProtectPreset.ControlGroups or ProtectPreset.KernelLogs))
        {
            throw new PlanningRefusal("protect_system, protect_home and private_run_user are for the host's tree; this session has a directory as its root", preset.Location);
        }

        if (preset.Preset is ProtectPreset.HomeTmpfs or ProtectPreset.PrivateRunUser)
        {
            AddEmpty(preset);
        }

        foreach (PresetPlace place in PresetPlaces.All)
        {
            if (place.Preset != preset.Preset || facts.Of(AbsolutePath.Parse(place.Path)) is var path && facts.Missing.Contains(path))
            {
                continue;
            }

            // A preset loosens nothing: what else makes the tree read-only holds here too.
            bool loosens = place.Rule == PlaceRule.ReadWrite && (preset.Preset == ProtectPreset.SystemStrict ? !root.IsStrict : IsReadOnlyWithout(preset, path));
            if (!loosens)
            {
                rules.Add(new ProtectedPlace(path, place.Rule, PlaceAuthority.Preset, preset.Location));
            }
        }
    }

    /// <summary>Whether the path is read-only by something else than this preset.</summary>
    private bool IsReadOnlyWithout(PresetSettings preset, AbsolutePath path)
    {
        var others = new PlaceRules(isolation);
        foreach (ProtectedPlace place in rules.All)
        {
            if (place.Location != preset.Location)
            {
                others.Add(place);
            }
        }

        return others.IsReadOnly(path);
    }

    /// <summary>Directories of root's, in which nothing is but what the session mounts there.</summary>
    private void AddEmpty(PresetSettings preset)
    {
        foreach (string text in preset.Preset == ProtectPreset.HomeTmpfs ? PresetPlaces.Homes : [RunUser.Text])
        {
            AbsolutePath path = facts.Of(AbsolutePath.Parse(text));
            if (IsHost && !facts.Missing.Contains(path) && !mounts.IsTaken(path) && mounts.Around(path) is null)
            {
                mounts.Add(Tmpfs(path, DirectorySize, DirectoryInodes, OpenMode, new UserId(0), new GroupId(0), CreateTarget.No, preset.Location));
            }
        }

        AbsolutePath parent = facts.Of(RunUser);
        var own = AbsolutePath.Parse($"{parent}/{specifiers.Caller.UserId}");
        if (preset.Preset == ProtectPreset.PrivateRunUser && (mounts.IsTaken(parent) || !IsHost) && !mounts.IsTaken(own))
        {
            mounts.Add(Tmpfs(own, protect.PrivateTmpSize, RunUserInodes, OwnerMode, specifiers.Caller.UserId, specifiers.Caller.GroupId, CreateTarget.Directory, preset.Location));
        }
    }

    private void AddMountsAsRules()
    {
        foreach (SetupStep.MountStep step in mounts.All)
        {
            rules.Add(new(step.Target, step.Attributes.HasFlag(MountAttributes.ReadOnly) ? PlaceRule.ReadOnly : PlaceRule.ReadWrite, PlaceAuthority.Mount, step.Location));
            rules.Add(new(step.Target, step.Attributes.HasFlag(MountAttributes.NoExec) ? PlaceRule.NoExec : PlaceRule.Exec, PlaceAuthority.Mount, step.Location));
        }
    }

    private void Hide(ProtectedPlace place)
    {
        if (!IsHidden(place.Path) && !mounts.IsProtected(place.Path) && MayStand(place))
        {
            mounts.Add(new SetupStep.MaskMount
            {
                Location = place.Location,
                Target = place.Path,
                Attributes = Hidden,
                Propagation = Propagation.Private,
                Create = CreateTarget.No,
            });
        }
    }

    private void Restrict(ProtectedPlace place)
    {
        if (!MayStand(place) || !rules.ChangesAt(place.Path))
        {
            return;
        }

        bool readOnly = rules.IsReadOnly(place.Path);
        mounts.Add(new SetupStep.BindMount
        {
            Location = place.Location,
            Source = place.Path,
            Within = null,
            Target = place.Path,
            Recursive = true,
            // Nothing is brought here: what the host has at this place may have effect where the whole tree may.
            Attributes = (isolation.RootNoSuid ? MountAttributes.NoSuid : 0)
                | (place.Path.IsAtOrBelow(Devices) ? 0 : MountAttributes.NoDev)
                | (readOnly ? MountAttributes.ReadOnly : 0)
                | (rules.IsNoExec(place.Path) ? MountAttributes.NoExec : 0),

            // What the host mounts below a read-only tree later would arrive writable.
            Propagation = readOnly ? Propagation.Private : isolation.RootPropagation == Propagation.Shared ? Propagation.Slave : isolation.RootPropagation,
            Optional = false,
            WithoutLinks = true,
            InPlace = true,
            OfSession = mounts.Around(place.Path) is SetupStep.KernelMount,
            Create = CreateTarget.No,
        });
    }

    /// <summary>Whether the place is the host's, or of a new /proc: what else the session has there has settings of its own.</summary>
    private bool MayStand(ProtectedPlace place)
    {
        SetupStep.MountStep? around = mounts.Around(place.Path);
        if (around is SetupStep.KernelMount { FileSystem: KernelFileSystem.Proc } proc && !mounts.IsTaken(place.Path))
        {
            return !proc.ProcessesOnly;
        }

        bool isTaken = mounts.IsTaken(place.Path);
        if (place.Authority == PlaceAuthority.Listed && around is not null)
        {
            throw new PlanningRefusal($"\"{Escaped.Text(place.Path.Text)}\" lies below \"{Escaped.Text(around.Target.Text)}\", which the session has of its own ({around.Location})", place.Location);
        }

        // Restrict has given a mount what the lists say of programs; two lists may name one place.
        if (place.Authority == PlaceAuthority.Listed && place.Rule is not (PlaceRule.NoExec or PlaceRule.Exec) && isTaken && !mounts.IsProtected(place.Path))
        {
            throw new PlanningRefusal($"\"{Escaped.Text(place.Path.Text)}\" is the target of a mount of the session: what it may is said there", place.Location);
        }

        return !isTaken && around is null && IsHost;
    }

    private bool Has(ProtectPreset wanted)
    {
        foreach (PresetSettings preset in protect.Presets)
        {
            if (preset.Preset == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsHidden(AbsolutePath path)
    {
        foreach (ProtectedPlace other in rules.All)
        {
            if (other.Rule == PlaceRule.Inaccessible && path.IsBelow(other.Path))
            {
                return true;
            }
        }

        return false;
    }

    private static SetupStep.TmpfsMount Tmpfs(AbsolutePath target, long size, int inodes, int mode, UserId owner, GroupId group, CreateTarget create, SourceLocation location) =>
        MountPlanner.Tmpfs(target, size, inodes, mode, owner, group, default, Propagation.Private, create, location);
}
