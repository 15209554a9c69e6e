using System.Buffers.Binary;
using System.Globalization;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Overlays. Lowers are taken before the namespace is left, by way of directories that root alone can change. The layers stand for a moment in
/// a scratch file system over the root, where no path leads; overlayfs keeps copies of its own of them, and the scratch place goes away.
/// </summary>
internal sealed unsafe class OverlayLowering(CallBuilder calls, CredentialLowering credentials, SessionPlan plan)
{
    private const int StatfsSize = 128;
    private const int StatfsFlagsOffset = 80;
    private const byte NoSuid = 2; // ST_NOSUID

    /// <summary>Bytes and inodes of a scratch file system that only holds places to mount on.</summary>
    private const int ScratchSize = 4096;
    private const int ScratchInodes = 64;

    private readonly InstructionBuilder builder = calls.Builder;
    private readonly RootControlledPath roots = new(calls);
    private readonly LayerLowering layers = new(calls, credentials, plan);

    /// <summary>Before the namespace is left.</summary>
    public OverlaySources Take(SetupStep.OverlayMount overlay)
    {
        Slot[] lowers = new Slot[overlay.Lowers.Length];
        for (int i = 0; i < lowers.Length; i++)
        {
            OverlayLower lower = overlay.Lowers[i];
            builder.About(SetupStage.Lowers, lower.Path.Text, overlay.Location);
            Slot directory = roots.OpenDirectory("lower", lower.Path);
            ExpectFileSystem(directory, lower.FileSystemType);
            Slot tree = calls.CloneTree("lower", directory, recursive: false);
            calls.SetAttributes(tree, recursive: false, MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev, (ulong)MS_PRIVATE);
            calls.Close(directory);
            lowers[i] = tree;
        }

        return new OverlaySources(lowers, overlay.Upper is OverlayUpper.Kept kept ? layers.Take(overlay, kept) : null);
    }

    /// <summary>In the session's own mount table, while nothing stands on its root.</summary>
    public Slot Make(SetupStep.OverlayMount overlay, OverlaySources sources)
    {
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot root = calls.Open("root", AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        Slot scratch = MakeScratch(overlay.Upper, sources.Lowers.Length);
        string prefix = "";
        if (overlay.Upper is OverlayUpper.Kept { Name: var name })
        {
            calls.MakeDirectory(scratch, name, CallBuilder.OwnerOnlyMode);
            prefix = $"{name}/";
        }
        else
        {
            MakeLayers(calls, scratch, overlay);
        }

        calls.Attach(scratch, root);
        string lowerNames = AttachLowers(sources.Lowers, scratch);
        if (sources.Kept is { } kept && overlay.Upper is OverlayUpper.Kept { Name: var place })
        {
            AttachBelow(scratch, place, kept);
        }

        builder.Add(SystemCall.Fchdir, [scratch]);
        credentials.RaiseForCopies(plan);
        Slot merged = calls.NewFileSystem("overlay", "overlay", OptionsOf(lowerNames, prefix, overlay.Upper), overlay.Attributes);
        credentials.LowerAfterCopies(plan);
        calls.Detach(scratch, root);
        calls.Close(scratch);
        calls.Close(root);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
        if (overlay.Propagation != Propagation.Private)
        {
            calls.SetAttributes(merged, recursive: false, MountAttributes.None, PlanLowering.PropagationBits(overlay.Propagation));
        }

        return merged;
    }

    /// <summary>upper and work. The upper's owner and mode are what the merged directory shows: root's, as the topmost lower.</summary>
    public static void MakeLayers(CallBuilder calls, Slot directory, SetupStep.OverlayMount overlay)
    {
        calls.MakeDirectory(directory, LayerPlaces.Upper, CallBuilder.OwnerOnlyMode);
        calls.MakeDirectory(directory, LayerPlaces.Work, CallBuilder.OwnerOnlyMode);
        Slot upper = calls.Open("upper", directory, LayerPlaces.Upper, CallBuilder.ReadDirectory, CallBuilder.Beneath);
        calls.Builder.Add(SystemCall.Fchown, [upper, 0, overlay.Group.Value]);
        calls.Builder.Add(SystemCall.Fchmod, [upper, overlay.Mode]);
        calls.Close(upper);
    }

    private Slot MakeScratch(OverlayUpper upper, int lowerCount) => upper is OverlayUpper.Tmpfs tmpfs
        ? calls.NewTmpfs("scratch", tmpfs.Size, tmpfs.Inodes + lowerCount + OverlayUpper.OwnInodes, CallBuilder.OwnerOnlyMode, 0, 0, MountAttributes.NoSuid | MountAttributes.NoDev)
        : calls.NewTmpfs("scratch", ScratchSize, ScratchInodes, CallBuilder.OwnerOnlyMode, 0, 0, MountAttributes.NoSuid | MountAttributes.NoDev);

    private string AttachLowers(Slot[] lowers, Slot scratch)
    {
        string names = "";
        for (int i = 0; i < lowers.Length; i++)
        {
            string name = i.ToString(CultureInfo.InvariantCulture);
            calls.MakeDirectory(scratch, name, CallBuilder.OwnerOnlyMode);
            AttachBelow(scratch, name, lowers[i]);
            names = names.Length == 0 ? name : $"{names}:{name}";
        }

        return names;
    }

    private void AttachBelow(Slot scratch, string name, Slot tree)
    {
        Slot place = calls.Open("place", scratch, name, CallBuilder.PathDirectory, CallBuilder.Beneath);
        calls.Attach(tree, place);
        calls.Close(place);
        calls.Close(tree);
    }

    /// <summary>
    /// Names relative to the scratch place: a kernel before 6.15 takes only layers that are attached, and what the session reads of them in its
    /// mount table leads nowhere. userxattr is never among them, whose attributes a user could forge.
    /// </summary>
    private static FileSystemOption[] OptionsOf(string lowerNames, string prefix, OverlayUpper upper) =>
    [
        new("lowerdir", lowerNames),
        new("upperdir", prefix + LayerPlaces.Upper),
        new("workdir", prefix + LayerPlaces.Work),
        new("metacopy", "off"),
        new("redirect_dir", "nofollow"),
        new("xino", "off"),

        // Asked for an index the kernel refuses an upper that another mount has, which only a user's can be; it makes none without DAC_READ_SEARCH.
        new("index", upper is OverlayUpper.Kept { Scope: LayerScope.User } ? "on" : "off"),
    ];

    /// <summary>The kind of file system that was judged, and not mounted nosuid.</summary>
    private void ExpectFileSystem(Slot directory, long type)
    {
        byte* actual = builder.Memory.Allocate(StatfsSize);
        builder.Add(SystemCall.Fstatfs, [directory, actual]);
        byte* expected = builder.Memory.Allocate(StatfsSize);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(expected, sizeof(long)), type);
        byte* mask = builder.Memory.Allocate(StatfsSize);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(mask, sizeof(ulong)), ulong.MaxValue);
        mask[StatfsFlagsOffset] = NoSuid;
        calls.ExpectMemory(Expectation.Equal, actual, expected, StatfsFlagsOffset + sizeof(ulong));
        builder.Last.Mask = mask;
    }
}
