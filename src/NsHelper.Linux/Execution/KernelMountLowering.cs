using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// File systems that come from the kernel and from nowhere else: proc, sysfs, devpts, mqueue, and the empty objects that hide what is
/// below them. Made after the namespaces were left, since each shows those of the process that makes it.
/// </summary>
internal sealed class KernelMountLowering(CallBuilder calls)
{
    /// <summary>The group tty, under which mesg(1) and write(1) open terminals: the same number wherever systemd runs.</summary>
    private const string TerminalGroup = "5";

    /// <summary>A page: nothing is ever written there.</summary>
    private const int MaskSize = 4096;
    private const string MaskFile = "mask";

    /// <summary>Copies of the one empty file, one for each place that it hides.</summary>
    private Slot[] emptyFiles = [];
    private int emptyFilesTaken;

    public Slot Make(SetupStep.KernelMount mount)
    {
        string type = PlanWords.Of(mount.FileSystem);
        Slot tree = calls.NewFileSystem(type, type, [.. OptionsOf(mount)], mount.Attributes);
        SetPropagation(tree, mount.Propagation);
        return tree;
    }

    public Slot Make(SetupStep.MaskMount mask)
    {
        Slot tree;
        if (mask.IsFile)
        {
            tree = emptyFiles[emptyFilesTaken++];
            calls.SetAttributes(tree, recursive: false, mask.Attributes, PlanLowering.PropagationBits(mask.Propagation));
        }
        else
        {
            tree = calls.NewTmpfs("mask", MaskSize, inodes: 1, mode: 0, owner: 0, group: 0, mask.Attributes);
            SetPropagation(tree, mask.Propagation);
        }

        return tree;
    }

    /// <summary>
    /// As many copies as will be asked for of a file that the caller owns, with no permission, on a file system that is read-only from then
    /// on. Linux before 6.15 copies no part of a detached tree: for these few calls it stands over the root, where no path leads into it.
    /// </summary>
    public void MakeEmptyFiles(int count)
    {
        const MountAttributes attributes = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;
        Slot tree = calls.NewFileSystem("masks", "tmpfs", [new("size", "4096"), new("nr_inodes", "2"), new("mode", "700")], attributes);
        calls.Close(calls.Open("empty", tree, MaskFile, O_CREAT | O_EXCL | O_RDONLY | O_NOFOLLOW | O_CLOEXEC, CallBuilder.Beneath, mode: 0));
        calls.SetAttributes(tree, recursive: false, attributes | MountAttributes.ReadOnly, 0);
        Slot root = calls.Open("root", AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.Attach(tree, root);
        Slot file = calls.Open("empty", tree, MaskFile, CallBuilder.PathOnly | O_NOFOLLOW, CallBuilder.Beneath);
        emptyFiles = new Slot[count];
        for (int i = 0; i < count; i++)
        {
            emptyFiles[i] = calls.CloneTree("mask", file, recursive: false);
        }

        calls.Close(file);
        calls.Detach(tree, root);
        calls.Close(tree);
        calls.Close(root);
    }

    private static List<FileSystemOption> OptionsOf(SetupStep.KernelMount mount)
    {
        List<FileSystemOption> options = [];
        if (mount.FileSystem == KernelFileSystem.Devpts)
        {
            // An instance of its own is what fsopen(2) gives since Linux 4.7; said all the same.
            options.AddRange([new("newinstance", null), new("ptmxmode", "666"), new("mode", "620"), new("gid", TerminalGroup)]);
        }

        if (mount.Visibility is ProcessVisibility visibility)
        {
            options.Add(new("hidepid", PlanWords.Of(visibility)));
        }

        if (mount.ProcessesOnly)
        {
            options.Add(new("subset", "pid"));
        }

        return options;
    }

    private void SetPropagation(Slot tree, Propagation propagation)
    {
        if (propagation != Propagation.Private)
        {
            calls.SetAttributes(tree, recursive: false, MountAttributes.None, PlanLowering.PropagationBits(propagation));
        }
    }
}
