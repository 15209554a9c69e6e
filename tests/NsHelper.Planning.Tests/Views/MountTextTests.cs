using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Tests.Views;

public sealed class MountTextTests
{
    private const string Table =
        """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        22 21 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:5 - proc proc rw
        23 21 0:22 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs rw
        24 23 0:23 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime master:9 propagate_from:5 - cgroup2 cgroup2 rw,nsdelegate
        25 23 0:24 / /sys/kernel/security rw,relatime - securityfs securityfs rw
        26 21 8:1 /srv/a\040b /mnt/evil\012name rw,relatime unbindable - ext4 /dev/sda1 rw
        27 22 0:21 / /proc rw,relatime - proc proc rw

        """;

    [Fact]
    public void A_table_is_drawn_as_a_tree()
    {
        Assert.Equal(
            """
            TARGET                    TYPE      FLAGS                   PROPAGATION  SOURCE
            /                         ext4      rw                      shared:1     /dev/sda1
            ├─/proc                   proc      rw,nosuid,nodev,noexec  shared:5     proc
            │ └─/proc                 proc      rw                      private      proc
            ├─/sys                    sysfs     ro,nosuid,nodev,noexec  private      sysfs
            │ ├─/sys/fs/cgroup        cgroup2   rw,nosuid,nodev,noexec  master:9 propagate_from:5  cgroup2
            │ └─/sys/kernel/security  securityfs  rw                    private      securityfs
            └─/mnt/evil\x0aname       ext4      rw                      unbindable   /dev/sda1[/srv/a b]

            """,
            Draw(Table, LineStyle.Utf8, Verbosity.Normal));
    }

    [Fact]
    public void Quiet_has_no_header_and_ascii_has_no_other_character()
    {
        string text = Draw(Table, LineStyle.Ascii, Verbosity.Quiet);
        Assert.StartsWith("/  ", text, StringComparison.Ordinal);
        Assert.Contains("\n| `-/sys/kernel/security  ", text, StringComparison.Ordinal);
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
    }

    [Fact]
    public void Verbose_adds_ids_and_the_options_of_the_file_system_below_each_mount()
    {
        string[] lines = Draw(Table, LineStyle.Ascii, Verbosity.Verbose).Split('\n');
        Assert.Equal("|   id 21, parent 1, device 8:1, options rw", lines[2]);
        Assert.Equal("| |   id 22, parent 21, device 0:21, options rw", lines[4]);
        Assert.Equal("| |     id 24, parent 23, device 0:23, options rw,nsdelegate", lines[10]);
        Assert.Equal("      id 26, parent 21, device 8:1, options rw", lines[14]);
        Assert.Contains("rw,relatime", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_whose_parent_is_outside_stands_at_the_left_margin()
    {
        string text = Draw("30 20 0:1 / / rw - tmpfs a rw\n31 30 0:2 / /x rw - tmpfs b rw\n40 19 0:3 / /y rw - tmpfs c rw\n", LineStyle.Ascii, Verbosity.Quiet);
        Assert.Equal(["/", "`-/x", "/y"], Targets(text));
    }

    [Fact]
    public void The_topmost_mount_may_be_its_own_parent() =>
        Assert.Equal(["/"], Targets(Draw("1 1 0:1 / / rw - rootfs rootfs rw\n", LineStyle.Ascii, Verbosity.Quiet)));

    [Fact]
    public void A_table_with_a_circle_and_an_id_twice_still_shows_each_line_once()
    {
        string text = Draw(
            "10 12 0:1 / /a rw - tmpfs a rw\n11 10 0:1 / /b rw - tmpfs b rw\n12 11 0:1 / /c rw - tmpfs c rw\n11 10 0:1 / /d rw - tmpfs d rw\n5 4 0:1 / / rw - tmpfs r rw\n",
            LineStyle.Ascii,
            Verbosity.Quiet);
        Assert.Equal(["/", "/a", "/b", "/c", "/d"], Targets(text).Select(target => target[target.IndexOf('/', StringComparison.Ordinal)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Fifty_thousand_mounts_inside_one_another_neither_overflow_the_stack_nor_fill_the_memory()
    {
        var table = new StringBuilder();
        for (int i = 1; i <= 50_000; i++)
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} {i - 1} 0:1 / /m rw - tmpfs t rw\n");
        }

        Assert.InRange(Draw(table.ToString(), LineStyle.Ascii, Verbosity.Quiet).Length, 50_000, 10_000_000);
    }

    [Fact]
    public void Json_has_the_mounts_in_tree_order_with_every_field()
    {
        using var document = JsonDocument.Parse(MountJson.Of(MountReport.Of(Read(Table), 4711)));
        JsonElement mounts = document.RootElement.GetProperty("mounts");
        Assert.Equal(4711, document.RootElement.GetProperty("pid").GetInt32());
        Assert.Equal([21, 22, 27, 23, 24, 25, 26], mounts.EnumerateArray().Select(mount => mount.GetProperty("id").GetInt32()));
        Assert.Equal(
            """{"id":26,"parent":21,"device":"8:1","root":"/srv/a b","target":"/mnt/evil\nname","source":"/dev/sda1","type":"ext4","flags":["rw","relatime"],"shared":null,"master":null,"propagate_from":null,"unbindable":true,"options":"rw","made_by":null}""",
            JsonSerializer.Serialize(mounts[6]));
    }

    private static string[] Targets(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")[0])];

    private static string Draw(string table, LineStyle lines, Verbosity verbosity) =>
        MountText.Of(MountReport.Of(Read(table), null), new OutputStyle(ColorMode.Plain, lines), verbosity);

    private static ImmutableArray<MountEntry> Read(string table)
    {
        Assert.True(MountInfoText.TryParse(Encoding.UTF8.GetBytes(table), out ImmutableArray<MountEntry>? mounts, out int line), $"line {line}");
        return mounts.Value;
    }
}
