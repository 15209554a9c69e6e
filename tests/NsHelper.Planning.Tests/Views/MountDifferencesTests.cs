using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Tests.Views;

public sealed class MountDifferencesTests
{
    private const string Host =
        """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        22 21 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:5 - proc proc rw
        23 21 0:22 / /tmp rw,nosuid,nodev shared:6 - tmpfs tmpfs rw
        24 21 0:23 / /srv rw,relatime shared:7 - tmpfs tmpfs rw,size=4k
        25 24 0:24 / /srv/below rw,relatime shared:8 - tmpfs tmpfs rw
        26 21 0:25 / /run/share rw,nosuid shared:9 - tmpfs share rw

        """;

    /// <summary>As a session is: everything slave and nosuid, a tmpfs over /tmp, a share over /srv.</summary>
    private const string Session =
        """
        121 101 8:1 / / rw,nosuid,relatime master:1 - ext4 /dev/sda1 rw
        122 121 0:21 / /proc rw,nosuid,nodev,noexec,relatime master:5 - proc proc rw
        123 121 0:22 / /tmp rw,nosuid,nodev master:6 - tmpfs tmpfs rw
        124 121 0:23 / /srv rw,nosuid,relatime master:7 - tmpfs tmpfs rw,size=4k
        125 124 0:24 / /srv/below rw,nosuid,relatime master:8 - tmpfs tmpfs rw
        126 121 0:25 / /run/share rw,nosuid master:9 - tmpfs share rw
        127 123 0:91 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw,size=64k
        128 124 0:25 / /srv rw,nosuid,nodev shared:9 - tmpfs share rw

        """;

    [Fact]
    public void What_a_session_changes_is_told_in_a_few_lines() => Assert.Equal(
        """
        --- process 1
        +++ process 4711
        ~ /           +nosuid
        + /srv        tmpfs  share  rw,nosuid,nodev  over tmpfs tmpfs
                      shared with /run/share there
        - /srv/below  tmpfs  tmpfs  rw  hidden by /srv
        + /tmp        tmpfs  tmpfs  rw,nosuid,nodev  over tmpfs tmpfs

        """,
        Draw(Session, Host));

    [Fact]
    public void The_other_way_round_it_is_the_mirror() => Assert.Equal(
        """
        --- process 1
        +++ process 4711
        ~ /           -nosuid
        - /srv        tmpfs  share  rw,nosuid,nodev  over tmpfs tmpfs
                      shared with /run/share there
        + /srv/below  tmpfs  tmpfs  rw  hidden by /srv there
        - /tmp        tmpfs  tmpfs  rw,nosuid,nodev  over tmpfs tmpfs

        """,
        Draw(Host, Session));

