using System.Text.RegularExpressions;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Schema;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>The manual pages of the configuration files are written by hand; these tests hold them to the keys that the readers know.</summary>
public sealed class ConfigurationManualTests
{
    [Fact]
    public void The_manual_of_profiles_has_every_key_that_works()
    {
        string page = PageNamed("nshelper-profile.5");
        string working = page[..page.IndexOf(".Ss Refused in this version", StringComparison.Ordinal)];
        Assert.All(
            SchemaKey.Of(ProfileSchema.Top).Where(key => !key.IsLater && !key.Key.IsReserved),
            key => Assert.Matches(Marked(key.Key.Name), working));
    }

    [Fact]
    public void The_manual_of_profiles_names_every_key_that_is_refused_in_this_version()
    {
        string page = PageNamed("nshelper-profile.5");
        int start = page.IndexOf(".Ss Refused in this version", StringComparison.Ordinal);
        string refused = page[start..page.IndexOf(".Ss Specifiers", start, StringComparison.Ordinal)];
        Assert.All(
            SchemaKey.Of(ProfileSchema.Top).Where(key => key.Key.IsLater || key.Key.IsReserved),
            key => Assert.Matches(Marked(key.Key.Name), refused));
    }

    [Fact]
    public void The_manual_of_the_site_settings_has_every_key()
    {
        string page = PageNamed("nshelper-config.5");
        Assert.All(SchemaKey.Of(SiteSchema.Top).Where(key => !key.IsLater || key.Header.Length == 0), key => Assert.Matches(Marked(key.Key.Name), page));
    }

    /// <summary>In mdoc a key is marked with Cm, alone or in a list; a table heads a subsection.</summary>
    private static Regex Marked(string key) => new($@"^\.(It )?(Cm|Ss Tables?) ([a-z_]+ (, |and )?)*{Regex.Escape(key)}( |$)", RegexOptions.Multiline);

    private static string PageNamed(string name)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NsHelper.sln")))
        {
            directory = directory.Parent;
        }

        Assert.NotNull(directory);
        return File.ReadAllText(Path.Combine(directory.FullName, "packaging", "man", name));
    }
}
