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
        Assert.Equal([new CommandCandidate(word, word)], grant.Command.Candidates.AsEnumerable());
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

    [Theory]
    [InlineData("", "")]
    [InlineData("", "|x", false)]
    [InlineData("'a'", "|a")]
    [InlineData("'a'", "", false)]
    [InlineData("'a'", "|a|b", false)]
    [InlineData("'a'", "|A", false)]
    [InlineData("'a', 'b'", "|b|a", false)]
    [InlineData("'a', 'b'", "|a b", false)]
    [InlineData("'a', '...'", "|a")]
    [InlineData("'a', '...'", "|a||...|b")]
    [InlineData("'a', '...'", "|b", false)]
    [InlineData("'...'", "")]
    [InlineData("'*'", "|")]
    [InlineData("'*'", "||", false)]
    [InlineData("'*'", "|a|b", false)]
    [InlineData("'?'", "", false)]
    [InlineData("'?'", "|a")]
    [InlineData("'??'", "|é")]
    [InlineData("'--f=*'", "|--f=")]
    [InlineData("'--f=*'", "|--f=/x/../y z")]
    [InlineData("'--f=*'", "|--g=", false)]
    [InlineData("'--f=*'", "|x--f=", false)]
    [InlineData("'*.c'", "|.c")]
    [InlineData("'*.c'", "|a.c.c")]
    [InlineData("'*.c'", "|a.c.d", false)]
    [InlineData("'a*b?c*'", "|axxbxbycz")]
    [InlineData("'a*b?c*'", "|axxbc", false)]
    [InlineData("'{{*}}'", "|{x}")]
    [InlineData("'{p}'", "|p*?")]
    [InlineData("'{p}'", "|pxx", false)]
    [InlineData("'{p}'", "|{p}", false)]
    [InlineData("'-{p}-*'", "|-p*?-x")]
    [InlineData("'-*{p}'", "|-abp*?")]
    [InlineData("'?'", "|", false)]
    public void Arguments_match_token_by_token(string tokens, string arguments, bool matches = true)
    {
        string profile = Templates($"args = [{tokens}]");
        ImmutableArray<ByteString> command = [ByteString.FromText("/bin/t"), .. arguments.Split('|').Skip(1).Select(ByteString.FromText)];
        Assert.Equal(matches, Decide(profile, command) is Decision.Allowed);
    }

    [Fact]
    public void A_token_of_an_argument_that_is_not_text_is_bytes()
    {
        string profile = Templates("args = ['a?*']");
        Assert.IsType<Decision.Allowed>(Decide(profile, [ByteString.FromText("/bin/t"), new ByteString([(byte)'a', 0xff, 0xfe])]));
    }

    /// <summary>Why: stars that are tried in every way would take as long as the user likes.</summary>
    [Fact]
    public void Many_stars_take_no_time()
    {
        string profile = Templates($"args = ['{string.Concat(Enumerable.Repeat("*a", 50))}b']");
        var argument = ByteString.FromText(new string('a', 100_000));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.IsType<Decision.Denied>(Decide(profile, [ByteString.FromText("/bin/t"), argument]));
        Assert.True(watch.ElapsedMilliseconds < 2000, watch.Elapsed.ToString());
    }

    [Fact]
    public void A_refusal_says_what_is_accepted()
    {
        string profile = Templates("args = ['a', '--f=*', '...']\n[[command]]\npath = '/bin/t'\nargs = []");
        Refused(profile, ["/bin/t", "b"], "command \"/bin/t\" is not listed with these arguments; accepted: /bin/t a --f=* ...; /bin/t");
        Refused(profile, ["t", "b"], "command \"t\" is not listed with these arguments; accepted: /bin/t a --f=* ...; /bin/t");
        Refused(profile, ["/bin/u"], "command \"/bin/u\" is not listed in the profile");
    }

    [Fact]
    public void A_default_runs_with_its_arguments() =>
        Expect(Templates("args = ['-{p}', '{{']\ndefault = true"), [], ["/bin/t"], ["/bin/t", "-p*?", "{"]);

    /// <summary>busybox is what argv[0] says; which of its names may be used is in the arguments.</summary>
    [Fact]
    public void Argument_zero_is_of_the_alternative_that_matched()
    {
        string profile = Templates("args = ['x']\nargv0 = 'first'\n[[command]]\npath = '/bin/t'\nargs = ['y']\nargv0 = 'second'\n[[command]]\npath = '/usr/bin/t'");
        Assert.Equal(["/bin/t second", "/usr/bin/t t"], Candidates("t", "y"));
        Assert.Equal(["/bin/t first", "/usr/bin/t t"], Candidates("t", "x"));
        Assert.Equal(["/usr/bin/t t"], Candidates("t", "z"));

        IEnumerable<string> Candidates(params string[] command) =>
            Assert.IsType<Decision.Allowed>(Decide(profile, [.. command.Select(ByteString.FromText)])).Grant.Command.Candidates.Select(candidate => $"{candidate.Path} {candidate.ArgumentZero}");
    }

    private static string Templates(string lines) =>
        $"schema = 1\n[allow]\nusers = ['alice']\n[environment]\npath = ['/bin', '/usr/bin']\n[parameters.p]\ntype = 'string'\ndefault = 'p*?'\n[[command]]\npath = '/bin/t'\n{lines}\n";

    private static void Expect(string profile, string[] command, string[] candidates, string[] arguments)
    {
        Grant grant = Assert.IsType<Decision.Allowed>(Decide(profile, [.. command.Select(ByteString.FromText)])).Grant;
        Assert.Equal(candidates, grant.Command.Candidates.Select(candidate => candidate.Path.ToStrictText()));
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
