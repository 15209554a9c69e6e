namespace NsHelper.BinaryTests;

/// <summary>p_type of elf(5), those the tests ask for.</summary>
internal enum ElfSegmentType : uint
{
    Null = 0,
    Load = 1,
    Dynamic = 2,
    GnuStack = 0x6474e551,
    GnuRelro = 0x6474e552,
}
