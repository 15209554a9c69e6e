using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Output;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: a line that is shown of a mount must be the one that made it; where that is not certain, none.</summary>
public sealed class MountOriginsTests
{
    private const string Host = "21 1 8:1 / / rw,nosuid - ext4 /dev/sda1 rw\n22 21 0:21 / /tmp rw,nosuid - tmpfs tmpfs rw\n23 21 0:22 / /srv rw,nosuid - ext4 /dev/sdb rw\n";
    private const string Private = "nosuid,nodev";

    [Fact]
    public void Of_a_stack_the_mount_on_top_is_the_profiles() => Assert.Equal(
        ["/", "/tmp", "/tmp 5", "/srv"],
        Lines("[protect]\nprivate_tmp = true", Host + $"30 22 0:30 / /tmp rw,{Private} - tmpfs none rw\n"));

    /// <summary>A skipped source, or a mount that somebody took away: what the host has there is not the profile's.</summary>
    [Theory]
    [InlineData("[[mount]]\ntarget = \"/srv\"\nsource = \"/data\"\noptional = true")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"")]
    public void What_does_not_fit_is_the_hosts(string mount) => Assert.Equal(["/", "/tmp", "/srv"], Lines(mount, Host));

    [Theory]
    [InlineData("type = \"tmpfs\"", $"rw,{Private} - tmpfs", true)]
    [InlineData("type = \"tmpfs\"", "rw,nosuid - tmpfs", false)]
    [InlineData("type = \"tmpfs\"", $"rw,{Private} - ext4", false)]
    [InlineData("type = \"tmpfs\"\noptions = [\"noexec\"]", $"rw,{Private} - tmpfs", false)]
    [InlineData("type = \"tmpfs\"\noptions = [\"noexec\"]", $"rw,{Private},noexec,relatime - tmpfs", true)]
    [InlineData("type = \"mask\"", $"ro,{Private},noexec - tmpfs", true)]
    [InlineData("source = \"/data\"\noptions = [\"ro\"]", $"ro,{Private} - xfs", true)]
    [InlineData("source = \"/data\"\noptions = [\"ro\"]", $"rw,{Private} - xfs", false)]
    public void A_mount_is_known_by_target_type_and_flags(string mount, string shown, bool isMade) => Assert.Equal(
        ["/", "/tmp", "/srv", isMade ? "/mnt/a 4" : "/mnt/a"],
        Lines($"[[mount]]\ntarget = \"/mnt/a\"\n{mount}", Host + $"30 21 0:30 / /mnt/a {shown} none rw\n"));

    /// <summary>The rest of a bound tree, and what the host mounts below it later.</summary>
    [Fact]
    public void What_comes_with_a_tree_or_through_it_has_its_line() => Assert.Equal(
        ["/", "/tmp", "/srv", "/mnt/a 4", "/mnt/a/sub 4", "/mnt/a/sub/deep 4", "/mnt/a/own 7"],
        Lines(
            "[[mount]]\ntarget = \"/mnt/a\"\nsource = \"/data\"\n[[mount]]\ntarget = \"/mnt/a/own\"\ntype = \"tmpfs\"",
            Host + $"30 21 8:1 / /mnt/a rw,{Private} - xfs d rw\n31 30 8:2 / /mnt/a/sub rw - xfs d rw\n32 31 8:3 / /mnt/a/sub/deep rw - xfs d rw\n33 30 0:9 / /mnt/a/own rw,{Private} - tmpfs none rw\n"));

    [Theory]
    [InlineData("tmpfs", "tmpfs", "/ 4", "/etc")]
    [InlineData("tmpfs", "ext4", "/", "/etc")]
    [InlineData("directory", "ext4", "/ 4", "/etc 4")]
    public void A_root_of_the_sessions_own_has_the_line_of_root(string mode, string type, params string[] lines) => Assert.Equal(
        lines,
        Lines($"[root]\nmode = \"{mode}\"\n{(mode == "directory" ? "directory = \"/srv/tree\"" : "")}", $"40 9 8:1 / / rw,nosuid - {type} t rw\n41 40 8:2 / /etc rw,nosuid - {type} t rw\n"));

    [Theory]
    [InlineData("pattern = \"[a-z]+\"", "/mnt/proj", "/mnt/proj 7")]
    [InlineData("pattern = \"[a-z]+\"", "/mnt/PROJ", "/mnt/PROJ")]
    [InlineData("pattern = \"[a-z]+\"\ndefault = \"x\"", "/mnt/proj", "/mnt/proj 8")]
    [InlineData("pattern = \"[a-z]+\"\ndefault = \"x\"", "/mnt/a/b", "/mnt/a/b")]
    [InlineData("", "/mnt/a/b", "/mnt/a/b")]
    public void A_parameter_is_seen_in_a_target(string parameter, string target, string line) => Assert.Equal(
        ["/", "/tmp", "/srv", line],
        Lines($"[parameters.name]\ntype = \"string\"\n{parameter}\n[[mount]]\ntarget = \"/mnt/{{name}}\"\ntype = \"tmpfs\"", Host + $"30 21 0:30 / {target} rw,{Private} - tmpfs none rw\n"));

    [Theory]
    [InlineData("/home/alice/src", "/home/alice/src 7")]
    [InlineData("/home/bob/src", "/home/bob/src")]
    public void A_path_below_the_home_is_seen_in_a_target(string target, string line) => Assert.Equal(
        ["/", "/tmp", "/srv", line],
        Lines("[parameters.name]\ntype = \"path_below\"\nbase = \"%h\"\n[[mount]]\ntarget = \"{name}\"\ntype = \"tmpfs\"", Host + $"30 21 0:30 / {target} rw,{Private} - tmpfs none rw\n"));

    [Fact]
    public void Of_two_values_that_could_be_none_is_taken() => Assert.Equal(
        ["/", "/tmp", "/srv", "/mnt/a", "/mnt/b", "/mnt/fixed 9"],
        Lines(
            "[parameters.name]\ntype = \"string\"\n[[mount]]\ntarget = \"/mnt/{name}\"\ntype = \"tmpfs\"\n[[mount]]\ntarget = \"/mnt/fixed\"\nsource = \"/data/{name}\"",
            Host + $"30 21 0:30 / /mnt/a rw,{Private} - tmpfs none rw\n31 21 0:31 / /mnt/b rw,{Private} - tmpfs none rw\n32 21 0:32 / /mnt/fixed rw,{Private} - xfs d rw\n"));

    [Fact]
    public void A_line_stands_below_its_mount_and_once_for_a_tree()
    {
        string table = Host + $"30 21 8:1 / /mnt/a rw,{Private} - xfs d rw\n31 30 8:2 / /mnt/a/sub rw - xfs d rw\n33 21 0:9 / /mnt/t rw,{Private} - tmpfs none rw\n";
        Assert.Equal(
            """
            |-/tmp          tmpfs  rw,nosuid        private      tmpfs
            |-/srv          ext4   rw,nosuid        private      /dev/sdb
            |-/mnt/a        xfs    rw,nosuid,nodev  private      d
            | |   test.toml:4
            | `-/mnt/a/sub  xfs    rw               private      d
            `-/mnt/t        tmpfs  rw,nosuid,nodev  private      none
                  test.toml:7
            profile test

            """,
            Body(MountText.Of(Report("[[mount]]\ntarget = \"/mnt/a\"\nsource = \"/data\"\n[[mount]]\ntarget = \"/mnt/t\"\ntype = \"tmpfs\"", table), OutputStyle.Plain, Verbosity.Normal)));
        Assert.Equal(6, MountText.Of(Report("[[mount]]\ntarget = \"/mnt/a\"\nsource = \"/data\"", table), OutputStyle.Plain, Verbosity.Quiet).Count(c => c == '\n'));
    }

    private static string Body(string text) => string.Join('\n', text.Split('\n')[2..]);

    private static string[] Lines(string body, string table)
    {
        MountReport report = Report(body, table);
        return [.. report.Nodes.Select((node, index) => node.Entry.Target + (report.MadeBy[index] is SourceLocation line ? $" {line.Line}" : ""))];
    }

    private static MountReport Report(string body, string table)
    {
        Assert.True(MountInfoText.TryParse(Encoding.UTF8.GetBytes(table), out ImmutableArray<MountEntry>? mounts, out int bad), $"line {bad}");
        var report = MountReport.Of(mounts.Value, 4711);
        var use = SeenParameters.Of(Reading.Valid(Reading.Minimal + body), People.Alice, "host", report.Nodes, null);
        SessionOutline? outline = SessionPlanner.Outline(use, People.Database, new string('0', 32), "host", PathFacts.None, out string? refusal);
        Assert.True(outline is not null, refusal);
        return report.OfSession(SessionClaim.Of("NSHELPER_PROFILE=test\0"u8)!, outline, null);
    }
}
