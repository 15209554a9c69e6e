using System.Collections.Immutable;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The layers of an overlay: lowers that hold to the rules, and an upper whose place follows from who runs which profile.</summary>
internal sealed class OverlayPlanner(Specifiers specifiers, ProfileName profile, string sessionId, PathFacts facts)
{
    public ImmutableArray<OverlayLower> LowersOf(ImmutableArray<AbsolutePath> paths, SourceLocation location)
    {
        var lowers = ImmutableArray.CreateBuilder<OverlayLower>(paths.Length);
        foreach (AbsolutePath path in paths)
        {
            LowerFact fact = FactOf(path, location);
            if (LowerRules.Fault(fact) is string fault)
            {
                throw new PlanningRefusal($"the lower directory \"{Escaped.Text(path.Text)}\" {fault}", location);
            }

            lowers.Add(new OverlayLower(path, fact.FileSystemType));
        }

        return lowers.MoveToImmutable();
    }

    public OverlayUpper UpperOf(UpperChoice choice, long size, int inodes, AbsolutePath target, SourceLocation location)
    {
        if (choice == UpperChoice.Tmpfs)
        {
            return new OverlayUpper.Tmpfs(size, inodes);
        }

        LayerScope scope = choice == UpperChoice.Session ? LayerScope.Session : LayerScope.User;
        return LayerPlaces.KeyOf(profile, target) is string key
            ? new OverlayUpper.Kept(scope, specifiers.Caller.UserId, scope == LayerScope.Session ? sessionId : profile.Text, key)
            : throw new PlanningRefusal($"the target \"{Escaped.Text(target.Text)}\" is too long for an overlay that is kept", location);
    }

    /// <summary>The root's own overlay; what it keeps has the key of "/", which no mount can have as its target.</summary>
    public SetupStep.OverlayMount RootOf(RootSettings root, AbsolutePath tree) => new()
    {
        Location = root.Location,
        Target = AbsolutePath.Root,
        Lowers = LowersOf([tree], root.Location),
        Upper = UpperOf(root.Upper, root.Size, Amounts.DefaultInodes, AbsolutePath.Root, root.Location),
        Mode = TopOf([tree], root.Location).Mode,
        Group = TopOf([tree], root.Location).Group,
        Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,

        // A root that is to be shared becomes so once it is the root: pivot_root(2) refuses one that is.
        Propagation = Propagation.Private,
        Create = CreateTarget.No,
    };

    /// <summary>The merged directory is what the topmost lower is: who may make files in it does not change.</summary>
    public LowerFact TopOf(ImmutableArray<AbsolutePath> paths, SourceLocation location) => FactOf(paths[0], location);

    private LowerFact FactOf(AbsolutePath path, SourceLocation location)
    {
        foreach (LowerFact fact in facts.Lowers)
        {
            if (fact.Path == path)
            {
                return fact;
            }
        }

        throw new PlanningRefusal($"nothing is known of the lower directory \"{Escaped.Text(path.Text)}\"", location);
    }
}
