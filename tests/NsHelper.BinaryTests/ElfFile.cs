using System.Buffers.Binary;
using System.Text;

namespace NsHelper.BinaryTests;

/// <summary>
/// The parts of a 64-bit little-endian ELF file the tests speak of, read without readelf, which the gate uses: two
/// independent readers must agree about the published file.
/// </summary>
internal sealed class ElfFile
{
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;

    private readonly byte[] content;

    internal ElfFile(string path)
    {
        content = File.ReadAllBytes(path);
        if (!content.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidOperationException($"{path} is not a 64-bit little-endian ELF file");
        }

        Segments = [.. Enumerable.Range(0, Half(56)).Select(i => SegmentAt((int)Word(32) + (i * ProgramHeaderSize)))];
        Sections = [.. Enumerable.Range(0, Half(60)).Select(i => SectionAt((int)Word(40) + (i * SectionHeaderSize)))];
        Dynamic = ReadDynamic();
        Imports = ReadImports();
    }

    /// <summary>ET_EXEC is 2, ET_DYN is 3.</summary>
    internal int Type => Half(16);

    internal IReadOnlyList<ElfSegment> Segments { get; }

    internal IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>The entries of PT_DYNAMIC, tag and value.</summary>
    internal IReadOnlyList<(long Tag, ulong Value)> Dynamic { get; }

    /// <summary>The names of undefined dynamic symbols, without versions.</summary>
    internal IReadOnlyList<string> Imports { get; }

    internal IEnumerable<ulong> ValuesOf(ElfTag tag) => Dynamic.Where(entry => entry.Tag == (long)tag).Select(entry => entry.Value);

    /// <summary>DT_NEEDED.</summary>
    internal IEnumerable<string> Needed()
    {
        ElfSection strings = Sections[DynamicSymbols().Link];
        return ValuesOf(ElfTag.Needed).Select(offset => TextAt(strings.Offset + (int)offset));
    }

    private ElfSection DynamicSymbols() => Sections.Single(section => section.Type == ElfSection.DynamicSymbolTable);

    private List<(long Tag, ulong Value)> ReadDynamic()
    {
        ElfSegment segment = Segments.Single(candidate => candidate.Type == ElfSegmentType.Dynamic);
        var entries = new List<(long Tag, ulong Value)>();
        for (int at = segment.Offset; Word(at) != 0; at += 16)
        {
            entries.Add(((long)Word(at), Word(at + 8)));
        }

        return entries;
    }

    private List<string> ReadImports()
    {
        ElfSection symbols = DynamicSymbols();
        ElfSection strings = Sections[symbols.Link];
        var names = new List<string>();
        for (int at = symbols.Offset + SymbolSize; at < symbols.Offset + symbols.Size; at += SymbolSize)
        {
            if (Half(at + 6) == 0)
            {
                names.Add(TextAt(strings.Offset + Int(at)));
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private ElfSegment SegmentAt(int at) => new((ElfSegmentType)(uint)Int(at), Int(at + 4), (int)Word(at + 8));

    private ElfSection SectionAt(int at) => new(Int(at + 4), (int)Word(at + 24), (int)Word(at + 32), Int(at + 40));

    private string TextAt(int at) => Encoding.ASCII.GetString(content.AsSpan(at, content.AsSpan(at).IndexOf((byte)0)));

    private ushort Half(int at) => BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at));

    private int Int(int at) => unchecked((int)BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at)));

    private ulong Word(int at) => BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(at));
}
