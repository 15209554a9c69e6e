using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Another root than the host's: a detached tree is attached at /run/nshelper/root of the session's own copy of the mount table, where
/// nobody else can look, takes the place of "/" (pivot_root(2)), and the old root with all below it is detached.
/// </summary>
internal sealed unsafe class RootLowering(CallBuilder calls, OverlayLowering overlays, CredentialLowering credentials, SessionPlan plan)
{
    private const int RootMode = 0x1ed; // 0755
    private const string Name = "root";
    private const string Place = $"{StateDirectories.Run}/{Name}";

    private readonly InstructionBuilder builder = calls.Builder;
    private readonly SessionRoot root = plan.Isolation.Root;
    private Slot tree;
    private OverlaySources sources;

    /// <summary>What the root is made of, taken while the host's namespace is still there. The pivot wants a root that is not shared.</summary>
    public void TakeSource()
    {
        builder.About(SetupStage.Root, "/", plan.Isolation.RootLocation);
        if (root is SessionRoot.Tmpfs tmpfs)
        {
            tree = calls.NewTmpfs("root", tmpfs.Size, tmpfs.Inodes, RootMode, 0, 0, MountAttributes.NoSuid | MountAttributes.NoDev);
        }
        else if (root is SessionRoot.Directory directory)
        {
            builder.About(SetupStage.Root, directory.Path.Text, plan.Isolation.RootLocation);
            Slot source = calls.Open("source", AT_FDCWD, directory.Path.Text, CallBuilder.PathDirectory, CallBuilder.NoLinks);
            tree = calls.CloneTree("root", source, recursive: true);
            calls.SetAttributes(tree, recursive: true, TreeAttributes, PlanLowering.PropagationBits(PlanLowering.FirstPropagation(plan.Isolation)));
            calls.Close(source);
        }
        else if (root is SessionRoot.Overlay overlay)
        {
            sources = overlays.Take(overlay.Mount);
        }
    }

    public void Enter()
    {
        if (root is SessionRoot.Host)
        {
            return;
        }

        if (root is SessionRoot.Overlay overlay)
        {
            builder.About(SetupStage.Overlays, overlay.Mount.Target.Text, overlay.Mount.Location);
            tree = overlays.Make(overlay.Mount, sources);
        }

        builder.About(SetupStage.Root, Place, plan.Isolation.RootLocation);
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot run = calls.OpenRunDirectory();
        Slot place = calls.Open("place", run, Name, CallBuilder.PathDirectory, CallBuilder.Beneath);
        calls.ExpectOwnerOnly(place);
        calls.Attach(tree, place);
        calls.Close(place);
        calls.Close(run);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);

        builder.About(SetupStage.Root, "/", plan.Isolation.RootLocation);

        // Both names are the new root's directory: the old root is stacked below it and comes off at once.
        builder.Add(SystemCall.Fchdir, [tree]);
        builder.Add(SystemCall.PivotRoot, [calls.Text("."), calls.Text(".")]);
        builder.Add(SystemCall.Umount2, [calls.Text("."), MNT_DETACH]);

        // A filter that only claims success would leave the host's tree in sight.
        calls.ExpectVisible(tree, "/");
        calls.VerifyAttributes(tree, TreeAttributes);
        calls.Close(tree);
    }

    /// <summary>What the session made in a root of its own is there by now.</summary>
    public void Finish()
    {
        if (root.IsOwn && plan.Isolation.RootRestrictions != 0)
        {
            builder.About(SetupStage.Root, "/", plan.Isolation.RootLocation);
            calls.SetRootAttributes(plan.Isolation.RootRestrictions, 0, recursive: false);
            calls.VerifyAttributes(tree: null, plan.Isolation.RootRestrictions);
        }
    }

    private MountAttributes TreeAttributes =>
        MountAttributes.NoSuid | MountAttributes.NoDev | (root.IsOwn ? 0 : plan.Isolation.RootRestrictions);
}
