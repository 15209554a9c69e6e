using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Invocations;

public sealed class InvocationParserTests
{
    [Fact]
    public void Run_takes_a_profile_and_a_command()
    {
        var run = Parsing.Valid<Invocation.Run>("run", "--env", "A=1", "--env=B=x=y", "--chdir", "/srv", "build", "--", "make", "-j", "--env", "C=2", "--");
        Assert.Equal("build", run.Session.Profile.Text);
        Assert.Equal(["make", "-j", "--env", "C=2", "--"], Parsing.Texts(run.Session.Command));
        Assert.Equal([("A", "1"), ("B", "x=y")], run.Session.Variables.Select(variable => (variable.Name.ToString(), variable.Value.ToString())));
        Assert.Equal("/srv", run.Session.ChangeDirectory?.ToString());
        Assert.Equal(new OutputChoice(Verbosity.Normal, OutputForm.Text, ColorChoice.Auto), run.Output);
    }

    [Fact]
    public void Parameters_are_handed_on_in_their_order_and_unjudged()
    {
        var explain = Parsing.Valid<Invocation.Explain>("explain", "--set", "a=", "--set=B/c=x=y", "--set", "a=2", "build");
        Assert.Equal([("a", ""), ("B/c", "x=y"), ("a", "2")], explain.Session.Parameters.Select(parameter => (parameter.Name.ToString(), parameter.Value.ToString())));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("=a")]
    [InlineData("")]
    public void A_setting_has_a_key(string setting) =>
        Assert.Equal($"run: \"{setting}\" is not KEY=VALUE; see nshelper run --help", Assert.IsType<ParsedInvocation.Usage>(Parsing.Of(["nshelper", "run", "--set", setting, "build"])).Message);

    [Fact]
    public void Run_without_a_command_leaves_it_to_the_profile() => Assert.Empty(Parsing.Valid<Invocation.Run>("run", "build").Session.Command);

    [Theory]
    [InlineData("--dry-run")]
    public void A_dry_run_is_an_explain(string option) => Assert.Equal("build", Parsing.Valid<Invocation.Explain>("run", option, "--json", "build").Session.Profile.Text);

    [Fact]
    public void Explain_has_two_forms()
    {
        Assert.Equal(ExplainForm.Plan, Parsing.Valid<Invocation.Explain>("explain", "build").Form);
        Assert.Equal(ExplainForm.Calls, Parsing.Valid<Invocation.Explain>("explain", "--calls", "build", "--", "ls").Form);
    }

    [Fact]
    public void The_other_verbs_are_read()
    {
        Assert.Equal(["a.toml", "-b", "--c"], Parsing.Texts(Parsing.Valid<Invocation.Check>("check", "--color=never", "a.toml", "-b", "--c").Paths));
        Assert.Empty(Parsing.Valid<Invocation.Check>("check").Paths);
        Assert.Equal(Strictness.MistakesFail, Parsing.Valid<Invocation.Check>("check", "d").Strictness);
        Assert.Equal(Strictness.WarningsFail, Parsing.Valid<Invocation.Check>("check", "--strict", "d").Strictness);
        Assert.Equal(Verbosity.Quiet, Parsing.Valid<Invocation.Profiles>("list", "-q").Output.Verbosity);
        Assert.Equal(ProcessChoice.Caller, Parsing.Valid<Invocation.Namespaces>("ns").Process);
        Assert.Equal(new ProcessChoice(4242, null), Parsing.Valid<Invocation.Namespaces>("ns", "4242").Process);
        Assert.Equal(ProcessChoice.Host, Parsing.Valid<Invocation.Mounts>("mounts", "--json", "1").Process);
        Assert.Equal(new ProcessChoice(null, "build"), Parsing.Valid<Invocation.Namespaces>("ns", "build").Process);
        Assert.Equal(Verb.Run, Parsing.Valid<Invocation.Help>("help", "run").Topic?.Verb);
        Assert.Null(Parsing.Valid<Invocation.Help>("--help").Topic);
        Parsing.Valid<Invocation.Version>("--version");
        Assert.Equal(["ls", "-l"], Parsing.Texts(Parsing.Valid<Invocation.Allowed>("allowed", "build", "--", "ls", "-l").Session.Command));
        Assert.Equal(OriginForm.Comments, Parsing.Valid<Invocation.Show>("show", "--origin", "build").Origins);
        Assert.Equal(OriginForm.None, Parsing.Valid<Invocation.Show>("show", "build").Origins);
        Assert.Equal(ProfileScope.All, Parsing.Valid<Invocation.Profiles>("profiles", "--all").Scope);
        Assert.Equal(ProfileScope.Usable, Parsing.Valid<Invocation.Profiles>("profiles").Scope);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("explain")]
    [InlineData("allowed")]
    [InlineData("show")]
    [InlineData("check")]
    [InlineData("profiles")]
    [InlineData("ns")]
    [InlineData("mounts")]
    [InlineData("help")]
    public void Every_verb_has_its_help(string verb)
    {
        Assert.Equal(VerbTable.Find(verb)?.Verb, Parsing.Valid<Invocation.Help>(verb, "--help").Topic?.Verb);
        Assert.Equal(VerbTable.Find(verb)?.Verb, Parsing.Valid<Invocation.Help>(verb, "-h", "--nonsense").Topic?.Verb);
    }

