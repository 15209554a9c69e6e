using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Settings;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: a name that is misspelt allows nobody, and one that is denied shuts out everybody; no other check can know either.</summary>
public sealed class InstalledRulesTests
{
    private static readonly HostAccounts Host = new(name => name == "alice", name => name == "staff");

    [Theory]
    [InlineData("users = [\"alice\"]\ngroups = [\"staff\"]", null, null)]
    [InlineData("users = [\"*\", \"#7\"]\ndeny_groups = [\"#9\"]", null, null)]
    [InlineData("users = [\"alcie\"]", "3:10 \"alcie\" is no user of this host", null)]
    [InlineData("users = [\"staff\"]", "3:10 \"staff\" is no user of this host", "it is a group: groups have a list of their own")]
    [InlineData("groups = [\"alice\"]", "3:11 \"alice\" is no group of this host", "it is a user")]
    [InlineData("users = [\"*\"]\ndeny_users = [\"bob\"]", "4:15 \"bob\" is no user of this host; a denied name that is unknown denies everybody", null)]
    [InlineData("users = [\"*\"]\ndeny_groups = [\"wheel\"]", "4:16 \"wheel\" is no group of this host; a denied name that is unknown denies everybody", null)]
    public void Names_are_those_of_the_host(string allow, string? message, string? hint)
    {
        IEnumerable<Diagnostic> ofProfile = InstalledRules.Check(Reading.Valid($"schema = 1\n[allow]\n{allow}\ncommands = \"any\"\n"), isAdministrators: true, Host);
        IEnumerable<Diagnostic> ofGate = InstalledRules.Check(SiteTables.Of($"\n[allow]\n{allow}\n").Gate!, Host);
        Assert.All([ofProfile, ofGate], found =>
        {
            Diagnostic? only = found.SingleOrDefault();
            Assert.Equal((message, hint), (only is null ? null : $"{only.Location.Line}:{only.Location.Column} {only.Message}", only?.Hint));
            Assert.True(only is null or { Rule: "unknown-name", Severity: Severity.Warning });
        });
    }

    [Fact]
    public void The_group_of_a_share_is_one_of_them()
    {
        Profile profile = Reading.Valid(
            "schema = 1\nallow.users = [\"alice\"]\nallow.commands = \"any\"\n[[share]]\nname = \"w\"\ntarget = \"/mnt\"\nscope = \"group\"\ngroup = \"stuff\"\n");
        Assert.Equal((8, "unknown-name"), Assert.Single(InstalledRules.Check(profile, isAdministrators: false, Host)) is var found ? (found.Location.Line, found.Rule) : default);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("", false, false)]
    [InlineData("abstract = true\n", true, false)]
    [InlineData("enabled = false\n", true, false)]
    [InlineData("allow.users = [\"alice\"]\n", true, false)]
    [InlineData("allow.groups = [\"staff\"]\n", true, false)]
    public void A_profile_of_the_administrators_is_for_somebody(string lines, bool isAdministrators, bool isFound) => Assert.Equal(
        isFound ? ["allows-nobody"] : [],
        InstalledRules.Check(Reading.Valid($"schema = 1\n{lines}allow.commands = \"any\"\n"), isAdministrators, Host).Select(found => found.Rule));

    [Theory]
    [InlineData("[allow]\n", true)]
    [InlineData("[allow]\nusers = []\n", true)]
    [InlineData("[allow]\ngroups = [\"*\"]\n", false)]
    public void A_gate_lets_somebody_through(string gate, bool isFound) =>
        Assert.Equal(isFound ? ["allows-nobody"] : [], InstalledRules.Check(SiteTables.Of(gate).Gate!, Host).Select(found => found.Rule));
}
