using NsHelper.Planning.Doctor;

namespace NsHelper.Planning.Tests.Doctor;

public sealed class StateRulesTests
{
    private static readonly HostState Good = Hosts.Good;

    [Theory]
    [InlineData(0u, 0x41edu, "has mode 0755, not 0700")]
    [InlineData(0u, 0x43c0u, "has mode 01700, not 0700")]
    [InlineData(12001u, 0x41c0u, "is not root's")]
    [InlineData(0u, 0x81c0u, "is not a directory")]
    public void A_state_directory_must_be_roots_and_closed(uint owner, uint mode, string defect)
    {
        HostFinding finding = With("/var/lib/nshelper/share", new HostPath("/var/lib/nshelper/share", Presence.There, owner, 0, mode)).Find("state-directory");
        Assert.Equal((FindingLevel.Wrong, $"/var/lib/nshelper/share {defect}"), (finding.Level, finding.Text));
        Assert.EndsWith("systemd-tmpfiles --create nshelper.conf", finding.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_in_a_missing_one_is_not_told_too()
    {
        HostFinding finding = (Good with { Directories = [.. Good.Directories.Select(place => place.Path.StartsWith("/run/", StringComparison.Ordinal) ? place with { Presence = Presence.Missing } : place)] }).Find("state-directory");
        Assert.Equal("/run/nshelper does not exist", finding.Text);
    }

    /// <summary>As a user: the outer two are seen, what is in them is not.</summary>
    [Fact]
    public void What_only_root_sees_is_no_failure()
    {
        HostState user = Good with { Directories = [.. Good.Directories.Select(place => place.Path.Count(c => c == '/') == (place.Path.StartsWith("/run/", StringComparison.Ordinal) ? 2 : 3) ? place : place with { Presence = Presence.Unseen })] };
        Assert.Equal(["not seen state"], user.Troubles());
        Assert.True(Diagnosis.Of(user).IsHealthy);
        Assert.Contains(Diagnosis.Of(user).Findings, finding => finding.Text == "the directories in /run/nshelper and /var/lib/nshelper (ask root)");
    }

    [Fact]
    public void Mistakes_are_left_to_check()
    {
        HostState host = Profiles(profiles => profiles with { SettingsHaveMistakes = true, LoginsHaveMistakes = true, Broken = ["a", "b"] });
        Assert.Equal(["wrong settings", "wrong logins", "wrong mistakes"], host.Troubles());
        Assert.Equal("mistakes in a and b: these profiles start no session", host.Find("mistakes").Text);
        Assert.All((string[])["settings", "logins", "mistakes"], id => Assert.Equal("nshelper check", host.Find(id).Repair));
    }

    [Fact]
    public void A_file_that_is_not_trusted_is_wrong()
    {
        HostFinding finding = Profiles(profiles => profiles with { Untrusted = [("/etc/nshelper/profiles", "is writable by its group or others")] }).Find("untrusted");
        Assert.Equal((FindingLevel.Wrong, "/etc/nshelper/profiles is writable by its group or others: no session starts from it"), (finding.Level, finding.Text));
    }

    [Fact]
    public void Where_nobody_is_named_there_is_a_warning_if_all_was_seen()
    {
        Assert.Equal(["warning usable"], Profiles(profiles => profiles with { Usable = 0 }).Troubles());
        Assert.Equal(["not seen unseen"], Profiles(profiles => profiles with { Usable = 0, Unseen = ["/etc/nshelper/profiles/a.toml"] }).Troubles());
        Assert.Equal(["not seen unseen"], Profiles(profiles => profiles with { Unseen = ["/etc/nshelper/profiles/a.toml"] }).Troubles());
    }

    [Fact]
    public void Many_names_are_counted()
    {
        Assert.Equal("a, b, c, d and e", Words.List(["a", "b", "c", "d", "e"]));
        Assert.Equal("a, b, c, d and 2 more", Words.List(["a", "b", "c", "d", "e", "f"]));
        Assert.Equal("a", Words.List(["a"]));
    }

    private static HostState With(string path, HostPath state) => Good with { Directories = [.. Good.Directories.Select(place => place.Path == path ? state : place)] };

    private static HostState Profiles(Func<ProfilesState, ProfilesState> change) => Good with { Profiles = change(Good.Profiles) };
}
