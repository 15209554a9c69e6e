namespace NsHelper.BinaryTests;

/// <summary>d_tag of elf(5), those the tests ask for.</summary>
internal enum ElfTag
{
    Null = 0,
    Needed = 1,
    RPath = 15,
    TextRel = 22,
    RunPath = 29,
    Flags = 30,
    Flags1 = 0x6ffffffb,
}
