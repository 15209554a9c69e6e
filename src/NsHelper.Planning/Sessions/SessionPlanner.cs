using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Turns a grant into the plan of a session. Pure: the same grant, caller and request give the same plan.</summary>
internal static class SessionPlanner
{
    /// <summary>The paths of the profile for this caller about which facts are wanted before <see cref="Plan"/>.</summary>
    public static PathQuestions QuestionsOf(ProfileUse use, string hostName)
    {
        Specifiers specifiers = SpecifiersOf(use, hostName);
        ImmutableArray<AbsolutePath>.Builder targets = ImmutableArray.CreateBuilder<AbsolutePath>();
        ImmutableArray<AbsolutePath>.Builder sources = ImmutableArray.CreateBuilder<AbsolutePath>();
        ImmutableArray<AbsolutePath>.Builder lowers = ImmutableArray.CreateBuilder<AbsolutePath>();
        if (use.Profile.Root is { Mode: RootMode.Overlay, Directory: AbsolutePath tree })
        {
            lowers.Add(tree);
        }

        if (use.Profile.Protect.PrivateTmp)
        {
            targets.AddRange(MountPlanner.TemporaryDirectories);
        }

        if (use.Profile.Protect.PrivateDevices)
        {
            targets.Add(DevicePlanner.Directory);
        }

        foreach (AbsolutePath path in ProtectPlanner.Questions(use.Profile.Protect, specifiers))
        {
            targets.Add(path);
            sources.Add(path);
        }

        foreach (ShareSettings share in use.Profile.Shares)
        {
            AddPath(targets, specifiers.TryExpandPath(share.Target, out AbsolutePath? target) ? target : null);
        }

        foreach (PrivateSettings own in use.Profile.Privates)
        {
            AddPath(targets, specifiers.TryExpandPath(own.Target, out AbsolutePath? target) ? target : null);
        }

        foreach (MountSettings mount in use.Profile.Mounts)
        {
            if (mount is MountSettings.Entry)
            {
                // What the host has there does not matter: it is made where the session has something of its own, through no link.
                continue;
            }

            AbsolutePath? target = specifiers.TryExpandPath(mount.Target, use.Parameters, out AbsolutePath? expanded) ? expanded : null;
            AddPath(targets, target);
            if (mount is OverlaySettings overlay)
            {
                lowers.AddRange(overlay.Lowers);
            }

            if (mount is MountSettings.Bind { Create: CreateTarget.Auto } bind)
            {
                AddPath(sources, specifiers.TryExpandPath(bind.Source, use.Parameters, out AbsolutePath? source) ? source : null);
            }

            if (mount is MountSettings.Mask && target is AbsolutePath hidden)
            {
                sources.Add(hidden);
                AddBrought(sources, hidden, use, specifiers);
            }
        }

        if (!use.Profile.Identity.NoNewPrivileges)
        {
            targets.Add(MountPlanner.OwnDirectory);
        }

        KernelFiles.AddQuestion(use.Profile, targets);
        return new PathQuestions(RootOfTargets(use.Profile.Root), targets.ToImmutable(), sources.ToImmutable()) { Lowers = lowers.ToImmutable() };
    }

    /// <summary>The tree of the host in which the targets lie before the session is there; null when none does.</summary>
    private static AbsolutePath? RootOfTargets(RootSettings root) => root.Mode switch
    {
        RootMode.Tmpfs => null,
        RootMode.Directory or RootMode.Overlay => root.Directory,
        _ => AbsolutePath.Root,
    };

    /// <summary>What a path shows that lies below bind mounts of the profile.</summary>
    private static void AddBrought(ImmutableArray<AbsolutePath>.Builder sources, AbsolutePath path, ProfileUse use, Specifiers specifiers)
    {
        foreach (MountSettings mount in use.Profile.Mounts)
        {
            if (mount is MountSettings.Bind bind && specifiers.TryExpandPath(bind.Target, use.Parameters, out AbsolutePath? target) && path.IsBelow(target.Value)
                && specifiers.TryExpandPath(bind.Source, use.Parameters, out AbsolutePath? source))
            {
                sources.Add(source.Value.Joined(path, target.Value));
            }
        }
    }

