using System.Buffers.Binary;
using System.Globalization;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>The system calls on files and mounts, one method each: the man page's arguments in, structures laid out in the plan's memory.</summary>
internal sealed unsafe class CallBuilder(InstructionBuilder builder)
{
    private const int OpenHowSize = 24;
    private const int MountAttrSize = 32;
    private const int StatxSize = 256;
    private const int StatfsSize = 128;
    private const int StatfsFlagsOffset = 80;

    /// <summary>Offsets in struct statx: stx_uid, stx_gid and stx_mode are neighbours.</summary>
    private const int StatxOwnerOffset = 20;
    private const int OwnerLength = 10;

    public const int DirectoryType = 0x4000;
    public const int FileType = 0x8000;
    public const int PermissionBits = 0xfff;
    public const string RunDirectory = StateDirectories.Run;
    public const int OwnerOnlyMode = 0x1c0; // 0700

    /// <summary>Offset of stx_ino in struct statx.</summary>
    public const int StatxInodeOffset = 32;

    /// <summary>Offset of stx_mnt_id in struct statx.</summary>
    public const int StatxMountIdOffset = 0x90;

    public InstructionBuilder Builder => builder;

    /// <summary>No component may be a link of any kind.</summary>
    public static ulong NoLinks => (ulong)(RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);

    /// <summary>As <see cref="NoLinks"/>, and never out of the directory it starts in.</summary>
    public static ulong Beneath => NoLinks | (ulong)RESOLVE_BENEATH;

    public static int PathOnly => O_PATH | O_CLOEXEC;

    public static int PathDirectory => O_PATH | O_DIRECTORY | O_CLOEXEC;

    public static int ReadDirectory => O_RDONLY | O_DIRECTORY | O_CLOEXEC;

    private UnmanagedMemory Memory => builder.Memory;

    /// <summary>openat2(2): relative to a slot, or absolute.</summary>
    public Slot Open(string name, Argument directory, string path, int flags, ulong resolve, int mode = 0) =>
        builder.AddDescriptor(SystemCall.OpenAt2, name, [directory, Text(path), Argument.Numbers(OpenHow(flags, mode, resolve)), OpenHowSize]);

    /// <summary>openat2(2) of bytes the caller chose.</summary>
    public Slot Open(string name, ReadOnlySpan<byte> path, int flags, ulong resolve) =>
        builder.AddDescriptor(SystemCall.OpenAt2, name, [AT_FDCWD, Text(path), Argument.Numbers(OpenHow(flags, 0, resolve)), OpenHowSize]);

    /// <summary>Everything from 3 on but these; -1 is none.</summary>
    public void CloseAllBut(int[] kept)
    {
        Array.Sort(kept);
        int first = 3;
        foreach (int descriptor in kept)
        {
            if (descriptor > first)
            {
                builder.Add(SystemCall.CloseRange, [first, descriptor - 1, 0]);
            }

            first = Math.Max(first, descriptor + 1);
        }

        builder.Add(SystemCall.CloseRange, [first, uint.MaxValue, 0]);
    }

    public void Close(Slot slot) => builder.Add(SystemCall.Close, [slot]);

    /// <summary>dup3(2) to a number that a plan knows beforehand.</summary>
    public void Move(Slot from, int to)
    {
        builder.Add(SystemCall.Dup3, [from, to, O_CLOEXEC]);
        builder.Expect(Expectation.Result, to);
        Close(from);
    }

