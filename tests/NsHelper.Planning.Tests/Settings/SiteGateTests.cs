using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Access;

namespace NsHelper.Planning.Tests.Settings;

/// <summary>Why: the gate is the one line by which an administrator shuts everybody out; it must hold whatever a profile says.</summary>
public sealed class SiteGateTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("[allow]\n", false)]
    [InlineData("[allow]\nusers = []\ngroups = []\n", false)]
    [InlineData("[allow]\nusers = [\"bob\"]\n", false)]
    [InlineData("[allow]\nusers = [\"alice\"]\n", true)]
    [InlineData("[allow]\ngroups = [\"sudo\"]\n", true)]
    [InlineData("[allow]\ngroups = [\"left\"]\n", false)]
    [InlineData("[allow]\nusers = [\"*\"]\ndeny_users = [\"alice\"]\n", false)]
    [InlineData("[allow]\nusers = [\"*\"]\ndeny_groups = [\"left\"]\n", false)]
    [InlineData("[allow]\nusers = [\"*\"]\ndeny_groups = [\"gone\"]\n", false)]
    [InlineData("[allow]\nusers = [\"*\"]\nverbs = [\"join\"]\n", false)]
    [InlineData("[allow]\nusers = [\"*\"]\nverbs = { remove = [\"login\"] }\n", true)]
    public void It_lets_through_by_the_rules_of_a_profile(string gate, bool open)
    {
        Profile profile = SiteTables.Under(SiteTables.Of(gate), SiteTables.Profile);
        Assert.Equal(open, SiteTables.Decide(profile, People.Alice) is Decision.Allowed);
        Assert.Equal(open || gate.Contains("verbs", StringComparison.Ordinal), AccessRules.UseOf(profile, People.Alice, People.Database) is not null);
    }

    [Fact]
    public void It_gives_nothing_that_the_profile_does_not_give() =>
        Assert.False(Assert.IsType<Decision.Denied>(SiteTables.Decide(SiteTables.Under(SiteTables.Of("[allow]\nusers = [\"*\"]\n"), "schema = 1\nallow.commands = \"any\"\n"), People.Alice)).IsOfSite);

    [Theory]
    [InlineData("users = [\"*\"]", false)]
    [InlineData("groups = [\"*\", \"root\"]", false)]
    [InlineData("users = [\"root\"]", true)]
    public void Root_is_listed_in_both(string gate, bool open) =>
        Assert.Equal(open, SiteTables.Decide(SiteTables.Under(SiteTables.Of($"[allow]\n{gate}\n"), "schema = 1\nallow.users = [\"root\"]\nallow.commands = \"any\"\n"), People.Root) is Decision.Allowed);

    [Theory]
    [InlineData("\n[allow]\nusers = [\"bob\"]\n", "0:2", "no rule of the site allows this user")]
    [InlineData("[allow]\nusers = [\"*\"]\ndeny_users = [\"bob\",\n\"alice\"]\n", "0:4", "the user is denied by \"alice\"")]
    [InlineData("[allow]\nusers = [\"*\"]\nverbs = []\n", "0:1", "the site does not allow run")]
    public void A_refusal_names_its_line_for_the_log_and_comes_before_the_profile(string gate, string place, string reason)
    {
        var denied = Assert.IsType<Decision.Denied>(SiteTables.Decide(SiteTables.Under(SiteTables.Of(gate), "enabled = false\n" + SiteTables.Profile), People.Alice));
        Assert.Equal((place, reason, true, false), (denied.Rule.ToString(), denied.Reason, denied.IsOfSite, denied.IsAboutCommand));
    }

    [Fact]
    public void A_drop_in_changes_the_gate_by_name_and_says_nothing_by_omission()
    {
        Assert.Equal(["alice", "carol"], Users("[allow]\nusers = [\"alice\", \"bob\"]\n", "allow.users = { add = [\"carol\"], remove = [\"bob\"] }\n"));
        Assert.Equal(["bob"], Users("[allow]\nusers = [\"bob\"]\n", "[log]\nlevel = \"deny\"\n", "[allow]\n"));
        Assert.Empty(Users("[allow]\nusers = [\"alice\", \"bob\"]\n", "allow.users = []\n"));
        Assert.Equal("allow.users has no \"eve\" to remove", Assert.Single(SiteTables.FaultsOf("[allow]\nusers = [\"bob\"]\n", "allow.users = { remove = [\"eve\"] }\n")).Message);
    }

    [Fact]
    public void Its_names_are_looked_up_together_with_the_profiles()
    {
        Profile profile = SiteTables.Under(SiteTables.Of("[allow]\nusers = [\"bob\", \"carol\"]\ndeny_groups = [\"staff\"]\n"), "schema = 1\nallow.users = [\"bob\"]\nallow.commands = \"any\"\n");
        (IEnumerable<string> users, IEnumerable<string> groups, bool wantsDatabaseGroups) = AccessRules.NamesIn(profile, People.Alice);
        Assert.Equal(["bob", "carol"], users);
        Assert.Equal(["staff"], groups);
        Assert.True(wantsDatabaseGroups);
    }

    private static IEnumerable<string> Users(params string[] files) => SiteTables.Of(files).Gate!.Users.Select(rule => rule.Text);
}
