using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Sessions;

namespace NsHelper.Planning.Tests.Settings;

/// <summary>Site settings that tests write as text, one text a file, and profiles read under them.</summary>
internal static class SiteTables
{
    public const string Profile = "schema = 1\nallow.users = [\"alice\"]\nallow.commands = \"any\"\n";

    public static SiteSettings Of(params string[] files) => Read(files) switch
    {
        SiteSettingsReading.Valid valid => valid.Settings,
        SiteSettingsReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    public static ImmutableArray<Diagnostic> FaultsOf(params string[] files) => Assert.IsType<SiteSettingsReading.Invalid>(Read(files)).Diagnostics;

    public static Profile Under(SiteSettings site, string profile) => ReadUnder(site, profile) switch
    {
        ProfileReading.Valid valid => valid.Profile,
        ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    public static ImmutableArray<Diagnostic> FaultsUnder(SiteSettings site, string profile) => Assert.IsType<ProfileReading.Invalid>(ReadUnder(site, profile)).Diagnostics;

    public static Decision Decide(Profile profile, Caller caller, string verb = "run") =>
        AccessRules.Decide(profile, caller, People.Database, verb, [ByteString.FromText("/bin/true")]);

    public static PlanningResult Plan(SiteSettings site, string profile) => Plans.Of(Assert.IsType<Decision.Allowed>(Decide(Under(site, profile), People.Alice)).Grant);

    private static SiteSettingsReading Read(string[] files) =>
        SiteSettingsReader.Read([.. files.Select((text, index) => new ProfileText(index.ToString(CultureInfo.InvariantCulture), [.. Encoding.UTF8.GetBytes(text)]))]);

    private static ProfileReading ReadUnder(SiteSettings site, string profile) =>
        ProfileReader.Read(ProfileName.Parse("test"), [new ProfileText("test.toml", [.. Encoding.UTF8.GetBytes(profile)])], site);
}