    /// <summary>open_tree(2) with OPEN_TREE_CLONE of what a descriptor refers to: a detached copy nobody else can reach.</summary>
    public Slot CloneTree(string name, Slot source, bool recursive) => builder.AddDescriptor(
        SystemCall.OpenTree, name, [source, Text(""), AT_EMPTY_PATH | OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? AT_RECURSIVE : 0)]);

    /// <summary>mount_setattr(2) on a detached tree.</summary>
    public void SetAttributes(Slot tree, bool recursive, MountAttributes attributes, ulong propagation) => builder.Add(
        SystemCall.MountSetAttr,
        [tree, Text(""), AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), Argument.Numbers(MountAttr(attributes, propagation)), MountAttrSize]);

    /// <summary>mount_setattr(2) on the root of this mount namespace, or on the whole tree below it.</summary>
    public void SetRootAttributes(MountAttributes attributes, ulong propagation, bool recursive = true) => builder.Add(
        SystemCall.MountSetAttr, [AT_FDCWD, Text("/"), recursive ? AT_RECURSIVE : 0, Argument.Numbers(MountAttr(attributes, propagation)), MountAttrSize]);

    /// <summary>move_mount(2) between two descriptors: no path is looked at again.</summary>
    public void Attach(Slot tree, Slot target)
    {
        Argument empty = Text("");
        builder.Add(SystemCall.MoveMount, [tree, empty, target, empty, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH]);
    }

    /// <summary>Takes off again what was attached, by the descriptor of its root; descriptors and copies of it stay good. The directory is then `back`.</summary>
    public void Detach(Slot tree, Slot back)
    {
        builder.Add(SystemCall.Fchdir, [tree]);
        builder.Add(SystemCall.Umount2, [Text("."), MNT_DETACH]);
        builder.Add(SystemCall.Fchdir, [back]);
    }

    /// <summary>A new tmpfs, configured option by option and detached. Sizes in bytes.</summary>
    public Slot NewTmpfs(string name, long size, int inodes, int mode, uint owner, uint group, MountAttributes attributes)
    {
        ReadOnlySpan<FileSystemOption> options =
        [
            new("size", Decimal(size)), new("nr_inodes", Decimal(inodes)), new("mode", Convert.ToString(mode, 8)), new("uid", Decimal(owner)), new("gid", Decimal(group)),
        ];
        return NewFileSystem(name, "tmpfs", options, attributes);
    }

    /// <summary>A new file system of one of the few types there are, configured option by option and detached.</summary>
    public Slot NewFileSystem(string name, string type, ReadOnlySpan<FileSystemOption> options, MountAttributes attributes)
    {
        Slot context = builder.AddDescriptor(SystemCall.FsOpen, "context", [Text(type), FSOPEN_CLOEXEC]);
        foreach (FileSystemOption option in options)
        {
            Configure(context, option);
        }

        builder.Add(SystemCall.FsConfig, [context, FSCONFIG_CMD_CREATE, 0, 0, 0]);
        Slot tree = builder.AddDescriptor(SystemCall.FsMount, name, [context, FSMOUNT_CLOEXEC, (int)attributes]);
        Close(context);
        return tree;
    }

    /// <summary>mkdirat(2) that an existing entry does not disturb. The kernel says EEXIST before it asks for the right to write.</summary>
    public void MakeDirectory(Argument directory, string name, int mode)
    {
        builder.Add(SystemCall.MkdirAt, [directory, Text(name), mode]);
        builder.Foresee(EEXIST);
    }

    /// <summary>statx(2) of a descriptor into memory of the plan, which holds <paramref name="sentinel"/> until then.</summary>
    public byte* Statx(Slot descriptor, uint mask, byte sentinel) =>
        Statx([descriptor, Text(""), AT_EMPTY_PATH], mask, sentinel);

    /// <summary>statx(2) of a path; the last component is not followed.</summary>
    public byte* StatxPath(string path, uint mask, byte sentinel) =>
        Statx([AT_FDCWD, Text(path), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT], mask, sentinel);

    /// <summary>statx(2) of what a path leads to below a directory, links of /proc followed.</summary>
    public byte* StatxFollowed(Slot directory, string path, uint mask, byte sentinel) => Statx([directory, Text(path), 0], mask, sentinel);

    /// <summary>/run/nshelper, which root alone may look into. Opened while the file ids are root's.</summary>
    public Slot OpenRunDirectory()
    {
        Slot run = Open("run", AT_FDCWD, RunDirectory, ReadDirectory, NoLinks);
        ExpectOwnerOnly(run);
        return run;
    }

    /// <summary>A directory of root's with mode 0700, and nothing else.</summary>
    public void ExpectOwnerOnly(Slot directory) => ExpectOwner(directory, DirectoryType | OwnerOnlyMode, 0, 0);

    /// <summary>What it is and whose: type and permission bits, owner and group.</summary>
    public void ExpectOwner(Slot descriptor, int mode, uint owner, uint group)
    {
        byte* actual = Statx(descriptor, (uint)STATX_BASIC_STATS, 0xa5);
        byte* expected = Memory.Allocate(OwnerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(expected, 4), owner);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(expected + 4, 4), group);
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(expected + 8, 2), (ushort)mode);
        ExpectMemory(Expectation.Equal, actual + StatxOwnerOffset, expected, OwnerLength);
    }

    /// <summary>What is seen at a path is this mount: neither a filter that only claims success nor another mount stands there.</summary>
    /// <returns>Where the id of the mount will be.</returns>
    public byte* ExpectVisible(Slot tree, string path)
    {
        byte* id = Statx(tree, STATX_MNT_ID, 0xa5) + StatxMountIdOffset;
        byte* visible = StatxPath(path, STATX_MNT_ID, 0x5a);
        ExpectMemory(Expectation.Equal, visible + StatxMountIdOffset, id, sizeof(ulong));
        return id;
    }

    /// <summary>It lies on a file system of this type (f_type of statfs(2)).</summary>
    public void ExpectFileSystem(Slot descriptor, long type)
    {
        byte* actual = Memory.Allocate(StatfsSize);
        builder.Add(SystemCall.Fstatfs, [descriptor, actual]);
        byte* expected = Memory.Allocate(sizeof(long));
        *(long*)expected = type;
        ExpectMemory(Expectation.Equal, actual, expected, sizeof(long));
    }

    /// <summary>It lies on the mount whose id is there by then.</summary>
    public void ExpectMount(Slot descriptor, byte* id)
    {
        byte* actual = Statx(descriptor, STATX_MNT_ID, 0x5a);
        ExpectMemory(Expectation.Equal, actual + StatxMountIdOffset, id, sizeof(ulong));
    }

    /// <summary>Compares bytes that the last instruction wrote with a reference.</summary>
    public void ExpectMemory(Expectation expectation, byte* actual, byte* reference, int length)
    {
        ref Instruction instruction = ref builder.Expect(expectation);
        instruction.Actual = actual;
        instruction.Reference = reference;
        instruction.Length = length;
    }

    /// <summary>Reads the flags of a mount back (statfs(2)): those that were asked for must be there.</summary>
    public void VerifyAttributes(Slot? tree, MountAttributes attributes)
    {
        // ST_RDONLY, ST_NOSUID, ST_NODEV and ST_NOEXEC have the values of their MOUNT_ATTR_*.
        const MountAttributes readBack = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec;
        byte* buffer = Memory.Allocate(StatfsSize);
        builder.Add(tree is null ? SystemCall.Statfs : SystemCall.Fstatfs, [tree ?? Text("/"), buffer]);
        byte* wanted = Memory.Allocate(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(wanted, sizeof(ulong)), (ulong)(attributes & readBack));
        ExpectMemory(Expectation.Equal, buffer + StatfsFlagsOffset, wanted, sizeof(ulong));
        builder.Last.Mask = wanted;
    }

    /// <summary>A C string in the plan's memory.</summary>
    public Argument Text(string text) => Argument.Text(Memory.String(text));

    public Argument Text(ReadOnlySpan<byte> text) => Argument.Text(Memory.String(text));

    private byte* Statx(ReadOnlySpan<Argument> place, uint mask, byte sentinel)
    {
        byte* buffer = Memory.Allocate(StatxSize);
        new Span<byte>(buffer, StatxSize).Fill(sentinel);
        builder.Add(SystemCall.Statx, [place[0], place[1], place[2], mask, buffer]);
        return buffer;
    }

    private void Configure(Slot context, FileSystemOption option) =>
        builder.Add(
            SystemCall.FsConfig,
            [context, option.Value is null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, Text(option.Key), option.Value is string value ? Text(value) : 0, 0]);

    private static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);

    private byte* OpenHow(int flags, int mode, ulong resolve)
    {
        byte* how = Memory.Allocate(OpenHowSize);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(how, 8), (uint)flags);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(how + 8, 8), (uint)mode);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(how + 16, 8), resolve);
        return how;
    }

    private byte* MountAttr(MountAttributes attributes, ulong propagation)
    {
        // The atime mode is a field of its own: setting one value means clearing the others.
        const ulong atime = 0x70;
        byte* attr = Memory.Allocate(MountAttrSize);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(attr, 8), (uint)attributes);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(attr + 8, 8), attributes.HasFlag(MountAttributes.NoAtime) ? atime : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(attr + 16, 8), propagation);
        return attr;
    }
}

/// <summary>One option of a new file system; without a value it is a flag.</summary>
internal readonly record struct FileSystemOption(string Key, string? Value);
