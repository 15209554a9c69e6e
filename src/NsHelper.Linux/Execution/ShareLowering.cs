using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Makes sure, in the host's mount namespace, that every share of the plan has its backing mounted below /run/nshelper/share, and takes
/// a copy of each that is a peer of it. Only the first session after boot makes anything; for later ones those steps are skipped.
/// </summary>
/// <param name="keptUse">Where the init keeps what says that a share is in use; -1 where no share asks.</param>
internal sealed unsafe class ShareLowering(CallBuilder calls, CredentialLowering credentials, SessionPlan plan, int keptUse)
{
    /// <summary>Offset in struct statx; the halves of the device number are neighbours.</summary>
    private const int StatxDeviceOffset = 0x88;

    private readonly InstructionBuilder builder = calls.Builder;
    private readonly StoreLowering store = new(calls);
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
            if (plan.Backings[i].SourcePath is AbsolutePath path)
            {
                builder.About(SetupStage.Shares, path.Text, plan.Backings[i].Location);
                sources[i] = calls.Open("source", AT_FDCWD, path.Text, CallBuilder.PathDirectory, CallBuilder.NoLinks);
            }
        }

        builder.About(SetupStage.Shares, StateDirectories.Run, plan.Backings[0].Location);
        MaskStops(SIG_BLOCK);
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot share = OpenShareDirectory();
        (Slot Changes, Slot Uses)? files = plan.HasShareUntilLastSession ? OpenUse(share) : null;
        for (int i = 0; i < sources.Length; i++)
        {
            ShareBacking backing = plan.Backings[i];
            builder.About(SetupStage.Shares, backing.Place, backing.Location);

            (Slot Changes, Slot Uses)? use = backing.EndsWithLastSession ? files : null;
            BeginUse(share, use, backing);
            Slot? source = EnsureBacking(share, backing, sources[i]);
            TakeBacking(share, backing, source);
            KeepUse(use, backing);
        }

        if (files is var (changes, uses))
        {
            calls.Close(changes);
            calls.Close(uses);
        }

        calls.Close(share);

        // Files are the caller's again, from here to the end.
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
        MaskStops(SIG_UNBLOCK);
    }

    /// <summary>
    /// While a lock is held that others wait for. Nobody but root may send a stop; but a terminal asks nobody, and ^Z would hold them up for as long as
    /// its user likes. With an init every signal is blocked already, and stays so.
    /// </summary>
    private void MaskStops(int how)
    {
        if (plan.Supervision is null)
        {
            byte* stops = builder.Memory.Allocate(sizeof(ulong));
            *(ulong*)stops = (1UL << (SIGTSTP - 1)) | (1UL << (SIGTTIN - 1)) | (1UL << (SIGTTOU - 1));
            builder.Add(SystemCall.SigProcMask, [how, Argument.Numbers(stops), 0, sizeof(ulong)]);
        }
    }

    /// <summary>share/ as a shared mount of its own, so that what is mounted below it reaches every session and nothing else does.</summary>
    private Slot OpenShareDirectory()
    {
        Slot run = calls.OpenRunDirectory();
        Slot bare = OpenUnlessMounted("bare", run, StateDirectories.Share, CallBuilder.PathDirectory);
        builder.OnlyWith(bare);
        calls.Close(bare);
        builder.Add(SystemCall.Flock, [run, LOCK_EX]);
        Slot place = OpenUnlessMounted("place", run, StateDirectories.Share, CallBuilder.PathDirectory);
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
        Slot share = store.OpenBelow("share", run, StateDirectories.Share);
        calls.Close(run);
        return share;
    }

    /// <summary>The files of <see cref="ShareUse"/>; the init has the second too, only to read, and to its end.</summary>
    private (Slot Changes, Slot Uses) OpenUse(Slot share)
    {
        Slot changes = OpenLocks(share, "changes", ShareUse.ChangeFile);
        Slot uses = OpenLocks(share, "uses", ShareUse.UseFile);
        calls.Move(calls.Open("use", share, ShareUse.UseFile, O_RDONLY | O_CLOEXEC, CallBuilder.Beneath), keptUse);
        return (changes, uses);
    }

    private Slot OpenLocks(Slot share, string name, string file)
    {
        Slot locks = calls.Open(name, share, file, O_RDWR | O_CREAT | O_CLOEXEC, CallBuilder.Beneath, ShareUse.Mode);
        calls.ExpectOwner(locks, CallBuilder.FileType | ShareUse.Mode, 0, 0);
        return locks;
    }

    /// <summary>The directory to mount on. What ended sessions have left there is taken away by the next one, if nobody else did.</summary>
    private void BeginUse(Slot share, (Slot Changes, Slot Uses)? use, ShareBacking backing)
    {
        if (use is var (changes, _))
        {
            Lock(changes, F_OFD_SETLKW, F_WRLCK, backing);
        }

        // Seen with this mode only until the backing covers it.
        calls.MakeDirectory(share, backing.Key, CallBuilder.OwnerOnlyMode);
        if (use is var (_, uses))
        {
            Slot unused = builder.AddNumber(SystemCall.Fcntl, "unused", [uses, F_OFD_SETLK, LockOf(F_WRLCK, backing)], least: 0);
            builder.Foresee(EAGAIN);
            builder.OnlyWith(unused);
            builder.Add(SystemCall.Umount2, [calls.Text(backing.Place), MNT_DETACH | UMOUNT_NOFOLLOW]);
            builder.Foresee(EINVAL);
            Lock(uses, F_OFD_SETLK, F_UNLCK, backing);
            builder.OnlyWith(null);
        }
    }

    private void KeepUse((Slot Changes, Slot Uses)? use, ShareBacking backing)
    {
        if (use is var (changes, _))
        {
            Lock(keptUse, F_OFD_SETLK, F_RDLCK, backing);
            Lock(changes, F_OFD_SETLK, F_UNLCK, backing);
        }
    }

    private void Lock(Argument file, int command, int type, ShareBacking backing) => builder.Add(SystemCall.Fcntl, [file, command, LockOf(type, backing)]);

    /// <summary>struct flock: l_type with l_whence (SEEK_SET), l_start, l_len, l_pid.</summary>
    private Argument LockOf(int type, ShareBacking backing)
    {
        long* range = (long*)builder.Memory.Allocate(4 * sizeof(long));
        (range[0], range[1], range[2]) = (type, ShareUse.ByteOf(backing.Key), 1);
        return Argument.Numbers((byte*)range);
    }

    /// <summary>Gives the directory that the backing must be; null: a tmpfs, whichever is mounted.</summary>
    private Slot? EnsureBacking(Slot share, ShareBacking backing, Slot? source)
    {
        Slot bare = OpenUnlessMounted("bare", share, backing.Key, CallBuilder.ReadDirectory);
        builder.OnlyWith(bare);

        // One lock a share, on a directory only root can open, held while the backing is made: a frozen start delays nobody else's share.
        builder.Add(SystemCall.Flock, [bare, LOCK_EX]);
        Slot place = OpenUnlessMounted("place", share, backing.Key, CallBuilder.PathDirectory);
        if (backing.Source == ShareSource.Disk)
        {
            source = EnsureStored(backing, place);
        }

        builder.OnlyWith(place);
        const MountAttributes attributes = MountAttributes.NoSuid | MountAttributes.NoDev;
        Slot tree;
        if (source is Slot directory)
        {
            tree = calls.CloneTree("tree", directory, recursive: false);

            // What is mounted on the administrator's own directory reaches the share; nothing is ever mounted on a stored one.
            calls.SetAttributes(tree, recursive: false, attributes, backing.Source == ShareSource.Disk ? (ulong)MS_PRIVATE : 0);
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
        return source;
    }

    /// <summary>The directory on disk: made by whoever mounts it, checked by everybody.</summary>
    private Slot EnsureStored(ShareBacking backing, Slot place)
    {
        builder.OnlyWith(null);
        builder.About(SetupStage.Shares, backing.Store, backing.Location);
        Slot persistent = store.Open("persistent", StateDirectories.Persistent);
        Slot stored = store.OpenBelow("stored", persistent, backing.StoreName);
        calls.Close(persistent);
        builder.OnlyWith(place);
        store.Make(stored, backing.Key, backing.Owner, backing.Group, backing.Mode);
        builder.OnlyWith(null);
        Slot directory = store.OpenMade("directory", stored, backing.Key, backing.Owner, backing.Group);
        calls.Close(stored);
        builder.About(SetupStage.Shares, backing.Place, backing.Location);
        return directory;
    }

    /// <summary>The peer that the session gets. A directory that another profile's share of this name stands for is not the one asked for.</summary>
    private void TakeBacking(Slot share, ShareBacking backing, Slot? source)
    {
        Slot mounted = calls.Open("backing", share, backing.Key, CallBuilder.PathDirectory, CallBuilder.Beneath);
        if (source is Slot directory)
        {
            byte* asked = calls.Statx(directory, (uint)STATX_BASIC_STATS, 0xa5);
            byte* found = calls.Statx(mounted, (uint)STATX_BASIC_STATS, 0x5a);
            calls.ExpectMemory(Expectation.Equal, found + CallBuilder.StatxInodeOffset, asked + CallBuilder.StatxInodeOffset, sizeof(ulong));
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
