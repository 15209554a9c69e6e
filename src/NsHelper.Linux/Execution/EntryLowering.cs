using System.Diagnostics;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Directories, files and links that are made for a session: part by part of the path on descriptors, and through no link.</summary>
internal sealed unsafe class EntryLowering(CallBuilder calls)
{
    /// <summary>0755, which the umask of 077 makes 0700.</summary>
    private const int NewDirectoryMode = 0x1ed;

    /// <summary>0644, which the umask of 077 makes 0600.</summary>
    private const int NewFileMode = 0x1a4;

    private const int OwnFileMode = 0x180; // 0600

    private readonly InstructionBuilder builder = calls.Builder;

    /// <summary>Where a mount of the session was attached, and where its id is once it was.</summary>
    private readonly List<(AbsolutePath Target, nint Id)> attached = [];

    private static int NewFileFlags => O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC;

    public void Remember(AbsolutePath target, byte* id) => attached.Add((target, (nint)id));

    /// <summary>
    /// The root of a file system of the session's own, and of no other: who may rename what it stands in could put a directory of the host's in its
    /// place, and root would make there what is the session's.
    /// </summary>
    public Slot OpenOwn(string name, AbsolutePath place)
    {
        Slot root = calls.Open(name, AT_FDCWD, place.Text, CallBuilder.PathDirectory, CallBuilder.NoLinks);
        if (!place.IsRoot)
        {
            calls.ExpectMount(root, IdOf(place));
        }

        return root;
    }

    private byte* IdOf(AbsolutePath place)
    {
        for (int i = attached.Count - 1; i >= 0; i--)
        {
            if (attached[i].Target == place)
            {
                return (byte*)attached[i].Id;
            }
        }

        throw new InvalidOperationException("the plan makes something on a file system that the session does not have");
    }

    /// <summary>Root's, on a file system of the session's own: while the file ids are root's.</summary>
    public void Make(SetupStep.Entry entry)
    {
        builder.About(SetupStage.Entries, entry.Target.Text, entry.Location);
        string[] parts = entry.Target.Text[(entry.CreatedOn.IsRoot ? 1 : entry.CreatedOn.Text.Length + 1)..].Split('/');
        Slot parent = MakeParents(OpenOwn("parent", entry.CreatedOn), parts, CallBuilder.Beneath | (ulong)RESOLVE_NO_XDEV);
        switch (entry)
        {
            case SetupStep.Symlink link:
                builder.Add(SystemCall.SymlinkAt, [calls.Text(link.Text), parent, calls.Text(parts[^1])]);

                // A filter that only claims success would leave it out.
                calls.Close(calls.Open("link", parent, parts[^1], CallBuilder.PathOnly | O_NOFOLLOW, CallBuilder.Beneath));
                break;
            case SetupStep.NewDirectory directory:
                calls.MakeDirectory(parent, parts[^1], CallBuilder.OwnerOnlyMode);
                Slot made = calls.Open("directory", parent, parts[^1], CallBuilder.ReadDirectory, CallBuilder.Beneath | (ulong)RESOLVE_NO_XDEV);
                Give(made, CallBuilder.DirectoryType | directory.Mode, directory.Owner, directory.Group);
                break;
            case SetupStep.NewFile file:
                Slot opened = calls.Open("file", parent, parts[^1], NewFileFlags, CallBuilder.Beneath, OwnFileMode);
                Write(opened, file.Content);
                Give(opened, CallBuilder.FileType | file.Mode, file.Owner, file.Group);
                break;
            default:
                throw new UnreachableException();
        }

        calls.Close(parent);
    }

    /// <summary>Makes what is missing of a target.</summary>
    /// <param name="own">The file system of the session's own that it lies on; null: anybody's, and made as the caller.</param>
    public void MakeTarget(AbsolutePath? own, ReadOnlySpan<string> parts, CreateTarget create, ulong resolve)
    {
        Slot start = own is AbsolutePath place ? OpenOwn("parent", place) : calls.Open("parent", AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        Slot parent = MakeParents(start, parts, resolve);
        switch (create)
        {
            case CreateTarget.Directory:
                calls.MakeDirectory(parent, parts[^1], NewDirectoryMode);
                break;
            case CreateTarget.File:
                CreateFile(parent, parts[^1]);
                break;
            default:
                throw new UnreachableException();
        }

        calls.Close(parent);
    }

    private Slot MakeParents(Slot parent, ReadOnlySpan<string> parts, ulong resolve)
    {
        foreach (string part in parts[..^1])
        {
            calls.MakeDirectory(parent, part, NewDirectoryMode);
            Slot next = calls.Open("parent", parent, part, CallBuilder.PathDirectory, resolve);
            calls.Close(parent);
            parent = next;
        }

        return parent;
    }

    private void CreateFile(Slot parent, string name)
    {
        Slot file = calls.Open("file", parent, name, NewFileFlags, CallBuilder.Beneath, NewFileMode);
        builder.Foresee(EEXIST);
        Slot? condition = builder.OnlyWith(file);
        calls.Close(file);
        builder.OnlyWith(condition);
    }

    private void Write(Slot file, ByteString content)
    {
        builder.Add(SystemCall.Write, [file, builder.Memory.String(content.Span), content.Length]);
        builder.Expect(Expectation.Result, content.Length);
    }

    /// <summary>The mode last: changing the owner takes bits away.</summary>
    private void Give(Slot entry, int mode, UserId owner, GroupId group)
    {
        builder.Add(SystemCall.Fchown, [entry, owner.Value, group.Value]);
        builder.Add(SystemCall.Fchmod, [entry, mode & CallBuilder.PermissionBits]);
        calls.ExpectOwner(entry, mode, owner.Value, group.Value);
        calls.Close(entry);
    }
}
