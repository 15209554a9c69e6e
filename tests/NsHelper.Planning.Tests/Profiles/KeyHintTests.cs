using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Settings;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: who does not know the language yet is told what to write, not only what is wrong.</summary>
public sealed class KeyHintTests
{
    [Theory]
    [InlineData("private_tmp = true", "\"private_tmp\" belongs in [protect]")]
    [InlineData("description = \"x\"", "\"description\" belongs above the first [table]")]
    [InlineData("schema = 1", "\"schema\" belongs above the first [table]")]
    [InlineData("network = \"private\"", "\"network\" belongs in [namespaces]")]
    [InlineData("protect = {}", "\"protect\" belongs at the top: [protect]")]
    [InlineData("mount = []", "\"mount\" belongs in [namespaces] or at the top: [[mount]]")]
    [InlineData("scope = \"user\"", "\"scope\" belongs in [[private]] or in [[share]] or in [session]")]
    [InlineData("target = \"/srv\"", "\"target\" belongs in [[mount]] or in [[private]] or in [[share]]")]
    [InlineData("mode = \"0755\"", "known: users, groups, deny_users, deny_groups, verbs, commands")]
    [InlineData("user = []", "did you mean \"users\"?")]
    [InlineData("[namespaces]\nnetwork = false", "accepted: host, private, path:/run/netns/NAME")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\nreadonly = true", "write options = [\"ro\"]")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\nsrc = \"/x\"", "write source")]
    [InlineData("groups = { del = [\"a\"] }", "write groups = [...], or { add = [...], remove = [...] }")]
    [InlineData("groups = \"a\"", "write groups = [\"a\"]")]
    [InlineData("[[share]]\nname = \"W\"\ntarget = \"/w\"\nscope = \"user\"", "a-z, 0-9, _ and -, a letter or digit first, at most 63")]
    public void A_profile(string line, string hint) => Assert.Equal(hint, Assert.Single(Reading.Faults(Reading.Minimal + line + "\n")).Hint);

    [Fact]
    public void A_list_of_commands() => Assert.Equal(
        "write a [[command]] with path = \"...\" for each, or commands = \"any\"",
        Assert.Single(Reading.Faults("schema = 1\n[allow]\ncommands = [\"/bin/sh\"]\n")).Hint);

    [Fact]
    public void A_name_with_its_ending()
    {
        Diagnostic fault = Assert.Single(Reading.Faults("extends = \"base.toml\"\n" + Reading.Minimal));
        Assert.Equal(("\"base.toml\" is no profile name", "write \"base\", without .toml"), (fault.Message, fault.Hint));
    }

    [Fact]
    public void A_name_of_a_share() =>
        Assert.Equal("\"W\" is no share name", Reading.Faults(Reading.Minimal + "[[share]]\nname = \"W\"\ntarget = \"/w\"\nscope = \"user\"\n")[0].Message);

    [Fact]
    public void The_opposite_of_an_option_is_not_suggested() => Assert.StartsWith(
        "accepted: ro, rw,", Assert.Single(Reading.Faults(Reading.Minimal + "[[mount]]\ntarget = \"/srv\"\noptions = [\"exec\"]\n")).Hint, StringComparison.Ordinal);

    [Theory]
    [InlineData("[defaults]\nprivate_tmp = true\n", "\"private_tmp\" belongs in [defaults.protect]")]
    [InlineData("[ceiling]\nmax_size = 1\n", "\"max_size\" belongs in [tmpfs]")]
    [InlineData("schema = 1\n", "leave it out: this file has none")]
    public void The_site(string text, string hint) => Assert.Equal(hint, Assert.Single(SiteTables.FaultsOf(text)).Hint);

    [Fact]
    public void Sizes_that_do_not_fit_have_a_place()
    {
        Diagnostic fault = Assert.Single(SiteTables.FaultsOf("[tmpfs]\nmax_size = 1024\ndefault_size = 2048\n", "[tmpfs]\nmax_size = 1000\n"));
        Assert.Equal(("1:2", "max_size = 1000"), (fault.Location.ToString(), fault.SourceLine));
    }
}