    // What is no path for this caller is refused by the planner, with its line.
    private static void AddPath(ImmutableArray<AbsolutePath>.Builder paths, AbsolutePath? path)
    {
        if (path is AbsolutePath known)
        {
            paths.Add(known);
        }
    }

    public static PlanningResult Plan(Grant grant, AccountNames names, CallerState state, SessionRequest request, PathFacts facts)
    {
        try
        {
            return new PlanningResult.Valid(PlanSession(grant, names, state, request, facts));
        }
        catch (PlanningRefusal refusal)
        {
            return new PlanningResult.Refused(refusal.Message, refusal.Location);
        }
    }

    /// <summary>What a running session of this profile should show; null after a refusal. Nobody is permitted anything by it.</summary>
    public static SessionOutline? Outline(ProfileUse use, AccountNames names, string sessionId, string hostName, PathFacts facts, out string? refusal)
    {
        try
        {
            refusal = null;
            return OutlineOf(use, names, sessionId, hostName, facts);
        }
        catch (PlanningRefusal fault)
        {
            refusal = fault.Message;
            return null;
        }
    }

    private static SessionOutline OutlineOf(ProfileUse use, AccountNames names, string sessionId, string hostName, PathFacts facts)
    {
        Profile profile = use.Profile;
        if (!profile.Unavailable.IsEmpty)
        {
            throw new PlanningRefusal(profile.Unavailable[0].Message, profile.Unavailable[0].Location);
        }

        Specifiers specifiers = SpecifiersOf(use, hostName);
        Isolation isolation = IsolationOf(profile, new OverlayPlanner(specifiers, profile.Name, sessionId, facts));
        ImmutableArray<ShareBacking>.Builder backings = ImmutableArray.CreateBuilder<ShareBacking>(profile.Shares.Length);
        var mounts = new SessionMounts(facts, isolation.Root);
        var planner = new MountPlanner(specifiers, use.Parameters, facts, isolation, profile.SourceCeiling, profile.Protect, mounts)
        {
            Profile = profile.Name,
            SessionId = sessionId,
            Owners = new OwnerPlanner(use.Caller, names),
        };
        foreach (ShareSettings share in profile.Shares)
        {
            ShareBacking backing = SharePlanner.BackingOf(share, profile.Name, use.Caller, names);
            backings.Add(backing);
            planner.Add(share, backing.Key);
        }

        var instances = new PrivatePlanner(profile.Name, use.Caller, names);
        foreach (PrivateSettings own in profile.Privates)
        {
            (SetupStep.MountStep step, ShareBacking? backing) = instances.Plan(own, planner.TargetOf(own));
            mounts.Add(step);
            if (backing is not null)
            {
                backings.Add(backing);
            }
        }

        planner.AddPresets();
        foreach (MountSettings mount in profile.Mounts)
        {
            planner.Add(mount);
        }

        planner.AddProc(profile);
        planner.HideOwnDirectory(profile.Identity.NoNewPrivilegesLocation);
        KernelFiles.RefuseUnknown(profile, facts, mounts);
        new DevicePlanner(profile.Protect, profile.Namespaces.PrivateIpc, mounts).AddMounts();
        new ProtectPlanner(profile.Protect, profile.Root, specifiers, facts, isolation, mounts).AddMounts();
        return new SessionOutline(isolation, backings.ToImmutable(), mounts.InOrder().AddRange(mounts.EntriesInOrder()));
    }

