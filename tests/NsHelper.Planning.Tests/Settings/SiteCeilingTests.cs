using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Tests.Settings;

/// <summary>Why: a ceiling is what the administrator of a host relies on when profiles come from packages; it must bind each, and say where both lines are.</summary>
public sealed class SiteCeilingTests
{
    [Theory]
    [InlineData("network = \"private\"", "network = \"private\"", true)]
    [InlineData("network = \"private\"", "network = \"host\"", false)]
    [InlineData("network = \"private\"", "network = \"path:/run/netns/x\"", false)]
    [InlineData("network = \"private\"", "", false)]
    [InlineData("network = \"host\"", "network = \"private\"", false)]
    [InlineData("network = \"host\"", "network = \"path:/run/netns/x\"", false)]
    [InlineData("network = \"host\"", "", true)]
    [InlineData("ipc = \"private\"", "", true)]
    [InlineData("ipc = \"private\"", "ipc = \"host\"", false)]
    [InlineData("ipc = \"host\"", "", false)]
    [InlineData("uts = \"private\"", "", false)]
    [InlineData("cgroup = \"private\"", "cgroup = \"private\"", true)]
    [InlineData("pid = \"private\"", "pid = \"host\"", false)]
    [InlineData("pid = \"private\"", "", true)]
    [InlineData("pid = \"host\"", "", false)]
    [InlineData("time = \"private\"", "", false)]
    public void A_namespace_has_the_value_of_the_ceiling_written_or_not(string ceiling, string namespaces, bool good)
    {
        SiteSettings site = SiteTables.Of($"[ceiling.namespaces]\n{ceiling}\n");
        string profile = $"{SiteTables.Profile}[namespaces]\n{namespaces}\n";
        if (good)
        {
            SiteTables.Under(site, profile);
            return;
        }

        Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(site, profile));
        Assert.Contains("which the ceiling of the site (0:2) forbids", fault.Message, StringComparison.Ordinal);
        Assert.Equal(namespaces.Length == 0 ? "test.toml:4" : "test.toml:5", fault.Location.ToString());
        Assert.Equal($"write {ceiling} in [namespaces]", fault.Hint);
    }

    /// <summary>The value a profile has without a word must be the one that the ceiling takes it for.</summary>
    [Fact]
    public void What_a_silent_profile_is_held_to_is_what_it_gets()
    {
        NamespaceSettings settings = SiteTables.Under(SiteSettings.Default, SiteTables.Profile).Namespaces;
        Assert.Equal(
            (NamespaceReader.DefaultOf("ipc"), NamespaceReader.DefaultOf("uts"), NamespaceReader.DefaultOf("network"), NamespaceReader.DefaultOf("cgroup")),
            (Word(settings.PrivateIpc), Word(settings.PrivateUts), Word(settings.PrivateNetwork), Word(settings.PrivateCgroup)));

        static string Word(bool isPrivate) => isPrivate ? "private" : "host";
    }

    [Theory]
    [InlineData("[\"CAP_NET_RAW\"]", "bounding = [\"CAP_NET_RAW\"]", null)]
    [InlineData("[]", "bounding = []", null)]
    [InlineData("[\"CAP_NET_RAW\"]", "bounding = [\"CAP_NET_RAW\", \"CAP_SYS_ADMIN\"]", "capabilities.bounding names CAP_SYS_ADMIN")]
    [InlineData("[]", "bounding = [\"CAP_NET_RAW\"]", "capabilities.bounding names CAP_NET_RAW")]
    public void Capabilities_are_among_those_of_the_ceiling(string ceiling, string capabilities, string? message)
    {
        SiteSettings site = SiteTables.Of($"[ceiling]\ncapabilities = {ceiling}\n");
        string profile = $"{SiteTables.Profile}[capabilities]\n{capabilities}\n";
        if (message is null)
        {
            SiteTables.Under(site, profile);
            return;
        }

        Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(site, profile));
        Assert.Equal($"{message}, which the ceiling of the site (0:2) forbids", fault.Message);
        Assert.Equal("test.toml", fault.Location.File);
    }

    [Theory]
    [InlineData("true", "", null)]
    [InlineData("true", "identity.no_new_privileges = true", null)]
    [InlineData("false", "identity.no_new_privileges = false", null)]
    [InlineData("true", "identity.no_new_privileges = false", "test.toml:1 identity.no_new_privileges is false, which the ceiling of the site (0:2) forbids (write true, or leave it out)")]
    [InlineData("true", "identity = { no_new_privileges = false }", "test.toml:1 identity.no_new_privileges is false, which the ceiling of the site (0:2) forbids (write true, or leave it out)")]
    public void The_ceiling_can_keep_set_user_id_programs_without_effect(string ceiling, string line, string? message)
    {
        SiteSettings site = SiteTables.Of($"[ceiling]\nno_new_privileges = {ceiling}\n");
        string profile = $"{line}\nnamespaces.pid = \"host\"\ncapabilities.bounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n{SiteTables.Profile}";
        if (message is null)
        {
            SiteTables.Under(site, profile);
            return;
        }

        Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(site, profile));
        Assert.Equal((message, "ceiling"), ($"{fault.Location} {fault.Message} ({fault.Hint})", fault.Rule));
    }

    [Theory]
    [InlineData("[\"/srv\"]", "source = \"/srv/data\"", true)]
    [InlineData("[\"/srv\"]", "source = \"/srv\"", true)]
    [InlineData("[\"/opt\", \"/srv\"]", "source = \"/srv/data\"", true)]
    [InlineData("[\"/\"]", "source = \"/etc\"", true)]
    [InlineData("[\"/srv\"]", "source = \"/srv2/data\"", false)]
    [InlineData("[\"/srv/a\"]", "source = \"/srv/ab\"", false)]
    [InlineData("[\"/srv/a\"]", "source = \"/srv\"", false)]
    [InlineData("[\"/srv\"]", "", false)]
    [InlineData("[]", "source = \"/srv/data\"", false)]
    [InlineData("[\"/home\"]", "source = \"%h/data\"", true)]
    [InlineData("[\"/home/%%\"]", "source = \"/srv\"", null)]
    [InlineData("[\"/home/bob\"]", "source = \"%h/data\"", false)]
    [InlineData("[\"/data/alice\"]", "source = \"/data/%u\"", true)]
    [InlineData("[\"/data/alic\"]", "source = \"/data/%u\"", false)]
    public void Sources_lie_below_the_directories_of_the_ceiling(string ceiling, string source, bool? good)
    {
        string text = $"\n[ceiling]\nmount_sources_below = {ceiling}\n";
        if (good is null)
        {
            Assert.Single(SiteTables.FaultsOf(text));
            return;
        }

        string profile = $"{SiteTables.Profile}[[mount]]\ntarget = \"/mnt\"\n{source}\n";
        string place = source.Length == 0 ? "test.toml:5" : "test.toml:6";
        if (!good.Value && !source.Contains('%', StringComparison.Ordinal))
        {
            Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(SiteTables.Of(text), profile));
            Assert.EndsWith("lies where the ceiling of the site (0:3) allows none", fault.Message, StringComparison.Ordinal);
            Assert.Equal((place, "ceiling"), (fault.Location.ToString(), fault.Rule));
            return;
        }

        PlanningResult result = SiteTables.Plan(SiteTables.Of(text), profile);
        if (good.Value)
        {
            Assert.True(Assert.Single(Assert.IsType<PlanningResult.Valid>(result).Plan.Steps.OfType<SetupStep.BindMount>()).WithoutLinks);
            return;
        }

        var refused = Assert.IsType<PlanningResult.Refused>(result);
        Assert.EndsWith("lies where the ceiling of the site (0:3) allows none", refused.Message, StringComparison.Ordinal);
        Assert.Equal(place, refused.Location.ToString());
    }

    [Fact]
    public void Shares_and_defaults_are_bound_too()
    {
        const string Share = "[[share]]\nname = \"w\"\nscope = \"user\"\ntarget = \"/mnt\"\nsource = \"/srv/w\"\n";
        SiteSettings site = SiteTables.Of("ceiling.mount_sources_below = [\"/opt\"]\n");
        Diagnostic fault = Assert.Single(SiteTables.FaultsUnder(site, SiteTables.Profile + Share));
        Assert.Equal(("share source \"/srv/w\" lies where the ceiling of the site (0:1) allows none", "test.toml:8"), (fault.Message, fault.Location.ToString()));
        Assert.IsType<PlanningResult.Valid>(SiteTables.Plan(site, SiteTables.Profile + Share.Replace("source = \"/srv/w\"\n", "", StringComparison.Ordinal)));

        SiteSettings defaults = SiteTables.Of("[ceiling]\nmount_sources_below = [\"/opt\"]\nnamespaces.network = \"private\"\n[[defaults.mount]]\ntarget = \"/mnt\"\nsource = \"/srv\"\n[defaults.namespaces]\nnetwork = \"host\"\n");
        Assert.Equal(
            ["0:6 in profile \"test\" mount source \"/srv\" lies where the ceiling of the site (0:2) allows none", "0:8 in profile \"test\" namespaces.network is \"host\", which the ceiling of the site (0:3) forbids"],
            SiteTables.FaultsUnder(defaults, SiteTables.Profile).Select(found => $"{found.Location} {found.Message}"));
        SiteSettings silent = SiteTables.Of("[ceiling]\nnamespaces.network = \"private\"\n[defaults.namespaces]\nipc = \"private\"\n");
        Assert.Equal("test.toml", Assert.Single(SiteTables.FaultsUnder(silent, SiteTables.Profile)).Location.File);
    }

    [Theory]
    [InlineData("", "Warning")]
    [InlineData("allow.users = [\"alice\"]\n", "Error")]
    [InlineData("allow.groups = [\"*\"]\n", "Error")]
    public void To_a_profile_that_allows_nobody_it_is_a_warning(string allow, string severity)
    {
        var assembly = new ProfileAssembly(ProfileName.Parse("test"), SiteTables.Of("[ceiling.namespaces]\nnetwork = \"private\"\n"));
        assembly.Supply([new ProfileText("test.toml", [.. System.Text.Encoding.UTF8.GetBytes($"schema = 1\nallow.commands = \"any\"\n{allow}")])]);
        Assert.Equal(("ceiling", severity), Assert.Single(assembly.Check()) is var found ? (found.Rule, found.Severity.ToString()) : default);
    }

    [Fact]
    public void Without_a_bound_links_are_followed_as_before() =>
        Assert.False(Assert.Single(Assert.IsType<PlanningResult.Valid>(SiteTables.Plan(SiteTables.Of("[ceiling]\ncapabilities = []\n"), SiteTables.Profile + "[[mount]]\ntarget = \"/mnt\"\n")).Plan.Steps.OfType<SetupStep.BindMount>()).WithoutLinks);

    /// <summary>A drop-in that says nothing of a bound leaves it: only a list that is written replaces.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[ceiling]\n")]
    [InlineData("[ceiling.namespaces]\nuts = \"private\"\n")]
    [InlineData("ceiling.namespaces = {}\n")]
    [InlineData("[ceiling]\ncapabilities = []\n")]
    public void A_drop_in_does_not_drop_a_bound_by_omission(string dropIn)
    {
        SiteCeiling ceiling = SiteTables.Of("[ceiling]\nmount_sources_below = [\"/srv\"]\ncapabilities = []\nnamespaces.network = \"private\"\n", dropIn).Ceiling;
        Assert.Equal("/srv", Assert.Single(ceiling.Sources!.Directories).Text);
        Assert.Empty(ceiling.Capabilities!.Names);
        Assert.Contains(ceiling.Namespaces, bound => bound is { Kind: "network", Value: "private" });
    }

    [Fact]
    public void A_drop_in_that_writes_a_bound_replaces_it_and_is_named()
    {
        SiteCeiling ceiling = SiteTables.Of("[ceiling]\nmount_sources_below = [\"/srv\", \"/opt\"]\n", "\nceiling.mount_sources_below = [\"/home\"]\n").Ceiling;
        Assert.Equal(("/home", "1:2"), (Assert.Single(ceiling.Sources!.Directories).Text, ceiling.Sources.Location.ToString()));
    }

    [Theory]
    [InlineData("capabilities = [\"CAP_NOPE\"]", "\"CAP_NOPE\" is no capability")]
    [InlineData("namespaces.network = \"path:/run/netns/x\"", "\"path:/run/netns/x\" is no value of ceiling.namespaces.network")]
    [InlineData("namespaces.mount = \"private\"", "unknown key \"mount\" in ceiling.namespaces")]
    [InlineData("mount_sources_below = [\"%h\"]", "ceiling.mount_sources_below takes no specifiers")]
    [InlineData("mount_sources_below = [\"srv\"]", "ceiling.mount_sources_below = \"srv\" is not an absolute path in normal form")]
    [InlineData("max_size = \"1M\"", "unknown key \"max_size\" in ceiling")]
    public void A_mistake_is_a_diagnostic(string line, string message) => Assert.Equal(message, Assert.Single(SiteTables.FaultsOf($"[ceiling]\n{line}\n")).Message);
}
