using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Mounts;

namespace NsHelper.Planning.Tests.Views;

public sealed class MountInfoLineTests
{
    private const string Manual = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue";

    [Fact]
    public void The_example_of_the_manual_page_is_read_field_by_field()
    {
        MountEntry mount = Parse(Manual);
        Assert.Equal((36, 35, 98u, 0u), (mount.Id, mount.ParentId, mount.DeviceMajor, mount.DeviceMinor));
        Assert.Equal("/mnt1 /mnt2 rw,noatime", $"{mount.Root} {mount.Target} {mount.Options}");
        Assert.Equal(new MountPropagation(null, 1, null, false), mount.Propagation);
        Assert.Equal("ext3 /dev/root rw,errors=continue", $"{mount.FilesystemType} {mount.Source} {mount.FilesystemOptions}");
    }

    [Theory]
    [InlineData("", "private")]
    [InlineData("shared:7 ", "shared:7")]
    [InlineData("shared:7 master:2 ", "shared:7 master:2")]
    [InlineData("master:2 propagate_from:1 ", "master:2 propagate_from:1")]
    [InlineData("unbindable ", "unbindable")]
    [InlineData("shared:7 tomorrow:x frozen ", "shared:7")]
    public void Any_number_of_optional_fields_is_read_and_unknown_ones_are_passed_over(string fields, string shown) =>
        Assert.Equal(shown, MountText.Of(Parse($"36 35 98:0 / /mnt rw {fields}- ext3 /dev/root rw").Propagation));

    [Theory]
    [InlineData(@"/a\040b", "/a b")]
    [InlineData(@"/a\011\012\134\043", "/a\t\n\\#")]
    [InlineData(@"/x\040-\040tmpfs", "/x - tmpfs")]
    [InlineData("/gone\\040(deleted)", "/gone (deleted)")]
    [InlineData("/gone//deleted", "/gone//deleted")]
    [InlineData(@"/\134040", @"/\040")]
    [InlineData("/\r\u001b[31m", "/\r\u001b[31m")]
    public void A_name_may_hold_anything(string field, string name)
    {
        MountEntry mount = Parse($"36 35 98:0 {field} {field} rw - tmpfs {field} rw");
        Assert.All((ByteString[])[mount.Root, mount.Target, mount.Source], read => Assert.Equal(ByteString.FromText(name), read));
    }

    [Fact]
    public void Octal_up_to_377_is_one_byte_and_bytes_pass_that_are_not_utf8()
    {
        Assert.True(MountInfoLine.TryParse([.. "36 35 98:0 / /\\377"u8, 0xfe, .. " rw - tmpfs x rw"u8], out MountEntry? mount));
        Assert.Equal(new ByteString([(byte)'/', 0xff, 0xfe]), mount.Target);
    }

    [Fact]
    public void A_source_may_be_empty_and_options_of_a_file_system_may_hold_blanks()
    {
        MountEntry mount = Parse("36 35 0:98 / /mnt rw - tmpfs  rw,comment=a b,dir=c\\040d");
        Assert.Equal(0, mount.Source.Length);
        Assert.Equal(ByteString.FromText("rw,comment=a b,dir=c d"), mount.FilesystemOptions);
    }

    [Fact]
    public void Options_of_a_file_system_with_a_lone_backslash_are_shown_as_they_are() =>
        Assert.Equal(ByteString.FromText(@"rw,lowerdir=/a\:b\040"), Parse(@"36 35 0:98 / /mnt rw - overlay none rw,lowerdir=/a\:b\040").FilesystemOptions);

    [Theory]
    [InlineData("")]
    [InlineData("36")]
    [InlineData("36 35 98:0 / /mnt rw")]
    [InlineData("36 35 98:0 / /mnt rw -")]
    [InlineData("36 35 98:0 / /mnt rw - ext3")]
    [InlineData("36 35 98:0 / /mnt rw - ext3 /dev/root")]
    [InlineData("36 35 98:0 / /mnt rw shared:1 ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt rw  - ext3 /dev/root rw")]
    [InlineData(" 36 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36  35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("-36 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("+36 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36x 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("99999999999 35 98:0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 980 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0:1 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 :0 / /mnt rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 /  rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt  - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt rw shared - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt rw shared:x - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt rw unbindable:1 - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt\\ rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt\\04 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt\\400 rw - ext3 /dev/root rw")]
    [InlineData("36 35 98:0 / /mnt\\08z rw - ext3 /dev/root rw")]
    public void A_line_of_another_form_is_refused(string line) => Assert.False(MountInfoLine.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData(Manual + "\n" + Manual + "\n", 2, 2)]
    [InlineData("", 0, 0)]
    [InlineData(Manual + "\n\n", null, 2)]
    [InlineData(Manual + "\n" + Manual, null, 2)]
    public void A_text_is_read_whole_or_its_bad_line_is_named(string text, int? count, int lastLine)
    {
        bool read = MountInfoText.TryParse(Encoding.UTF8.GetBytes(text), out ImmutableArray<MountEntry>? mounts, out int line);
        Assert.Equal(count is not null, read);
        Assert.Equal(count, mounts?.Length);
        Assert.Equal(lastLine, line);
    }

    private static MountEntry Parse(string line)
    {
        Assert.True(MountInfoLine.TryParse(Encoding.UTF8.GetBytes(line), out MountEntry? mount), line);
        return mount;
    }
}
