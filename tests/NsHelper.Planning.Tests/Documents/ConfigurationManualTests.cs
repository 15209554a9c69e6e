using System.Text.RegularExpressions;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Schema;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>The manual page of the site's settings is written by hand; this test holds it to the keys that the reader knows.</summary>
public sealed class ConfigurationManualTests
{
    [Fact]
    public void The_manual_of_the_site_settings_has_every_key()
    {
        string page = PageNamed("nshelper-config.5");

        // What may stand in [defaults] is in the manual of profiles.
        Assert.All(SchemaKey.Of(SiteSchema.Top).Where(key => !key.Path.StartsWith("defaults.", StringComparison.Ordinal)), key => Assert.Matches(Marked(key.Key.Name), page));
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
