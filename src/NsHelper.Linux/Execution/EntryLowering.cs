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

    private static int NewFileFlags => O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC;

    /// <summary>Root's, on a file system of the session's own: while the file ids are root's.</summary>
    public void Make(SetupStep.Entry entry)
    {
        builder.About(SetupStage.Entries, entry.Target.Text, entry.Location);
        string[] parts = entry.Target.Text[(entry.CreatedOn.IsRoot ? 1 : entry.CreatedOn.Text.Length + 1)..].Split('/');
        Slot parent = MakeParents(entry.CreatedOn, parts, CallBuilder.Beneath | (ulong)RESOLVE_NO_XDEV);
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
    public void MakeTarget(AbsolutePath start, ReadOnlySpan<string> parts, CreateTarget create, ulong resolve)
    {
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

    private Slot MakeParents(AbsolutePath start, ReadOnlySpan<string> parts, ulong resolve)
    {
        Slot parent = calls.Open("parent", AT_FDCWD, start.Text, CallBuilder.PathDirectory, CallBuilder.NoLinks);
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