    [Fact]
    public void Propagation_counts_when_it_is_asked_for()
    {
        string text = Draw(Session, Host, PropagationForm.Compared);
        Assert.Contains("~ /           +nosuid  shared -> slave  and 2 mounts below it\n", text, StringComparison.Ordinal);
        Assert.Contains("+ /tmp        tmpfs  tmpfs  rw,nosuid,nodev  private  over tmpfs tmpfs\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("->", Draw(Session, Host), StringComparison.Ordinal);
    }

    /// <summary>Ids, peer groups, device numbers without a device, and the order of options.</summary>
    [Fact]
    public void What_is_another_number_in_every_table_is_no_difference() => Assert.Empty(Of(
        "1 0 8:1 / / rw,nosuid shared:1 - ext4 /dev/sda1 rw,a=1,b\n2 1 0:5 / /tmp rw - tmpfs t rw\n",
        "81 80 8:1 / / nosuid,rw shared:9 - ext4 /dev/sda1 b,rw,a=1\n82 81 0:7 / /tmp rw - tmpfs t rw\n"));

    [Theory]
    [InlineData("8:1 / / rw - ext4 /dev/sda1 rw", "8:2 / / rw - ext4 /dev/sda1 rw", "")]
    [InlineData("0:1 / / rw - tmpfs a rw", "0:1 / / rw - tmpfs b rw", "")]
    [InlineData("0:1 /a / rw - tmpfs a rw", "0:1 /b / rw - tmpfs a rw", "")]
    [InlineData("0:1 / / rw - tmpfs a rw", "0:1 / / rw - ramfs a rw", "")]
    [InlineData("0:1 / / ro,nosuid,noatime - tmpfs a rw", "0:1 / / rw,noexec,relatime - tmpfs a rw", "rw -> ro|-noexec|relatime -> noatime|+nosuid")]
    [InlineData("0:1 / / rw - tmpfs a ro,size=1k,x", "0:1 / / rw - tmpfs a rw,size=2k", "file system rw -> ro|file system size=2k -> size=1k|file system +x")]
    public void What_changed_is_named(string here, string there, string options)
    {
        MountDifference difference = Assert.Single(Of($"1 0 {here}\n", $"1 0 {there}\n"));
        Assert.Equal((MountChange.Changed, options), (difference.Change, string.Join('|', difference.Options)));
    }

    /// <summary>An earlier mount below a later one is out of reach, one beside it with the same beginning is not.</summary>
    [Fact]
    public void Only_what_a_path_leads_to_is_visible()
    {
        MountView view = MountView.Of(Read("1 0 0:1 / / rw - t r rw\n2 1 0:2 / /a/b rw - t old rw\n3 2 0:3 / /a/b/c rw - t deep rw\n4 1 0:4 / /a rw - t cover rw\n5 4 0:5 / /a/b rw - t new rw\n6 1 0:6 / /a-b rw - t beside rw\n"));
        Assert.Equal(["/", "/a", "/a-b", "/a/b"], view.Targets.Select(target => target.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("new", Assert.Single(view.StackOf(ByteString.FromText("/a/b"))).Source.ToString());
        Assert.Equal(ByteString.FromText("/a"), view.HiddenBy(ByteString.FromText("/a/b/c")));
    }

    [Fact]
    public void A_change_of_a_tree_is_told_once_and_verbose_tells_each()
    {
        const string Rw = "1 0 0:1 / / rw - t r rw\n2 1 0:2 / /a rw - t a rw\n3 1 0:3 / /b ro - t b rw\n4 3 0:4 / /b/c rw,noexec - t c rw\n5 1 0:5 / /d rw - t d rw\n";
        const string Ro = "1 0 0:1 / / ro - t r rw\n2 1 0:2 / /a ro - t a rw\n3 1 0:3 / /b ro - t b rw\n4 3 0:4 / /b/c ro,noexec - t c rw\n5 1 0:5 / /d ro,noexec - t d rw\n";
        Assert.Equal("--- process 1\n+++ process 4711\n~ /   rw -> ro  and 2 mounts below it\n~ /d  rw -> ro  +noexec\n", Draw(Ro, Rw));
        string each = DifferenceText.Of(MountDifferences.Of(Read(Ro), Read(Rw), PropagationForm.Ignored), "a", "b", OutputStyle.Plain, Verbosity.Verbose, PropagationForm.Ignored);
        Assert.Equal("--- b\n+++ a\n~ /     rw -> ro\n~ /a    rw -> ro\n~ /b/c  rw -> ro\n~ /d    rw -> ro  +noexec\n", each);
    }

    [Fact]
    public void Colours_are_those_of_diff_and_lines_fit_a_terminal()
    {
        ImmutableArray<MountDifference> differences = Of(Session, Host);
        string text = DifferenceText.Of(differences, "a", "b", new OutputStyle(ColorMode.Sgr, LineStyle.Utf8), Verbosity.Normal, PropagationForm.Ignored);
        Assert.Contains("\n\e[33m~ / ", text, StringComparison.Ordinal);
        Assert.Contains("\n\e[32m+ /tmp ", text, StringComparison.Ordinal);
        Assert.Contains("\n\e[31m- /srv/below ", text, StringComparison.Ordinal);
        Assert.All(Draw(Session, Host, PropagationForm.Compared).Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal("", DifferenceText.Of(differences, "a", "b", OutputStyle.Plain, Verbosity.Quiet, PropagationForm.Ignored));
    }

    [Fact]
    public void Json_has_both_sides()
    {
        using var document = JsonDocument.Parse(DifferenceJson.Of(Of(Session, Host), null, 1));
        JsonElement root = document.RootElement;
        Assert.Equal((1, JsonValueKind.Null, 1), (root.GetProperty("version").GetInt32(), root.GetProperty("a").ValueKind, root.GetProperty("b").GetInt32()));
        Assert.Equal(
            ["/ changed null null 121 21", "/srv added null /run/share 128 24", "/srv/below missing /srv null null 25", "/tmp added null null 127 23"],
            root.GetProperty("differences").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("target")} {entry.GetProperty("change")} {entry.GetProperty("hidden_by").GetString() ?? "null"} {entry.GetProperty("shared_with").GetString() ?? "null"} {IdOf(entry, "a")} {IdOf(entry, "b")}"));
        Assert.Equal("""[{"of":"mount","a":"nosuid","b":null}]""", JsonSerializer.Serialize(root.GetProperty("differences")[0].GetProperty("options")));

        static string IdOf(JsonElement entry, string side) => entry.GetProperty(side) is { ValueKind: JsonValueKind.Object } mount ? $"{mount.GetProperty("id")}" : "null";
    }

    /// <summary>A table against itself is empty, and one against another the mirror of the other against the one, for any tables.</summary>
    [Fact]
    public void Any_two_tables_mirror_each_other_and_none_differs_from_itself()
    {
        var random = new Random(20_261_125);
        for (int i = 0; i < 3000; i++)
        {
            (string left, string right) = (RandomTable(random), RandomTable(random));
            Assert.Empty(Of(left, left, PropagationForm.Compared));
            string[] one = Shown(Of(left, right, PropagationForm.Compared), mirrored: false);
            string[] other = Shown(Of(right, left, PropagationForm.Compared), mirrored: true);
            Assert.True(one.SequenceEqual(other), $"{left}--\n{right}--\n{string.Join('\n', one)}\n--\n{string.Join('\n', other)}");
        }
    }

    [Fact]
    public void Fifty_thousand_mounts_are_compared_in_time()
    {
        var (wide, deep) = (new StringBuilder("1 0 0:1 / / rw - t r rw\n"), new StringBuilder("1 0 0:1 / / rw - t r rw\n"));
        for (int i = 2; i <= 50_000; i++)
        {
            wide.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} 1 0:1 / /m/{i} rw - t t rw\n");
            deep.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i} {i - 1} 0:1 / /m rw - t t{i} rw\n");
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(50_000, Of(wide.ToString(), deep.ToString()).Length);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    private static string[] Shown(ImmutableArray<MountDifference> differences, bool mirrored) => [.. differences.Select(difference =>
    {
        MountChange change = (difference.Change, mirrored) switch
        {
            (MountChange.Added, true) => MountChange.Missing,
            (MountChange.Missing, true) => MountChange.Added,
            _ => difference.Change,
        };
        (MountEntry? here, MountEntry? there) = mirrored ? (difference.There, difference.Here) : (difference.Here, difference.There);
        IEnumerable<string> options = difference.Options.Select(option => $"{option.Of} {(mirrored ? option.Here : option.There)} {(mirrored ? option.There : option.Here)}").Order(StringComparer.Ordinal);
        string peer = difference.Change == MountChange.Changed ? "" : difference.SharedWith?.ToString() ?? "";
        return $"{difference.Target} {change} {here?.Id} {there?.Id} {difference.HiddenBy} {peer} {string.Join(',', options)}";
    })];

    private static string RandomTable(Random random)
    {
        string[] targets = ["/", "/a", "/a/b", "/a/b/c", "/a-b", "/d"];
        string[] tags = ["", "shared:1 ", "shared:2 ", "master:1 ", "shared:2 master:1 ", "unbindable "];
        string[] options = ["rw", "ro", "rw,nosuid", "nosuid,rw", "ro,noatime", "rw,relatime"];
        var text = new StringBuilder();
        int count = random.Next(8);
        for (int i = 1; i <= count; i++)
        {
            // Also ids twice, parents that are not there, and circles.
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{random.Next(1, 9)} {random.Next(9)} {random.Next(2)}:{random.Next(3)} / {targets[random.Next(6)]} ");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{options[random.Next(6)]} {tags[random.Next(6)]}- tmpfs s{random.Next(2)} {options[random.Next(6)]}\n");
        }

        return text.ToString();
    }

    private static string Draw(string here, string there, PropagationForm propagation = PropagationForm.Ignored) =>
        DifferenceText.Of(Of(here, there, propagation), "process 4711", "process 1", OutputStyle.Plain, Verbosity.Normal, propagation);

    private static ImmutableArray<MountDifference> Of(string here, string there, PropagationForm propagation = PropagationForm.Ignored) =>
        MountDifferences.Of(Read(here), Read(there), propagation);

    private static ImmutableArray<MountEntry> Read(string table)
    {
        Assert.True(MountInfoText.TryParse(Encoding.UTF8.GetBytes(table), out ImmutableArray<MountEntry>? mounts, out int line), $"line {line}");
        return mounts.Value;
    }
}
