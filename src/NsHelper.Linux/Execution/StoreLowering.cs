using System.Buffers.Binary;
using NsHelper.Planning.Identity;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Directories that nshelper keeps for users, in directories only root can enter. All of it with the file system ids of root, which
/// <see cref="CredentialLowering.SetFileIds"/> gives and takes.
/// </summary>
internal sealed unsafe class StoreLowering(CallBuilder calls)
{
    /// <summary>Offsets in struct statx: stx_uid, stx_gid and stx_mode are neighbours.</summary>
    private const int StatxOwnerOffset = 20;
    private const int OwnerLength = 10;
    private const int ModeOffset = 8;
    private const ushort Directory = 0x4000; // S_IFDIR

    private readonly InstructionBuilder builder = calls.Builder;

    /// <summary>Opens an absolute path, through no link, that must be a directory for root alone.</summary>
    public Slot Open(string name, string path)
    {
        Slot directory = calls.Open(name, AT_FDCWD, path, CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.ExpectOwnerOnly(directory);
        return directory;
    }

    /// <summary>As <see cref="Open"/>, one name below a directory.</summary>
    public Slot OpenBelow(string name, Slot directory, string entry)
    {
        Slot below = calls.Open(name, directory, entry, CallBuilder.PathDirectory, CallBuilder.Beneath);
        calls.ExpectOwnerOnly(below);
        return below;
    }

    /// <summary>
    /// Makes a directory with this owner, group and mode (permission bits), or leaves the one that is there as it is. It has its name only
    /// when it is finished, so a start that is killed leaves nothing half made. One start at a time: under a lock of this entry.
    /// </summary>
    public void Make(Slot store, string entry, UserId owner, GroupId group, int mode)
    {
        string unfinished = $".{entry}.new";
        Remove(store, unfinished);
        builder.Add(SystemCall.MkdirAt, [store, calls.Text(unfinished), CallBuilder.OwnerOnlyMode]);
        Slot made = calls.Open("made", store, unfinished, CallBuilder.ReadDirectory, CallBuilder.Beneath);
        builder.Add(SystemCall.Fchown, [made, owner.Value, group.Value]);
        builder.Add(SystemCall.Fchmod, [made, mode]);
        Expect(made, owner, group, (ushort)(Directory | mode), ushort.MaxValue);
        calls.Close(made);
        builder.Add(SystemCall.RenameAt2, [store, calls.Text(unfinished), store, calls.Text(entry), RENAME_NOREPLACE]);
        builder.Foresee(EEXIST);
        Remove(store, unfinished);
    }

    /// <summary>What <see cref="Make"/> made. The mode is its owner's to change, and so is the group where the owner is a user.</summary>
    public Slot OpenMade(string name, Slot store, string entry, UserId owner, GroupId group)
    {
        Slot made = calls.Open(name, store, entry, CallBuilder.PathDirectory, CallBuilder.Beneath);
        Expect(made, owner, owner.IsRoot ? group : null, Directory, 0xf000); // S_IFMT
        return made;
    }

    private void Remove(Slot store, string entry)
    {
        builder.Add(SystemCall.UnlinkAt, [store, calls.Text(entry), AT_REMOVEDIR]);
        builder.Foresee(ENOENT);
    }

    /// <summary>Owner, group (null: any) and the masked bits of the mode, as statx(2) tells them.</summary>
    private void Expect(Slot directory, UserId owner, GroupId? group, ushort mode, ushort modeMask)
    {
        byte* actual = calls.Statx(directory, (uint)STATX_BASIC_STATS, 0xa5);
        byte* expected = OwnerOf(owner.Value, group?.Value ?? 0, mode);
        calls.ExpectMemory(Expectation.Equal, actual + StatxOwnerOffset, expected, OwnerLength);
        builder.Last.Mask = OwnerOf(uint.MaxValue, group is null ? 0 : uint.MaxValue, modeMask);
    }

    private byte* OwnerOf(uint owner, uint group, ushort mode)
    {
        byte* memory = builder.Memory.Allocate(OwnerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(memory, 4), owner);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(memory + 4, 4), group);
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(memory + ModeOffset, 2), mode);
        return memory;
    }
}
