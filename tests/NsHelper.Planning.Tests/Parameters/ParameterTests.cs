using CsCheck;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Tests.Sessions;

namespace NsHelper.Planning.Tests.Parameters;

/// <summary>Why: what a user may choose about a session must stay within what the administrator wrote (cfg-prefix-match).</summary>
public sealed class ParameterTests
{
    [Theory]
    [InlineData("type = 'string'", "any text \u00e9 {x} %u -", true)]
    [InlineData("type = 'string'", "", true)]
    [InlineData("type = 'string'", "a\nb", false)]
    [InlineData("type = 'string'", "a\tb", false)]
    [InlineData("type = 'string'", "a\u0085b", false)]
    [InlineData("type = 'string'\npattern = '[a-z]+'", "abc", true)]
    [InlineData("type = 'string'\npattern = '[a-z]+'", "ab1", false)]
    [InlineData("type = 'string'\npattern = '[a-z]+'", "", false)]
    [InlineData("type = 'int'", "0", true)]
    [InlineData("type = 'int'", "999999999999999999", true)]
    [InlineData("type = 'int'", "9999999999999999999", false)]
    [InlineData("type = 'int'", "-1", false)]
    [InlineData("type = 'int'", "+1", false)]
    [InlineData("type = 'int'", "01", false)]
    [InlineData("type = 'int'", "0x1", false)]
    [InlineData("type = 'int'", " 1", false)]
    [InlineData("type = 'int'", "\u0661", false)]
    [InlineData("type = 'int'", "", false)]
    [InlineData("type = 'enum'\nvalues = ['a', 'b c']", "b c", true)]
    [InlineData("type = 'enum'\nvalues = ['a', 'b c']", "A", false)]
    [InlineData("type = 'enum'\nvalues = ['a', 'b c']", "a, b c", false)]
    [InlineData("type = 'enum'\nvalues = ['a', 'b c']", "", false)]
    public void A_value_is_what_its_type_says(string lines, string value, bool accepted) => Assert.Equal(accepted, Of(lines).Accepts(value));

    [Fact]
    public void A_value_is_bounded()
    {
        Assert.True(Of("type = 'string'").Accepts(new string('a', Parameter.MaxValueBytes)));
        Assert.False(Of("type = 'string'").Accepts(new string('a', Parameter.MaxValueBytes + 1)));
        Assert.False(Of("type = 'string'").Accepts(new string('\u00e9', (Parameter.MaxValueBytes / 2) + 1)));
    }

    /// <summary>CVE-2026-48785, CVE-2026-47215: fifty pairs of a base and a path.</summary>
    [Theory]
    [InlineData("/srv/a", true, "/srv/a", "/srv/a/b", "/srv/a/b/c", "/srv/a/.b", "/srv/a/..b", "/srv/a/b..", "/srv/a/...", "/srv/a/ ", "/srv/a/a", "/srv/a/\u00e9", "/srv/a/~", "/srv/a/*")]
    [InlineData("/srv/a", false, "/srv/ab", "/srv/a2", "/srv/a.", "/srv/a-b", "/srv/a b", "/srv/a\u0301", "/srv/a%", "/srv/a*", "/srv/A", "/SRV/a", "/srv/", "/srv", "/", "")]
    [InlineData("/srv/a", false, "/srv/a/", "/srv/a//b", "/srv//a", "//srv/a", "/srv/a/.", "/srv/a/..", "/srv/a/./b", "/srv/a/../a", "/srv/a/../ab", "/srv/./a", "srv/a", "./srv/a", "/srv/a\n", "/srv/a/b\n", " /srv/a", "/srv/b/../a", "~/a", "/srv/a\\b", "/proc/1/root/srv/a")]
    [InlineData("/", true, "/", "/srv", "/srv/a")]
    [InlineData("/", false, "srv", "//", "/srv/")]
    public void A_path_is_below_by_its_parts(string below, bool accepted, params string[] paths)
    {
        Parameter parameter = Of($"type = 'path_below'\nbase = '{below}'");
        Assert.All(paths, path => Assert.True(accepted == parameter.Accepts(path), $"{below} and {path}"));
    }

