using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Settings;

public sealed class SiteSettingsReaderTests
{
    [Fact]
    public void Without_a_file_the_defaults_hold() => Assert.Same(SiteSettings.Default, Valid());

    [Fact]
    public void An_empty_file_changes_nothing() => Assert.Equal(SiteSettings.Default, Valid("") with { Files = [] });

    [Fact]
    public void Every_key_is_read()
    {
        SiteSettings settings = Valid("""
            [log]
            level = "deny"
            args = "full"
            required = true
            facility = "local3"
            [tmpfs]
            default_size = "8M"
            max_size = 1073741824
            """);

        Assert.Equal(
            new SiteSettings
            {
                LogLevel = LogLevel.Deny,
                LogArguments = LogArguments.Full,
                LogRequired = true,
                LogFacility = LogFacility.Local3,
                TmpfsDefaultSize = 8 << 20,
                TmpfsMaxSize = 1 << 30,
            },
            settings with { Files = [] });
    }

    [Theory]
    [InlineData("auth", 4)]
    [InlineData("authpriv", 10)]
    [InlineData("local0", 16)]
    [InlineData("local1", 17)]
    [InlineData("local2", 18)]
    [InlineData("local4", 20)]
    [InlineData("local5", 21)]
    [InlineData("local6", 22)]
    [InlineData("local7", 23)]
    public void A_facility_has_the_number_of_syslog(string name, int number) =>
        Assert.Equal(number, (int)Valid($"[log]\nfacility = \"{name}\"\n").LogFacility);

    [Fact]
    public void A_later_file_overrides_single_keys_of_an_earlier_one()
    {
        SiteSettings settings = Valid("[log]\nlevel = \"deny\"\nargs = \"full\"\n", "[log]\nlevel = \"all\"\n[tmpfs]\nmax_size = \"1M\"\n");
        Assert.Equal((LogLevel.All, LogArguments.Full, 1L << 20, 1L << 20), (settings.LogLevel, settings.LogArguments, settings.TmpfsMaxSize, settings.TmpfsDefaultSize));
    }

    [Theory]
    [InlineData("[sessions]\nmax_total = 0\n", 2, "0 is no value of sessions.max_total")]
    [InlineData("[sessions]\nmax_per_user = \"many\"\n", 2, "sessions.max_per_user must be an integer, not a string")]
    [InlineData("[sessions]\nstop_timeout = \"soon\"\n", 2, "\"soon\" is no time span")]
    [InlineData("[allow]\ncommands = \"any\"\n", 2, "unknown key \"commands\" in allow")]
    [InlineData("[Log]\n", 1, "unknown key \"Log\"")]
    [InlineData("[log]\nLevel = \"deny\"\n", 2, "unknown key \"Level\" in log")]
    [InlineData("[log]\nlevel = \"Deny\"\n", 2, "\"Deny\" is no value of log.level")]
    [InlineData("[log]\nlevel = 1\n", 2, "log.level must be a string, not an integer")]
    [InlineData("[log]\nrequired = \"true\"\n", 2, "log.required must be true or false, not a string")]
    [InlineData("[log]\nfacility = \"kern\"\n", 2, "\"kern\" is no value of log.facility")]
    [InlineData("log = 5\n", 1, "log must be a table: [log], not an integer")]
    [InlineData("\"log:level\" = \"deny\"\n", 1, "unknown key \"log:level\"")]
    [InlineData("[tmpfs]\nmax_size = 0\n", 2, "0 is no value of tmpfs.max_size")]
    [InlineData("[tmpfs]\nmax_size = \"none\"\n", 2, "\"none\" is no size")]
    public void A_mistake_is_a_diagnostic(string text, int line, string message)
    {
        Diagnostic fault = Assert.Single(Invalid(text));
        Assert.Equal((line, message), (fault.Location.Line, fault.Message));
    }

    [Fact]
    public void The_default_size_fits_the_largest()
    {
        Diagnostic fault = Assert.Single(Invalid("[tmpfs]\ndefault_size = \"2M\"\nmax_size = \"1M\"\n"));
        Assert.StartsWith("tmpfs.default_size (2097152 bytes) is larger than tmpfs.max_size", fault.Message, StringComparison.Ordinal);
        Assert.Equal((3, "max_size = \"1M\""), (fault.Location.Line, fault.SourceLine));
    }

    [Fact]
    public void A_fault_in_any_file_counts() => Assert.Equal("1", Assert.Single(Invalid("", "[nope]\n")).Location.File);

    [Fact]
    public void The_site_bounds_every_tmpfs_of_a_profile()
    {
        SiteSettings site = Valid("[tmpfs]\ndefault_size = \"1M\"\nmax_size = \"2M\"\n");
        string text = Reading.Minimal + "[protect]\nprivate_tmp = true\n[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\n[[share]]\nname = \"w\"\nscope = \"user\"\ntarget = \"/mnt\"\n";

        Profile profile = Assert.IsType<ProfileReading.Valid>(Read(text, site)).Profile;
        Assert.Equal((1L << 20, 1L << 20, 1L << 20), (profile.Protect.PrivateTmpSize, ((MountSettings.Tmpfs)profile.Mounts[0]).Size, profile.Shares[0].Size));

        Diagnostic fault = Assert.Single(Assert.IsType<ProfileReading.Invalid>(Read(text + "size = \"3M\"\n", site)).Diagnostics);
        Assert.Equal("share.size is larger than this site allows (2097152 bytes)", fault.Message);
    }

    [Fact]
    public void Bounds_on_sessions_are_layered_and_reach_the_plan()
    {
        SiteSettings site = Valid("[sessions]\nmax_per_user = 4\nmax_total = 100\n", "[sessions]\nmax_total = 50\nstop_timeout = \"2min\"\n");
        Assert.Equal((4, 50, 120), (site.SessionsPerUser, site.SessionsInTotal, site.StopTimeout));
        SessionPlan plan = Assert.IsType<PlanningResult.Valid>(SiteTables.Plan(site, SiteTables.Profile)).Plan;
        Assert.Equal(new SessionLimits(SessionLimits.UsualOfProfile, 4, 50), plan.Sessions.Limits);
    }

    [Fact]
    public void A_drop_in_is_checked_without_the_files_it_changes()
    {
        Assert.Empty(DropIn("allow.users = { remove = [\"bob\"] }\n"));
        Assert.Equal("unknown key \"alow\"", Assert.Single(DropIn("alow.users = []\n")).Message);

        static ImmutableArray<Diagnostic> DropIn(string text) => SiteSettingsReader.MistakesOfDropIn(new ProfileText("x", [.. Encoding.UTF8.GetBytes(text)]));
    }

    private static ProfileReading Read(string text, SiteSettings site) =>
        ProfileReader.Read(ProfileName.Parse("test"), [new ProfileText("test.toml", [.. Encoding.UTF8.GetBytes(text)])], site);

    private static SiteSettings Valid(params string[] files) => SiteSettingsReader.Read(Layers(files)) switch
    {
        SiteSettingsReading.Valid valid => valid.Settings,
        SiteSettingsReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    private static ImmutableArray<Diagnostic> Invalid(params string[] files) => Assert.IsType<SiteSettingsReading.Invalid>(SiteSettingsReader.Read(Layers(files))).Diagnostics;

    private static ImmutableArray<ProfileText> Layers(string[] files) =>
        [.. files.Select((text, index) => new ProfileText(index.ToString(System.Globalization.CultureInfo.InvariantCulture), [.. Encoding.UTF8.GetBytes(text)]))];
}