    [Fact]
    public void Every_verb_and_option_of_the_table_is_parsed_and_shown_in_80_columns()
    {
        Assert.Equal(Enum.GetValues<Verb>().Order(), VerbTable.All.Select(verb => verb.Verb).Order());
        Assert.All(VerbTable.All, verb =>
        {
            Assert.Equal(verb.Verb, VerbTable.Find(verb.Name)?.Verb);
            string help = HelpText.Of(verb);
            Assert.All(verb.Options, option => Assert.Contains(option.Spelling, help, StringComparison.Ordinal));
            Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 80, line));
        });
        Assert.All(HelpText.General().Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData(125, "run: no PROFILE is given", "run")]
    [InlineData(125, "run: no PROFILE is given", "run", "--", "ls")]
    [InlineData(125, "run: no command follows \"--\"", "run", "build", "--")]
    [InlineData(125, "run: unexpected argument \"ls\"", "run", "build", "ls")]
    [InlineData(125, "run: unexpected argument \"-v\"", "run", "build", "-v")]
    [InlineData(125, "run: unknown option \"--chd\"", "run", "--chd", "/", "build")]
    [InlineData(125, "run: unknown option \"-vq\"", "run", "-vq", "build")]
    [InlineData(125, "run: unknown option \"-V\"", "run", "-V", "build")]
    [InlineData(125, "run: option --chdir is given twice", "run", "--chdir", "/a", "--chdir=/b", "build")]
    [InlineData(125, "run: option --chdir needs a directory", "run", "--chdir=", "build")]
    [InlineData(125, "run: option --chdir needs a value", "run", "--chdir")]
    [InlineData(125, "run: option --dry-run takes no value", "run", "--dry-run=yes", "build")]
    [InlineData(125, "run: option --json needs --dry-run", "run", "--json", "build")]
    [InlineData(125, "run: option --env sets A twice", "run", "--env", "A=1", "--env", "A=2", "build")]
    [InlineData(125, "run: \"1A=x\" is not NAME=VALUE", "run", "--env", "1A=x", "build")]
    [InlineData(125, "run: \"BASH_FUNC_x%%=() { :;}\" is not NAME=VALUE", "run", "--env", "BASH_FUNC_x%%=() { :;}", "build")]
    [InlineData(2, "profiles: options -q and -v exclude each other", "profiles", "-q", "-v")]
    [InlineData(125, "run: unknown option \"-q\"", "run", "-q", "build")]
    [InlineData(125, "run: \"sometimes\" is no value of --color", "run", "--color", "sometimes", "build")]
    [InlineData(2, "explain: options --calls and --json exclude each other", "explain", "--calls", "--json", "build")]
    [InlineData(2, "allowed: no PROFILE is given", "allowed")]
    [InlineData(2, "allowed: unknown option \"--env\"", "allowed", "--env", "A=1", "build")]
    [InlineData(2, "show: no PROFILE is given", "show")]
    [InlineData(2, "show: \"../x\" is not a profile name", "show", "../x")]
    [InlineData(2, "show: unexpected argument \"--origin\"", "show", "build", "--origin")]
    [InlineData(2, "show: unknown option \"--orig\"", "show", "--orig", "build")]
    [InlineData(125, "run: options --detach and --join-or-start exclude each other", "run", "--detach", "--join-or-start", "--name", "x", "build")]
    [InlineData(125, "run: options --detach and --json-status-fd exclude each other", "run", "--detach", "--json-status-fd", "3", "build")]
    [InlineData(2, "profiles: options --all and -v exclude each other", "profiles", "--all", "-v")]
    [InlineData(2, "check: a FILE or DIR is empty", "check", "")]
    [InlineData(2, "check: option --strict is given twice", "check", "--strict", "--strict")]
    [InlineData(2, "profiles: unknown option \"--strict\"", "profiles", "--strict")]
    [InlineData(2, "profiles: unexpected argument \"x\"", "profiles", "x")]
    [InlineData(2, "ns: unexpected argument \"2\"", "ns", "1", "2")]
    [InlineData(2, "help: unknown verb \"fly\"", "help", "fly")]
    [InlineData(2, "unknown verb \"runs\"", "runs")]
    [InlineData(2, "unknown verb \"ru\"", "ru")]
    [InlineData(2, "unknown verb \"RUN\"", "RUN")]
    [InlineData(2, "unknown option \"-v\" before the verb", "-v", "run", "build")]
    [InlineData(2, "unknown option \"--json\" before the verb", "--json")]
    [InlineData(2, "unexpected argument \"x\" after --version", "--version", "x")]
    public void A_mistake_is_said_in_one_line_and_names_the_help(int status, string message, params string[] arguments)
    {
        (string said, int exit) = Parsing.Refused(arguments);
        Assert.StartsWith(message, said, StringComparison.Ordinal);
        Assert.Equal(status, exit);
        Assert.EndsWith("--help", said, StringComparison.Ordinal);
    }

    /// <summary>Why (CVE-2021-4034): execve(2) can start a program with no argv at all.</summary>
    [Fact]
    public void An_empty_argument_vector_is_a_usage_error()
    {
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse([]));
        Assert.IsType<ParsedInvocation.Usage>(Parsing.Of(""));
        Assert.IsType<ParsedInvocation.Usage>(Parsing.Of("nshelper"));
        Assert.IsType<ParsedInvocation.Usage>(Parsing.Of("", "run", "build"));
    }

    /// <summary>Why: a library for command lines printed a root-only file when it was given as @file, and has directives in brackets.</summary>
    [Theory]
    [InlineData("@/etc/shadow")]
    [InlineData("[suggest]")]
    [InlineData("-?")]
    [InlineData("/?")]
    public void Response_files_and_directives_are_words_like_others(string word)
    {
        Assert.Equal(2, Parsing.Refused(word).Status);
        Assert.Equal(125, Parsing.Refused("run", word).Status);
        Assert.Equal([word], Parsing.Texts(Parsing.Valid<Invocation.Run>("run", "build", "--", word).Session.Command));
    }
}
