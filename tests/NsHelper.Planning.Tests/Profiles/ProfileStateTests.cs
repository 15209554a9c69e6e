using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

public sealed class ProfileStateTests
{
    [Theory]
    [InlineData("usable", "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n")]
    [InlineData("usable", "schema = 1\n[allow]\ngroups = [\"alice\"]\ncommands = \"any\"\n")]
    [InlineData("allows nobody", "schema = 1\n[allow]\ndeny_users = [\"alice\"]\ncommands = \"any\"\n")]
    [InlineData("disabled", "schema = 1\nenabled = false\n[allow]\ncommands = \"any\"\n")]
    [InlineData("abstract", "schema = 1\nabstract = true\n")]
    [InlineData("unavailable", "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n[session]\nscope = \"user\"\n")]
    [InlineData("invalid", "schema = 1\nalow = 1\n")]
    public void A_profile_has_one_state(string state, string text) =>
        Assert.Equal(state, ProfileState.Of(ProfileName.Parse("test"), Reading.Of(text)).State);

    [Fact]
    public void A_hidden_profile_is_masked() => Assert.Equal("masked", ProfileState.Of(ProfileName.Parse("test"), null).State);

    [Fact]
    public void The_list_is_a_table_with_the_line_that_is_wrong() => Assert.Equal(
        """
        profile   state    description
        a         masked
        b         invalid  unknown key "alow"
          test.toml:2
        c-longer  usable   two\x0alines

        """,
        ProfileState.Text(
            [
                ProfileState.Of(ProfileName.Parse("a"), null),
                ProfileState.Of(ProfileName.Parse("b"), Reading.Of("schema = 1\nalow = 1\nallow.commands = \"any\"\n")),
                new ProfileState(ProfileName.Parse("c-longer"), "usable", "two\nlines", null, null),
            ],
            OutputStyle.Plain));
}
