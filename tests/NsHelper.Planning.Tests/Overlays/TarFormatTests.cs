using System.Formats.Tar;
using NsHelper.Planning.Overlays;

namespace NsHelper.Planning.Tests.Overlays;

/// <summary>An archive is for other programs: read back by another implementation it has the bytes that went in.</summary>
public sealed class TarFormatTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(4000)]
    public void Names_and_links_of_any_length_come_back(int length)
    {
        string path = "d/" + new string('n', length);
        string link = new string('l', length + 1);
        GnuTarEntry entry = Read(new global::NsHelper.Planning.Overlays.TarEntry(ByteString.FromText(path), TarType.Link)
        {
            Mode = 0x1ff,
            User = 12001,
            Group = 12010,
            Size = 0,
            Modified = 1_700_000_000,
            Link = ByteString.FromText(link),
        });
        Assert.Equal((path, link, TarEntryType.SymbolicLink), (entry.Name, entry.LinkName, entry.EntryType));
        Assert.Equal((12001, 12010, 1_700_000_000L), (entry.Uid, entry.Gid, entry.ModificationTime.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData(0u, 0L)]
    [InlineData(2097151u, 1L << 33)]
    [InlineData(2097152u, -1L)]
    [InlineData(uint.MaxValue >> 1, 1L << 34)]
    public void Numbers_of_any_size_come_back(uint user, long modified)
    {
        GnuTarEntry entry = Read(new global::NsHelper.Planning.Overlays.TarEntry(ByteString.FromText("f"), TarType.Fifo) { Mode = 0x1a4, User = user, Group = user, Size = 0, Modified = modified, Link = default });
        Assert.Equal(((int)user, (int)user, modified), (entry.Uid, entry.Gid, entry.ModificationTime.ToUnixTimeSeconds()));
    }

    [Fact]
    public void A_directory_ends_in_a_slash_and_content_is_filled_up_to_a_block()
    {
        GnuTarEntry entry = Read(new global::NsHelper.Planning.Overlays.TarEntry(ByteString.FromText("d"), TarType.Directory) { Mode = 0x5ed, User = 0, Group = 0, Size = 0, Modified = 0, Link = default });
        Assert.Equal(("d/", (UnixFileMode)0x5ed), (entry.Name, entry.Mode));
        Assert.Equal([0, 511, 1, 0], new long[] { 0, 1, 511, 512 }.Select(TarFormat.PaddingOf));
    }

    private static GnuTarEntry Read(global::NsHelper.Planning.Overlays.TarEntry entry)
    {
        using var reader = new TarReader(new MemoryStream([.. TarFormat.Header(entry), .. new byte[TarFormat.EndSize]]));
        return Assert.IsType<GnuTarEntry>(reader.GetNextEntry());
    }
}
