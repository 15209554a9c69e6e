namespace NsHelper.BinaryTests;

/// <summary>A program header of elf(5).</summary>
internal sealed record ElfSegment(ElfSegmentType Type, int Flags, int Offset)
{
    internal bool IsExecutable => (Flags & 1) != 0;

    internal bool IsWritable => (Flags & 2) != 0;
}