    /// <summary>Accepted if and only if the parts of the path begin with the parts of the base, whatever the texts look like.</summary>
    [Fact]
    public void Below_means_the_first_parts_are_the_same()
    {
        Gen<string> path = Gen.Int[0, 4].Array[0, 4].Select(parts => "/" + string.Join('/', parts.Select(part => Parts[part])));
        int below = 0;
        Gen.Select(path, path).Sample(
            (left, right) =>
            {
                string[] parts = right.Split('/', StringSplitOptions.RemoveEmptyEntries);
                bool expected = left.Split('/', StringSplitOptions.RemoveEmptyEntries).Take(parts.Length).SequenceEqual(parts);
                below += expected ? 1 : 0;
                Assert.Equal(expected, AbsolutePath.Parse(left).IsAtOrBelow(AbsolutePath.Parse(right)));
                Assert.Equal(expected, Of($"type = 'path_below'\nbase = '{right}'").Accepts(left));
            },
            iter: 2000, threads: 1);
        Assert.True(below > 100, $"only {below} were below: the test would prove little");
    }

    [Theory]
    [InlineData("", "\"type\" is missing in parameters.p", 4)]
    [InlineData("type = 'text'", "\"text\" is no value of parameters.p.type", 5)]
    [InlineData("type = 'int'\npattern = '1'", "a parameter of type int has no \"pattern\"", 6)]
    [InlineData("type = 'string'\nvalues = ['1']", "a parameter of type string has no \"values\"", 6)]
    [InlineData("type = 'enum'\nvalues = ['1']\nbase = '/a'", "a parameter of type enum has no \"base\"", 7)]
    [InlineData("type = 'enum'", "\"values\" is missing in parameters.p", 4)]
    [InlineData("type = 'enum'\nvalues = []", "parameters.p.values is empty", 6)]
    [InlineData("type = 'enum'\nvalues = ['a', 'a']", "parameters.p.values names \"a\" twice", 6)]
    [InlineData("type = 'path_below'", "\"base\" is missing in parameters.p", 4)]
    [InlineData("type = 'path_below'\nbase = 'a'", "parameters.p.base = \"a\" is not an absolute path", 6)]
    [InlineData("type = 'path_below'\nbase = '/a/%H'", "parameters.p.base takes no %H", 6, 12)]
    [InlineData("type = 'path_below'\nbase = '%h/%%%H'", "parameters.p.base takes no %H", 6, 14)]
    [InlineData("type = 'path_below'\nbase = 'x%h'", "parameters.p.base = \"x%h\" is not an absolute path", 6)]
    [InlineData("type = 'path_below'\nbase = '%z'", "unknown specifier %z", 6)]
    [InlineData("type = 'path_below'\nbase = '/a'\ndefault = '/ab'", "\"/ab\" is no value of parameters.p.default", 7)]
    [InlineData("type = 'enum'\nvalues = ['a']\ndefault = 'b'", "\"b\" is no value of parameters.p.default", 7)]
    [InlineData("type = 'string'\npattern = 'a'\ndefault = 'b'", "\"b\" is no value of parameters.p.default", 7)]
    [InlineData("type = 'string'\ndefault = 1", "the default of a parameter of type string is a string", 6)]
    [InlineData("type = 'string'\npattern = 'ab('", "parameters.p.pattern is no pattern: a ( without its )", 6, 14)]
    [InlineData("type = 'string'\nleast = 1", "unknown key \"least\" in parameters.p", 6)]
    public void A_mistake_is_said(string lines, string message, int line, int column = 0)
    {
        Diagnostic fault = Assert.Single(Reading.Faults($"{Reading.Minimal}[parameters.p]\n{lines}\n"));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((line, column > 0 ? column : fault.Location.Column), (fault.Location.Line, fault.Location.Column));
    }

    [Fact]
    public void A_name_has_its_form() =>
        Assert.Equal("\"P-1\" is no name of a parameter", Assert.Single(Reading.Faults($"{Reading.Minimal}[parameters.P-1]\ntype = 'int'\n")).Message);

    [Fact]
    public void The_default_of_a_number_may_be_one() => Assert.Equal("7", Of("type = 'int'\ndefault = 7").Default);

