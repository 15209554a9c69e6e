using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>The completions are written by hand; these tests hold them to the table of verbs, so that no option is forgotten or left over.</summary>
public sealed class CompletionTests
{
    private const string Bash = "packaging/completions/bash/nshelper";
    private const string Zsh = "packaging/completions/zsh/_nshelper";
    private const string Fish = "packaging/completions/fish/nshelper.fish";

    public static TheoryData<string> Names => [.. NamesOf(VerbTable.All)];

    [Fact]
    public void Bash_offers_every_verb_and_the_general_options() =>
        Assert.Equal(Sorted([.. NamesOf(VerbTable.All), "--version", "--help", "-h"]), Sorted(CompleteInBash("")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Bash_offers_exactly_the_options_of_the_verb(string name) =>
        Assert.Equal(Sorted(OptionsOf(name)), Sorted(CompleteInBash(name, "-")));

    [Theory]
    [InlineData("private-tmp shared-workspace", "run", "")]
    [InlineData("private-tmp", "run", "--env", "A", "=", "b", "--dry-run", "p")]
    [InlineData("private-tmp", "run", "--env", "=", "A", "=", "b", "p")]
    [InlineData("", "run", "--env", "A", "=", "")]
    [InlineData("always auto never", "run", "--color", "")]
    [InlineData("always auto never", "run", "--color", "=")]
    [InlineData("always auto", "explain", "--color", "=", "a")]
    [InlineData("--", "run", "private-tmp", "")]
    [InlineData("", "run", "private-tmp", "extra", "")]
    [InlineData("--", "allowed", "-U", "root", "private-tmp", "")]
    [InlineData("--", "explain", "--as-user", "root", "private-tmp", "")]
    [InlineData("private-tmp shared-workspace", "show", "--origin", "")]
    [InlineData("", "show", "private-tmp", "")]
    [InlineData("explain", "help", "e")]
    [InlineData("", "profiles", "")]
    [InlineData("", "no-verb", "-")]
    public void Bash_knows_what_may_follow(string expected, params string[] words) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Sorted(CompleteInBash(words)));

    [Fact]
    public void Bash_completes_the_command_behind_the_dashes_as_a_command()
    {
        Assert.Contains("mkdir", CompleteInBash("run", "private-tmp", "--", "mkdi"));
        Assert.Contains("/etc/passwd", CompleteInBash("run", "private-tmp", "--", "cat", "/etc/passw"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fish_offers_exactly_the_options_of_the_verb(string name)
    {
        IEnumerable<string> found = Regex
            .Matches(Repository.Read(Fish), "^complete -c nshelper -n '__nshelper_before_operand (?<verbs>[^']+)'(?<rest>.*)$", RegexOptions.Multiline)
            .Where(line => line.Groups["verbs"].Value.Split(' ').Contains(name))
            .SelectMany(line => Regex.Matches(line.Groups["rest"].Value, "(?<= -)(l [a-z-]+|s [a-zA-Z])(?= |$)"))
            .Select(option => (option.Value[0] == 'l' ? "--" : "-") + option.Value[2..]);
        Assert.Equal(Sorted(OptionsOf(name)), Sorted(found));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fish_offers_the_verb(string name) =>
        Assert.Contains($"complete -c nshelper -n __fish_use_subcommand -a {name} -d ", Repository.Read(Fish), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void Zsh_offers_the_verb_and_exactly_its_options(string name)
    {
        string text = Repository.Read(Zsh);
        Assert.Contains($"    '{name}:", text, StringComparison.Ordinal);
        string line = Assert.Single(
            Regex.Matches(text, @"^    \((?<verbs>[a-z|]+)\) (?<arguments>_arguments .*) ;;$", RegexOptions.Multiline),
            match => match.Groups["verbs"].Value.Split('|').Contains(name)).Groups["arguments"].Value;
        Assert.Equal(Sorted(OptionsOf(name)), Sorted(ZshOptions(Expand(line, text))));
    }

    private static string Expand(string line, string text)
    {
        foreach (string array in (string[])["session", "surroundings", "status_fd", "parameter", "common", "quiet", "verbose", "help"])
        {
            Match definition = Regex.Match(text, $@"^  local -a {array}=\((?<body>.*?)\)$", RegexOptions.Multiline | RegexOptions.Singleline);
            Assert.True(definition.Success, array);
            line = Regex.Replace(line, $@"\${array}\b", _ => definition.Groups["body"].Value);
        }

        return line;
    }

    // 'SPEC', '(excluded)SPEC', '*SPEC' and {SPEC,SPEC}
    private static IEnumerable<string> ZshOptions(string arguments) =>
        Regex.Matches(arguments, @"(?:'(?:\([^)]*\))?\*?|\{|,)(?<option>--?[a-zA-Z][a-z-]*)").Select(match => match.Groups["option"].Value);

    private static ImmutableArray<string> CompleteInBash(params string[] words)
    {
        const string script =
            """
            . "$1"; shift
            nshelper() { printf '%s\n' private-tmp shared-workspace; }
            compopt() { :; }
            COMP_WORDS=(nshelper "$@"); COMP_CWORD=$#
            _nshelper
            ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-c", script, "bash", Repository.PathOf(Bash), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
        string output = process.StandardOutput.ReadToEnd();
        Assert.Equal("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static IEnumerable<string> NamesOf(IEnumerable<VerbEntry> verbs) =>
        verbs.SelectMany(verb => verb.Alias is null ? (string[])[verb.Name] : [verb.Name, verb.Alias]);

    private static IEnumerable<string> OptionsOf(string name) =>
        (VerbTable.Find(name) ?? throw new InvalidOperationException(name)).Options.Select(option => option.Spelling);

    private static string[] Sorted(IEnumerable<string> words) => [.. words.Order(StringComparer.Ordinal)];
}
