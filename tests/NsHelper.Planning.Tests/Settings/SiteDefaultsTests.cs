using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Tests.Settings;

/// <summary>Why: what the site lays under every profile must be there when the profile is silent, give way when it speaks, and be found by its line.</summary>
public sealed class SiteDefaultsTests
{
    private const string Site = """
        [defaults.namespaces]
        network = "private"
        [defaults.environment]
        keep = ["TERM", "EDITOR"]
        set = { SITE = "1", WHO = "site" }
        [[defaults.mount]]
        target = "/srv/scratch"
        type = "tmpfs"
        size = "1M"
        """;

    [Fact]
    public void They_lie_under_every_profile()
    {
        Profile profile = SiteTables.Under(SiteTables.Of(Site), SiteTables.Profile);
        Assert.True(profile.Namespaces.PrivateNetwork);
        Assert.Equal(["TERM", "EDITOR"], profile.Environment.Keep.AsEnumerable());
        Assert.Equal("0:6", Assert.Single(profile.Mounts).Location.ToString());
        Assert.Equal("test.toml", profile.Location.File);
    }

    [Fact]
    public void A_profile_has_the_last_word()
    {
        Profile profile = SiteTables.Under(SiteTables.Of(Site), SiteTables.Profile + """
            [namespaces]
            network = "host"
            [environment]
            keep = { remove = ["EDITOR"] }
            set = { WHO = "profile" }
            [[mount]]
            target = "/srv/scratch"
            remove = true
            """);
        Assert.False(profile.Namespaces.PrivateNetwork);
        Assert.Equal(["TERM"], profile.Environment.Keep.AsEnumerable());
        Assert.Equal(["SITE=1", "WHO=profile"], profile.Environment.Set.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Empty(profile.Mounts);
    }

    [Fact]
    public void A_step_of_the_plan_has_the_line_of_the_site()
    {
        var plan = Assert.IsType<PlanningResult.Valid>(SiteTables.Plan(SiteTables.Of(Site), SiteTables.Profile)).Plan;
        Assert.Contains(plan.Steps, step => step is SetupStep.TmpfsMount { Size: 1 << 20 } && step.Location.ToString() == "0:6");
    }

    [Fact]
    public void A_fault_that_only_a_profile_shows_has_its_line_and_no_prefix_of_the_site()
    {
        Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(SiteTables.Of("[defaults.root]\npropagation = \"shared\"\n"), SiteTables.Profile + "[root]\nread_only = true\n"));
        Assert.Equal(("a read-only root must be private", "0:2", "propagation = \"shared\""), (fault.Message, fault.Location.ToString(), fault.SourceLine));
    }

    [Fact]
    public void What_this_version_does_not_do_starts_no_session_here_either() =>
        Assert.Equal(("log is not available in this version", "0:1"), PlaceOf(Assert.Single(SiteTables.Under(SiteTables.Of("[defaults.log]\nargs = \"full\"\n"), SiteTables.Profile).Unavailable)));

    /// <summary>Each reading starts afresh: what one profile has read of the defaults is not read for the next.</summary>
    [Fact]
    public void One_profile_leaves_nothing_behind_for_the_next()
    {
        SiteSettings site = SiteTables.Of("[[defaults.mount]]\ntarget = \"/srv/a\"\ninodes = 5\n");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("a bind mount has no \"inodes\"", Assert.Single(SiteTables.FaultsUnder(site, SiteTables.Profile)).Message);
        }
    }

    [Theory]
    [InlineData("[defaults.allow]\nusers = [\"alice\"]\n", "unknown key \"allow\" in defaults")]
    [InlineData("[[defaults.command]]\npath = \"/bin/sh\"\n", "unknown key \"command\" in defaults")]
    [InlineData("[defaults]\nextends = \"x\"\n", "unknown key \"extends\" in defaults")]
    [InlineData("[defaults.parameters.x]\ntype = \"int\"\n", "unknown key \"parameters\" in defaults")]
    [InlineData("[defaults.seccomp]\n", "[defaults.seccomp] needs schema 2")]
    [InlineData("[defaults.root]\nread_only = 1\n", "defaults.root.read_only must be true or false, not an integer")]
    public void They_say_nothing_of_who_and_what(string text, string message) => Assert.Equal(message, Assert.Single(SiteTables.FaultsOf(text)).Message);

    [Fact]
    public void A_group_name_is_asked_for_when_only_the_defaults_speak_of_it()
    {
        Assert.True(new ProfileAssembly(ProfileName.Parse("x"), SiteTables.Of("[defaults.environment.set]\nG = \"%g\"\n")).MentionsGroupName);
        Assert.False(new ProfileAssembly(ProfileName.Parse("x"), SiteTables.Of("[defaults.environment.set]\nG = \"%u\"\n")).MentionsGroupName);
    }

    private static (string Message, string Place) PlaceOf(Diagnostic diagnostic) => (diagnostic.Message, diagnostic.Location.ToString());
}