    [Theory]
    [InlineData("source = '{dri}'\ntarget = '/mnt'", "there is no parameter \"dri\"", "did you mean \"dir\"?")]
    [InlineData("source = '/a{dir}/b'\ntarget = '/mnt'", "parameter \"dir\" is a path and must stand at the end", null)]
    [InlineData("source = '/a/{dir}'\ntarget = '/mnt'", "mount.source = \"/a/{dir}\" is not an absolute path in normal form", null)]
    [InlineData("source = '{word}'\ntarget = '/mnt'", "mount.source = \"{word}\" is not an absolute path in normal form", null)]
    [InlineData("source = '/proc/{word}'\ntarget = '/mnt'", "mount.source = \"/proc/{word}\" lies in /proc", null)]
    [InlineData("source = '/a'\ntarget = '/proc/{word}'", "mount.target = \"/proc/{word}\" lies in a file system of the kernel", null)]
    [InlineData("source = '/a/{'\ntarget = '/mnt'", "a { that belongs to no parameter", "write {{ for a {")]
    [InlineData("source = '/a/{Word}'\ntarget = '/mnt'", "a { that belongs to no parameter", "write {{ for a {")]
    [InlineData("source = '/a/%z{word}'\ntarget = '/mnt'", "unknown specifier %z", null)]
    public void A_path_that_cannot_be_is_said(string lines, string message, string? hint)
    {
        Diagnostic first = Reading.Faults($"{Reading.Minimal}{Parameters}[[mount]]\n{lines}\n")[0];
        Assert.StartsWith(message, first.Message, StringComparison.Ordinal);
        Assert.StartsWith(hint ?? "", first.Hint ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source = '{dir}'\ntarget = '/mnt'", "/srv/a", "/mnt")]
    [InlineData("source = '/x{dir}'\ntarget = '/mnt'", "/x/srv/a", "/mnt")]
    [InlineData("source = '/s/{word}.d/{number}'\ntarget = '/mnt/{word}'", "/s/w%u{dir}.d/3", "/mnt/w%u{dir}")]
    [InlineData("source = '/s/{{word}}/%u'\ntarget = '/mnt{dir}'", "/s/{word}/alice", "/mnt/srv/a")]
    public void A_mount_has_the_value_and_nothing_in_it_is_looked_at_again(string lines, string source, string target)
    {
        SetupStep.BindMount bind = Assert.IsType<SetupStep.BindMount>(Assert.Single(Planned(lines).StepsButProc()));
        Assert.Equal((source, target), (bind.Source.Text, bind.Target.Text));
    }

    [Theory]
    [InlineData("source = '{dir}'\ntarget = '/mnt'", "/srv")]
    [InlineData("source = '/x/{word}{dir}'\ntarget = '/mnt'", "/x/w%u{dir}/srv")]
    [InlineData("source = '/s'\ntarget = '/mnt{dir}'", null)]
    public void A_source_of_the_users_choice_stays_within_its_base(string lines, string? within) =>
        Assert.Equal(within, Assert.IsType<SetupStep.BindMount>(Assert.Single(Planned(lines).StepsButProc())).Within?.Text);

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("../../etc")]
    public void A_value_never_adds_a_part_to_a_path(string value)
    {
        PlanningResult result = Plan("source = '/s/x{word}'\ntarget = '/mnt'", ("word", value));
        Assert.Contains("parameter word is a part of a path here", Assert.IsType<PlanningResult.Refused>(result).Message, StringComparison.Ordinal);
        Assert.IsType<PlanningResult.Refused>(Plan("source = '/s/x'\ntarget = '/mnt/{word}'", ("word", value)));
    }

    [Fact]
    public void An_empty_part_is_no_path() => Assert.IsType<PlanningResult.Refused>(Plan("source = '/s/{word}'\ntarget = '/mnt'", ("word", "")));

    [Theory]
    [InlineData("/proc/1/root", "lies in /proc")]
    public void The_expanded_path_keeps_the_rules_of_places(string value, string message) => Assert.Contains(
        message, Assert.IsType<PlanningResult.Refused>(Plan("source = '{all}'\ntarget = '/mnt'", ("all", value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("/sys/fs")]
    [InlineData("/etc")]
    [InlineData("/usr/lib/x")]
    [InlineData("/")]
    public void The_expanded_target_keeps_the_rules_of_places(string value) =>
        Assert.IsType<PlanningResult.Refused>(Plan("source = '/s'\ntarget = '{all}'", ("all", value)));

    [Fact]
    public void A_variable_that_the_user_has_a_part_in_is_judged_like_one_of_the_users()
    {
        const string Mount = "source = '/s'\ntarget = '/mnt'\n[environment.set]\nA = '{word}'\nTZ = 'x{number}{dir}'";
        Assert.Contains("TZ", Assert.IsType<PlanningResult.Refused>(Plan(Mount)).Message, StringComparison.Ordinal);
        Assert.Equal("variable A would have a value that is not accepted", Assert.IsType<PlanningResult.Refused>(Plan(Mount, ("word", "() { :; }"))).Message);
    }

    [Fact]
    public void A_variable_has_the_value()
    {
        SessionPlan plan = Planned("source = '/s'\ntarget = '/mnt'\n[environment.set]\nA = '{{{word}}} %u {number}'");
        Assert.Contains("A={w%u{dir}} alice 3", plan.Launch.Environment.Select(entry => entry.ToString()));
    }

    /// <summary>Elsewhere a brace is a brace.</summary>
    [Fact]
    public void Other_texts_have_braces()
    {
        Profile profile = Reading.Valid($"description = '{{x}}'\n{Reading.Minimal}root.working_directory = '/a/{{x}}'\n".Replace("[allow]\ncommands = \"any\"\n", "allow.commands = 'any'\n", StringComparison.Ordinal)
            + "[[share]]\nname = 's'\nscope = 'user'\ntarget = '/mnt/{x}'\n");
        Assert.Equal(("{x}", "/a/{x}", "/mnt/{x}"), (profile.Description, profile.Root.WorkingDirectory, profile.Shares[0].Target));
    }

    [Theory]
    [InlineData("the profile has no parameter \"dirr\"; it has dir, word, number, all", "dirr=x")]
    [InlineData("the profile has no parameter \"\\x1b\"; it has dir, word, number, all", "\u001b=x")]
    [InlineData("parameter word is set twice", "word=a", "word=a")]
    [InlineData("\"x\" is no value of parameter number; accepted: a number in plain decimal digits, at most 18", "number=x")]
    [InlineData("\"/srvx\" is no value of parameter dir; accepted: /srv or an absolute path below it, without //, . or ..", "dir=/srvx")]
    public void A_setting_that_is_not_accepted_says_what_is(string reason, params string[] settings)
    {
        Profile profile = Reading.Valid(Text("source = '/s'\ntarget = '/mnt'"));
        Decision decision = Decide(profile, [.. settings.Select(setting => (setting.Split('=')[0], setting.Split('=')[1]))]);
        var denied = Assert.IsType<Decision.Denied>(decision);
        Assert.Equal((reason, true), (denied.Reason, denied.IsAboutCommand));
    }

    [Fact]
    public void Without_a_default_it_must_be_set()
    {
        Profile profile = Reading.Valid($"schema = 1\nallow.users = ['alice']\nallow.commands = 'any'\n[parameters.p]\ntype = 'enum'\nvalues = ['a', 'b']\n");
        Assert.Equal("parameter p must be set: --set p=VALUE; accepted: a, b", Assert.IsType<Decision.Denied>(Decide(profile)).Reason);
        Assert.Equal("b", Assert.IsType<Decision.Allowed>(Decide(profile, ("p", "b"))).Grant.Parameters.Of("p"));
    }

    /// <summary>A base is the caller's own: the home of another user is not below it.</summary>
    [Theory]
    [InlineData("%h", "/home/alice", "/home")]
    [InlineData("%h/src", "/home/alice/src/web", "/home/alice")]
    [InlineData("%h", "/home/alice/a", "/home/bob")]
    [InlineData("%h", "/home/alice/a", "/home/alice2")]
    [InlineData("%h", "/home/alice/a", "%h/a")]
    [InlineData("/srv/%u/%U/%g/%G/%n/%%H", "/srv/alice/1000/users/100/test/%H/x", "/srv/bob")]
    public void A_base_is_below_what_is_the_callers(string below, string accepted, string refused)
    {
        Profile profile = Below(below);
        SessionPlan plan = Assert.IsType<PlanningResult.Valid>(Plans.Of(Assert.IsType<Decision.Allowed>(Decide(profile, ("p", accepted))).Grant)).Plan;
        SetupStep.BindMount bind = Assert.IsType<SetupStep.BindMount>(Assert.Single(plan.StepsButProc()));
        Assert.Equal(accepted, bind.Source.Text);
        Assert.True(bind.Source.IsAtOrBelow(Assert.NotNull(bind.Within)));
        var denied = Assert.IsType<Decision.Denied>(Decide(profile, ("p", refused)));
        Assert.Equal($"\"{refused}\" is no value of parameter p; accepted: {bind.Within} or an absolute path below it, without //, . or ..", denied.Reason);
    }

    /// <summary>An account without a home has "/" there, and everything is below that.</summary>
    [Fact]
    public void Without_a_home_nothing_is_below_it()
    {
        Profile profile = Below("%h");
        Assert.Equal("parameter p needs a home directory, and this account has none", Assert.IsType<Decision.Denied>(DecideFor(People.Alice with { Home = AbsolutePath.Root }, profile, ("p", "/etc"))).Reason);
        Assert.IsType<Decision.Denied>(DecideFor(People.Alice with { Name = ".." }, Below("/srv/%u"), ("p", "/srv/a")));
    }

    /// <summary>Only a caller shows whether it is one.</summary>
    [Fact]
    public void A_default_that_is_not_below_the_callers_base_is_none()
    {
        Profile profile = Below("%h", "default = '/home/bob/a'\n");
        Assert.StartsWith("parameter p must be set", Assert.IsType<Decision.Denied>(Decide(profile)).Reason, StringComparison.Ordinal);
        Assert.Equal("/home/bob/a", Assert.IsType<Decision.Allowed>(DecideFor(People.Alice with { Home = AbsolutePath.Parse("/home/bob") }, profile)).Grant.Parameters.Of("p"));
    }

    /// <summary>Who may not use the profile does not learn what it asks for.</summary>
    [Fact]
    public void Others_learn_nothing()
    {
        Profile profile = Reading.Valid(Text("source = '/s'\ntarget = '/mnt'"));
        Decision decision = AccessRules.Decide(profile, People.Alice with { Name = "eve", UserId = new(4000) }, People.Database, "run", [ByteString.FromText("/x")], [(ByteString.FromText("x"), ByteString.FromText("y"))]);
        Assert.False(Assert.IsType<Decision.Denied>(decision).IsAboutCommand);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_no_value()
    {
        Profile profile = Reading.Valid(Text("source = '/s'\ntarget = '/mnt'"));
        Decision decision = AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/x")], [(ByteString.FromText("word"), new ByteString([0xff]))]);
        Assert.StartsWith("\"\\xff\" is no value of parameter word", Assert.IsType<Decision.Denied>(decision).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_shows_what_was_chosen()
    {
        SessionPlan plan = Planned("source = '{dir}'\ntarget = '/mnt'");
        string text = PlanText.Of(plan, Planning.Output.OutputStyle.Plain);
        Assert.Contains("  dir           /srv/a", text, StringComparison.Ordinal);
        Assert.Contains("by no link out of /srv", text, StringComparison.Ordinal);
        string json = PlanJson.Of(plan);
        Assert.Contains("\"dir\": \"/srv/a\"", json, StringComparison.Ordinal);
        Assert.Contains("\"within\": \"/srv\"", json, StringComparison.Ordinal);
    }

    private static readonly string[] Parts = ["a", "ab", "b", "a.", "A"];

    private const string Parameters = """
        [parameters.dir]
        type = "path_below"
        base = "/srv"
        default = "/srv/a"
        [parameters.word]
        type = "string"
        default = "w%u{dir}"
        [parameters.number]
        type = "int"
        default = 3
        [parameters.all]
        type = "path_below"
        base = "/"
        default = "/"

        """;

    private static string Text(string mount) => $"schema = 1\nallow.users = ['alice']\nallow.commands = 'any'\n{Parameters}[[mount]]\n{mount}\n";

    private static Parameter Of(string lines) => Assert.Single(Reading.Valid($"{Reading.Minimal}[parameters.p]\n{lines}\n").Parameters);

    private static SessionPlan Planned(string mount) => Assert.IsType<PlanningResult.Valid>(Plan(mount)).Plan;

    private static PlanningResult Plan(string mount, params (string Name, string Value)[] settings) =>
        Plans.Of(Assert.IsType<Decision.Allowed>(Decide(Reading.Valid(Text(mount)), settings)).Grant);

    private static Profile Below(string below, string lines = "") => Reading.Valid(
        $"schema = 1\nallow.users = ['alice']\nallow.commands = 'any'\n[parameters.p]\ntype = 'path_below'\nbase = '{below}'\n{lines}[[mount]]\nsource = '{{p}}'\ntarget = '/mnt'\n");

    private static Decision Decide(Profile profile, params (string Name, string Value)[] settings) => DecideFor(People.Alice, profile, settings);

    private static Decision DecideFor(Caller caller, Profile profile, params (string Name, string Value)[] settings) => AccessRules.Decide(
        profile, caller, People.Database, "run", [ByteString.FromText("/bin/true")], [.. settings.Select(setting => (ByteString.FromText(setting.Name), ByteString.FromText(setting.Value)))]);
}
