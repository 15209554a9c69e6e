using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: a misnamed file is silently no rule at all; a warning about every editor's leftover would be one that nobody reads.</summary>
public sealed class IgnoredNamesTests
{
    [Theory]
    [InlineData("a.toml", true, true)]
    [InlineData("a.toml.d", true, false)]
    [InlineData("nshelper.toml", true, true)]
    [InlineData("My_Profile.toml", false, false)]
    [InlineData("a.b.toml", false, false)]
    [InlineData("conf.conf", false, false)]
    [InlineData("noext", false, false)]
    [InlineData("a.d", false, false)]
    [InlineData("A.toml.d", false, false)]
    [InlineData(".toml", true, true)]
    [InlineData("a.toml~", true, true)]
    [InlineData("a.toml.dpkg-old", true, true)]
    [InlineData("a.toml.rpmnew", true, true)]
    [InlineData(".a.toml.swp", true, true)]
    [InlineData("a.toml.bak", true, true)]
    [InlineData("README.md", true, true)]
    public void Of_profiles(string name, bool good, bool goodOfVendor) => Assert.Equal(
        (good, goodOfVendor), (IgnoredNames.AmongProfiles(name) is null, IgnoredNames.AmongVendorProfiles(name) is null));

    [Theory]
    [InlineData("10-Site.toml", true)]
    [InlineData("10.conf", false)]
    [InlineData("10.toml~", true)]
    public void Of_drop_ins(string name, bool good) => Assert.Equal(good, IgnoredNames.AmongDropIns(name) is null);

    [Theory]
    [InlineData("nshelper.toml", true)]
    [InlineData("nshelper.toml.d", true)]
    [InlineData("profiles", true)]
    [InlineData("nshelper.tml", false)]
    [InlineData("nshelper.d", false)]
    public void Of_the_site(string name, bool good) => Assert.Equal(good, IgnoredNames.AmongSettings(name) is null);
}
