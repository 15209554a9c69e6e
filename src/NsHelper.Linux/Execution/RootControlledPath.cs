using System.Buffers.Binary;
using NsHelper.Planning.Paths;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Paths that nobody but root can lead elsewhere: each directory on the way is root's, writable by nobody else, and no link.</summary>
internal sealed unsafe class RootControlledPath(CallBuilder calls)
{
    /// <summary>Offsets in struct statx: stx_uid, stx_gid and stx_mode are neighbours.</summary>
    private const int StatxOwnerOffset = 20;
    private const int OwnerLength = 10;
    private const int ModeOffset = 8;
    private const ushort Directory = 0x4000; // S_IFDIR
    private const ushort TypeAndOthersMayWrite = 0xf012; // S_IFMT | S_IWGRP | S_IWOTH

    /// <summary>A directory that is itself as those on the way.</summary>
    public Slot OpenDirectory(string name, AbsolutePath path) => Walk(name, path.Parts);

    /// <summary>What is at the end is anybody's, of any kind but a link.</summary>
    public Slot Open(string name, AbsolutePath path, int flags)
    {
        if (path.IsRoot)
        {
            return OpenDirectory(name, path);
        }

        Slot parent = Walk("parent", path.Parts.AsSpan(..^1));
        Slot found = calls.Open(name, parent, path.Parts[^1], flags, CallBuilder.Beneath);
        calls.Close(parent);
        return found;
    }

    private Slot Walk(string name, ReadOnlySpan<string> parts)
    {
        Slot directory = calls.Open(name, AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        ExpectRootControlled(directory);
        foreach (string part in parts)
        {
            Slot next = calls.Open(name, directory, part, CallBuilder.PathDirectory, CallBuilder.Beneath);
            calls.Close(directory);
            directory = next;
            ExpectRootControlled(directory);
        }

        return directory;
    }

    private void ExpectRootControlled(Slot directory)
    {
        byte* actual = calls.Statx(directory, (uint)STATX_BASIC_STATS, 0xa5);
        byte* expected = calls.Builder.Memory.Allocate(OwnerLength);
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(expected + ModeOffset, 2), Directory);
        byte* mask = calls.Builder.Memory.Allocate(OwnerLength);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(mask, 4), uint.MaxValue);
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(mask + ModeOffset, 2), TypeAndOthersMayWrite);
        calls.ExpectMemory(Expectation.Equal, actual + StatxOwnerOffset, expected, OwnerLength);
        calls.Builder.Last.Mask = mask;
    }
}
