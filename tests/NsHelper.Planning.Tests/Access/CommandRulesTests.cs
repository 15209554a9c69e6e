using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Access;

public sealed class CommandRulesTests
{
    private const string Listed = """
        schema = 1
        [allow]
        users = ["alice"]
        [[command]]
        path = "/usr/bin/make"
        [[command]]
        path = "/opt/tools/make"
        [[command]]
        path = "/srv/run"
        default = true
        [environment]
        path = ["/opt/tools", "/usr/bin", "/"]
        """;

    private const string Any = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n[environment]\npath = [\"/bin\", \"/usr/bin\", \"/\"]\n";

    [Fact]
    public void Without_a_command_the_default_runs() => Expect(Listed, [], ["/srv/run"], ["/srv/run"]);

    [Fact]
    public void Without_a_command_and_a_default_nothing_runs() => Refused(Any, [], "no command is given and the profile has no default");

    [Fact]
    public void A_listed_path_runs_with_its_arguments() => Expect(Listed, ["/usr/bin/make", "-C", "", "/x"], ["/usr/bin/make"], ["/usr/bin/make", "-C", "", "/x"]);

    [Fact]
    public void A_bare_name_means_the_listed_paths_it_leads_to_in_the_order_of_PATH() => Expect(Listed, ["make"], ["/opt/tools/make", "/usr/bin/make"], ["make"]);

    [Theory]
    [InlineData("/usr/bin/mak")]
    [InlineData("/usr/bin/make2")]
    [InlineData("/usr/bin/Make")]
    [InlineData("/usr//bin/make")]
    [InlineData("/usr/bin/./make")]
    [InlineData("/usr/bin/../bin/make")]
    [InlineData("/usr/bin/make/")]
    [InlineData("//usr/bin/make")]
    [InlineData("usr/bin/make")]
    [InlineData("./make")]
    [InlineData("bin/make")]
    [InlineData("sh")]
    [InlineData("run")]
    [InlineData("..")]
    [InlineData("/")]
    public void Nothing_but_a_listed_path_runs(string word) => Refused(Listed, [word], $"command \"{word}\" is not listed in the profile");

    [Fact]
    public void Any_path_is_taken_as_it_is() => Expect(Any, ["./a b/../c"], ["./a b/../c"], ["./a b/../c"]);

    [Fact]
    public void Any_bare_name_is_looked_for_in_the_profiles_PATH() => Expect(Any, ["ls", "-l"], ["/bin/ls", "/usr/bin/ls", "/ls"], ["ls", "-l"]);

    [Fact]
    public void An_empty_word_is_no_command() => Refused(Any, [""], "the command is an empty word");

    [Fact]
    public void Bytes_that_are_not_text_pass_unchanged()
    {
        ByteString word = new([0x2f, 0xff, 0xfe]);
        ByteString argument = new([0xff, 0x0a, 0x80]);
        Grant grant = Assert.IsType<Decision.Allowed>(Decide(Any, [word, argument])).Grant;
        Assert.Equal([word], grant.Command.Candidates.AsEnumerable());
        Assert.Equal([word, argument], grant.Command.Arguments.AsEnumerable());
    }

    [Theory]
    [InlineData(CommandRules.MaxArguments, true)]
    [InlineData(CommandRules.MaxArguments + 1, false)]
    public void The_number_of_arguments_is_bounded(int count, bool allowed)
    {
        Decision decision = Decide(Any, [.. Enumerable.Repeat(ByteString.FromText("/x"), count)]);
        Assert.Equal(allowed, decision is Decision.Allowed);
        if (decision is Decision.Denied denied)
        {
            Assert.Equal("the command has more than 65536 arguments", denied.Reason);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void The_bytes_of_the_arguments_are_bounded(int beyond, bool allowed)
    {
        ByteString large = new(new string('x', CommandRules.MaxBytes - 4 + beyond).Select(c => (byte)c).ToArray());
        Assert.Equal(allowed, Decide(Any, [ByteString.FromText("/x"), large]) is Decision.Allowed);
    }

    [Fact]
    public void A_nul_byte_would_cut_the_argument_and_is_refused() => Refused(Any, ["/bin/a\0b"], "an argument has a NUL byte");

    /// <summary>The refusal of a caller comes first: who may not use the profile does not learn what it lists.</summary>
    [Fact]
    public void A_user_who_is_not_allowed_learns_nothing_about_commands()
    {
        Decision decision = AccessRules.Decide(Reading.Valid(Listed), People.Alice with { Name = "eve", UserId = new(4000) }, People.Database, "run", [ByteString.FromText("x")]);
        Assert.Equal("no rule of the profile allows this user", Assert.IsType<Decision.Denied>(decision).Reason);
    }

    private static void Expect(string profile, string[] command, string[] candidates, string[] arguments)
    {
        Grant grant = Assert.IsType<Decision.Allowed>(Decide(profile, [.. command.Select(ByteString.FromText)])).Grant;
        Assert.Equal(candidates, grant.Command.Candidates.Select(path => path.ToStrictText()));
        Assert.Equal(arguments, grant.Command.Arguments.Select(argument => argument.ToStrictText()));
    }

    private static void Refused(string profile, string[] command, string reason) =>
        Assert.Equal(reason, Assert.IsType<Decision.Denied>(Decide(profile, [.. command.Select(ByteString.FromText)])).Reason);

    private static Decision Decide(string profile, ImmutableArray<ByteString> command)
    {
        Profile parsed = Reading.Valid(profile);
        return AccessRules.Decide(parsed, People.Alice, People.Database, "run", command);
    }
}
