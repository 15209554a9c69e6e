namespace NsHelper.BinaryTests;

/// <summary>A section header of elf(5).</summary>
internal sealed record ElfSection(int Type, int Offset, int Size, int Link)
{
    internal const int DynamicSymbolTable = 11;
}
