using System.Collections.Immutable;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// Which line of a profile made each mount of a session: the mounts that the profile makes, found again in the table by target, type and flags,
/// and what came with them or through them later. What is the host's has no line.
/// </summary>
internal sealed class MountOrigins
{
    private readonly ImmutableArray<MountNode> nodes;
    private readonly SourceLocation?[] lines;

    /// <summary>Whether other mounts come to stand below it that no step names: with its tree, or by propagation.</summary>
    private readonly bool[] brings;

    private MountOrigins(ImmutableArray<MountNode> nodes)
    {
        this.nodes = nodes;
        lines = new SourceLocation?[nodes.Length];
        brings = new bool[nodes.Length];
    }

    /// <summary>For each mount of the tree its line; null for none.</summary>
    public static ImmutableArray<SourceLocation?> Of(ImmutableArray<MountNode> nodes, SessionOutline outline)
    {
        var origins = new MountOrigins(nodes);
        origins.FindRoot(outline.Isolation);
        origins.FindSteps(outline.Mounts);
        origins.Inherit();
        return [.. origins.lines];
    }

    private void FindRoot(Isolation isolation)
    {
        string? type = isolation.Root switch
        {
            SessionRoot.Tmpfs => "tmpfs",
            SessionRoot.Overlay => "overlay",
            _ => null,
        };
        for (int i = nodes.Length - 1; i >= 0 && isolation.Root is not SessionRoot.Host; i--)
        {
            if (nodes[i].Entry.Target.Span.SequenceEqual("/"u8))
            {
                lines[i] = type is null || nodes[i].Entry.FilesystemType == ByteString.FromText(type) ? isolation.RootLocation : null;
                brings[i] = lines[i] is not null && isolation.Root is SessionRoot.Directory;
                return;
            }
        }
    }

    /// <summary>Of several mounts at a target the one on top is the step's: what the host had there lies below.</summary>
    private void FindSteps(ImmutableArray<SetupStep> steps)
    {
        Dictionary<ByteString, SetupStep.MountStep> byTarget = [];
        foreach (SetupStep step in steps)
        {
            if (step is SetupStep.MountStep mount)
            {
                byTarget[ByteString.FromText(mount.Target.Text)] = mount;
            }
        }

        for (int i = nodes.Length - 1; i >= 0; i--)
        {
            if (byTarget.TryGetValue(nodes[i].Entry.Target, out SetupStep.MountStep? step) && Fits(step, nodes[i].Entry))
            {
                byTarget.Remove(nodes[i].Entry.Target);
                (lines[i], brings[i]) = (step.Location, step is SetupStep.BindMount or SetupStep.ShareMount);
            }
        }
    }

    /// <summary>Parents stand before their children.</summary>
    private void Inherit()
    {
        Dictionary<int, int> indexOf = [];
        for (int i = 0; i < nodes.Length; i++)
        {
            if (lines[i] is null && indexOf.TryGetValue(nodes[i].Entry.ParentId, out int parent) && brings[parent])
            {
                (lines[i], brings[i]) = (lines[parent], true);
            }

            indexOf.TryAdd(nodes[i].Entry.Id, i);
        }
    }

    private static bool Fits(SetupStep.MountStep step, MountEntry mount)
    {
        string[] flags = mount.Options.ToString().Split(',');
        foreach (string word in PlanWords.Of(step.Attributes))
        {
            if (!flags.Contains(word))
            {
                return false;
            }
        }

        return TypeOf(step) is not string type || mount.FilesystemType == ByteString.FromText(type);
    }

    /// <summary>Null where it is that of what is shown there.</summary>
    private static string? TypeOf(SetupStep.MountStep step) => step switch
    {
        SetupStep.TmpfsMount or SetupStep.MaskMount => "tmpfs",
        SetupStep.KernelMount kernel => PlanWords.Of(kernel.FileSystem),
        SetupStep.OverlayMount => "overlay",
        _ => null,
    };
}