    private static SessionPlan PlanSession(Grant grant, AccountNames names, CallerState state, SessionRequest request, PathFacts facts)
    {
        Profile profile = grant.Profile;
        Specifiers specifiers = SpecifiersOf(grant.Use, request.HostName);
        SessionOutline outline = OutlineOf(grant.Use, names, request.SessionId, request.HostName, facts);
        ImmutableArray<SetupStep> steps = NamespaceSteps(profile.Namespaces).AddRange(outline.Mounts);
        return new SessionPlan
        {
            Profile = profile.Name,
            SessionId = request.SessionId,
            Sessions = profile.Sessions with { Label = request.Label ?? profile.Sessions.Label },
            Digest = request.Digest,
            Caller = grant.Caller,
            Parameters = grant.Parameters,
            Backings = outline.Backings,
            Isolation = outline.Isolation,
            Supervision = SupervisionPlanner.Plan(profile, state, SupervisionPlanner.HasTerminals(steps), request.IsReported, request.Detaches),
            Steps = steps,
            OutOfMemoryScore = profile.Limits.OutOfMemoryScore,
            Credentials = CredentialPlanner.Plan(profile, grant.Caller, names, state, request.LastCapability),
            Launch = LaunchPlanner.Plan(grant, specifiers, state, request),
        };
    }

    public static Specifiers SpecifiersOf(ProfileUse use, string hostName) => new(use.Caller, use.Profile.Name.Text, hostName);

    private static Isolation IsolationOf(Profile profile, OverlayPlanner overlays)
    {
        NamespaceSettings settings = profile.Namespaces;
        NamespaceSet unshare = NamespaceSet.Mount
            | (settings.PrivatePid ? NamespaceSet.Pid : 0)
            | (settings.PrivateTime ? NamespaceSet.Time : 0)
            | (settings.PrivateIpc ? NamespaceSet.Ipc : 0)
            | (settings.PrivateUts ? NamespaceSet.Uts : 0)
            | (settings.PrivateNetwork ? NamespaceSet.Network : 0)
            | (settings.PrivateCgroup ? NamespaceSet.Cgroup : 0);

        // The copy of a shared tree stays in the host's peer groups: the session's own mounts would appear on the host.
        if (profile.Root.Propagation == Propagation.Unchanged)
        {
            throw new PlanningRefusal("root.propagation = \"unchanged\" would carry the session's own mounts to the host", profile.Root.Location);
        }

        return new Isolation
        {
            Unshare = unshare,
            JoinedNetwork = settings.NetworkPath,
            Root = RootOf(profile, overlays),
            RootPropagation = profile.Root.Propagation == Propagation.Inherit ? Propagation.Slave : profile.Root.Propagation,
            RootReadOnly = profile.Root.ReadOnly,
            RootNoExec = profile.Root.NoExec,
            RootNoSuid = profile.Identity.NoNewPrivileges,
            NamespacesLocation = settings.Location,
            RootLocation = profile.Root.Location,
        };
    }

    private static SessionRoot RootOf(Profile profile, OverlayPlanner overlays)
    {
        RootSettings root = profile.Root;
        switch (root.Mode)
        {
            case RootMode.Tmpfs:
                return new SessionRoot.Tmpfs { Size = root.Size, Inodes = Amounts.DefaultInodes };
            case RootMode.Directory:
                return new SessionRoot.Directory(TreeOf(profile));
            case RootMode.Overlay:
                return new SessionRoot.Overlay(overlays.RootOf(root, TreeOf(profile)));
            default:
                return new SessionRoot.Host();
        }
    }

    private static AbsolutePath TreeOf(Profile profile)
    {
        AbsolutePath directory = profile.Root.Directory ?? throw new InvalidOperationException("a root that needs a directory passed the reader without one");
        return profile.SourceCeiling?.Fault("root", directory) is string fault ? throw new PlanningRefusal(fault, profile.Root.Location) : directory;
    }

    private static ImmutableArray<SetupStep> NamespaceSteps(NamespaceSettings settings)
    {
        var steps = ImmutableArray.CreateBuilder<SetupStep>();
        if (settings.Hostname is string hostname)
        {
            steps.Add(new SetupStep.SetHostname(hostname) { Location = settings.Location });
        }

        if (settings.PrivateNetwork)
        {
            steps.Add(new SetupStep.BringLoopbackUp { Location = settings.Location });
        }

        return steps.ToImmutable();
    }
}
