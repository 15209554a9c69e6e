using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Makes sure, in the host's mount namespace, that every share of the plan has its backing mounted below /run/nshelper/share, and takes
/// a copy of each that is a peer of it. Only the first session after boot makes anything; for later ones those steps are skipped.
/// </summary>
internal sealed unsafe class ShareLowering(CallBuilder calls, CredentialLowering credentials, SessionPlan plan)
{
    /// <summary>Offsets in struct statx; the halves of the device number are neighbours.</summary>
    private const int StatxInodeOffset = 32;
    private const int StatxDeviceOffset = 0x88;

    private readonly InstructionBuilder builder = calls.Builder;
    // A handful: searched from the front. A dictionary of strings would open /dev/urandom for its hashes.
    private readonly List<(string Key, Slot Tree)> trees = [];

    public Slot TreeOf(string key) => trees.Find(entry => entry.Key == key).Tree;

    public void EnsureBackings()
    {
        if (plan.Backings.Length == 0)
        {
            return;
        }

        // Opened with the caller's rights, before anything is touched as root.
        var sources = new Slot?[plan.Backings.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            if (plan.Backings[i].SourcePath is { } path)
            {
                builder.About(SetupStage.Shares, path.Text, plan.Backings[i].Location);
                sources[i] = calls.Open("source", AT_FDCWD, path.Text, CallBuilder.PathDirectory, CallBuilder.NoLinks);
            }
        }

        builder.About(SetupStage.Shares, CallBuilder.RunDirectory, plan.Backings[0].Location);
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot share = OpenShareDirectory();
        for (int i = 0; i < sources.Length; i++)
        {
            ShareBacking backing = plan.Backings[i];
            builder.About(SetupStage.Shares, $"{CallBuilder.RunDirectory}/share/{backing.Key}", backing.Location);
            EnsureBacking(share, backing, sources[i]);
            TakeBacking(share, backing, sources[i]);
        }

        calls.Close(share);

        // Files are the caller's again, from here to the end.
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
    }

    /// <summary>share/ as a shared mount of its own, so that what is mounted below it reaches every session and nothing else does.</summary>
    private Slot OpenShareDirectory()
    {
        Slot run = calls.OpenRunDirectory();
        Slot bare = OpenUnlessMounted("bare", run, "share", CallBuilder.PathDirectory);
        builder.OnlyWith(bare);
        calls.Close(bare);
        builder.Add(SystemCall.Flock, [run, LOCK_EX]);
        Slot place = OpenUnlessMounted("place", run, "share", CallBuilder.PathDirectory);
        builder.OnlyWith(place);
        calls.ExpectOwnerOnly(place);
        Slot tree = calls.CloneTree("tree", place, recursive: false);
        calls.SetAttributes(tree, recursive: false, MountAttributes.None, (ulong)MS_PRIVATE);
        calls.SetAttributes(tree, recursive: false, MountAttributes.NoSuid | MountAttributes.NoDev, (ulong)MS_SHARED);
        calls.Attach(tree, place);
        calls.Close(tree);
        calls.Close(place);
        builder.OnlyWith(bare);
        builder.Add(SystemCall.Flock, [run, LOCK_UN]);
        builder.OnlyWith(null);
        Slot share = calls.Open("share", run, "share", CallBuilder.PathDirectory, CallBuilder.Beneath);
        calls.ExpectOwnerOnly(share);
        calls.Close(run);
        return share;
    }

    private void EnsureBacking(Slot share, ShareBacking backing, Slot? source)
    {
        // Seen with this mode only until the backing covers it.
        calls.MakeDirectory(share, backing.Key, CallBuilder.OwnerOnlyMode);
        Slot bare = OpenUnlessMounted("bare", share, backing.Key, CallBuilder.ReadDirectory);
        builder.OnlyWith(bare);

        // One lock a share, on a directory only root can open, held while the backing is made: a frozen start delays nobody else's share.
        builder.Add(SystemCall.Flock, [bare, LOCK_EX]);
        Slot place = OpenUnlessMounted("place", share, backing.Key, CallBuilder.PathDirectory);
        builder.OnlyWith(place);
        const MountAttributes attributes = MountAttributes.NoSuid | MountAttributes.NoDev;
        Slot tree;
        if (source is { } directory)
        {
            tree = calls.CloneTree("tree", directory, recursive: false);
            calls.SetAttributes(tree, recursive: false, attributes, 0);
        }
        else
        {
            tree = calls.NewTmpfs("tree", backing.Size, backing.Inodes, backing.Mode, backing.Owner.Value, backing.Group.Value, attributes);
        }

        calls.Attach(tree, place);
        calls.Close(tree);
        calls.Close(place);
        builder.OnlyWith(bare);
        calls.Close(bare);
        builder.OnlyWith(null);
    }

    /// <summary>The peer that the session gets. A directory that another profile's share of this name stands for is not the one asked for.</summary>
    private void TakeBacking(Slot share, ShareBacking backing, Slot? source)
    {
        Slot mounted = calls.Open("backing", share, backing.Key, CallBuilder.PathDirectory, CallBuilder.Beneath);
        if (source is { } directory)
        {
            byte* asked = calls.Statx(directory, (uint)STATX_BASIC_STATS, 0xa5);
            byte* found = calls.Statx(mounted, (uint)STATX_BASIC_STATS, 0x5a);
            calls.ExpectMemory(Expectation.Equal, found + StatxInodeOffset, asked + StatxInodeOffset, sizeof(ulong));
            byte* again = calls.Statx(mounted, (uint)STATX_BASIC_STATS, 0x5a);
            calls.ExpectMemory(Expectation.Equal, again + StatxDeviceOffset, asked + StatxDeviceOffset, sizeof(ulong));
            calls.Close(directory);
        }

        trees.Add((backing.Key, calls.CloneTree("shared", mounted, recursive: true)));
        calls.Close(mounted);
    }

    /// <summary>Opens a directory only while nothing is mounted on it: a mount there answers EXDEV, and the slot stays empty.</summary>
    private Slot OpenUnlessMounted(string name, Slot directory, string path, int flags)
    {
        Slot slot = calls.Open(name, directory, path, flags, CallBuilder.Beneath | (ulong)RESOLVE_NO_XDEV);
        builder.Foresee(EXDEV);
        return slot;
    }
}
