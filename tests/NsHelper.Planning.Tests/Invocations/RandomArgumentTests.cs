using System.Collections.Immutable;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>
/// Why (arg-endopts, CVE-2020-17367): an option that is taken from behind the first operand comes from the command's words, which
/// others may have written.
/// </summary>
public sealed class RandomArgumentTests
{
    private const int Rounds = 10_000;

    private static readonly string[] Words =
    [
        "run", "build", "a", "--", "-", "-v", "-q", "--env", "A=1", "--env=B=2", "--set", "--set=k=v", "--set==", "--chdir", "/srv", "--chdir=/x", "--dry-run", "--json", "--color", "always", "--color=never",
        "--help", "-h", "", "--profile", "--env=", "x y", "@f", "--calls", "-x", "ls", "../a",
    ];

    [Fact]
    public void Nothing_behind_the_operand_is_an_option()
    {
        var random = new Random(7);
        int accepted = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => Words[random.Next(Words.Length)])];

            // Half of them shaped like a start, else few would be accepted.
            string[] arguments = random.Next(2) == 0 ? words : [.. words.Take(random.Next(3)), "build", "--", .. words];
            Expected expected = Reference(arguments);
            ParsedInvocation actual = Parsing.Of(["nshelper", "run", .. arguments]);
            Assert.True(expected.Equals(Observed(actual)), $"run {string.Join(' ', arguments.Select(word => $"'{word}'"))}: expected {expected}, got {Observed(actual)}");
            accepted += expected.Kind == "run" ? 1 : 0;
        }

        Assert.True(accepted > Rounds / 20, $"only {accepted} were accepted: the test would prove little");
    }

    [Fact]
    public void Random_bytes_are_answered()
    {
        var random = new Random(11);
        for (int round = 0; round < Rounds; round++)
        {
            ImmutableArray<ByteString> arguments = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => RandomWord(random))];
            if (InvocationParser.Parse(arguments) is ParsedInvocation.Usage usage)
            {
                Assert.DoesNotContain(usage.Message, c => c is < ' ' or > '~');
                Assert.Contains(usage.ExitStatus, (int[])[2, 125]);
            }
        }
    }

    private static ByteString RandomWord(Random random)
    {
        if (random.Next(2) == 0)
        {
            return ByteString.FromText(Words[random.Next(Words.Length)]);
        }

        var bytes = new byte[random.Next(0, 12)];
        random.NextBytes(bytes);
        return new ByteString(bytes);
    }

    /// <summary>The rule in its plainest form: walk options while there are any, then one profile, then "--", then the command.</summary>
    private static Expected Reference(string[] arguments)
    {
        string[] flags = ["--dry-run", "--json"];
        string[] valued = ["--set", "--env", "--chdir", "--color"];
        List<string> seen = [];
        List<string> variables = [];
        List<string> parameters = [];
        string? directory = null;

        // Values are judged when all options are read: a --help among them is answered all the same.
        bool isWrong = false;
        int i = 0;
        for (; i < arguments.Length && arguments[i].Length > 1 && arguments[i][0] == '-' && arguments[i] != "--"; i++)
        {
            string name = arguments[i].Split('=', 2)[0];
            if (arguments[i] is "--help" or "-h")
            {
                return new Expected("help");
            }

            string? value = null;
            if (valued.Contains(name))
            {
                value = arguments[i].Contains('=', StringComparison.Ordinal) ? arguments[i][(name.Length + 1)..] : ++i < arguments.Length ? arguments[i] : null;
            }

            bool isFlag = i < arguments.Length && flags.Contains(arguments[i]) && value is null;
            if ((value is null && !isFlag) || (name is not ("--env" or "--set") && seen.Contains(name)))
            {
                return new Expected("usage");
            }

            seen.Add(name);
            isWrong |= name switch
            {
                "--env" => value is not ("A=1" or "B=2") || variables.Contains(value),
                "--set" => value is not { Length: > 0 } || value.IndexOf('=', StringComparison.Ordinal) <= 0,
                "--chdir" => value is not { Length: > 0 },
                "--color" => value is not ("always" or "never" or "auto"),
                _ => false,
            };
            if (name == "--env")
            {
                variables.Add(value ?? "");
            }
            else if (name == "--set")
            {
                parameters.Add(value ?? "");
            }

            directory = name == "--chdir" ? value : directory;
        }

        bool hasProfile = i < arguments.Length && arguments[i] is "build" or "a" or "run" or "always" or "ls" or "x";
        string[] rest = hasProfile ? arguments[(i + 1)..] : [];
        bool conflict = seen.Contains("--json") && !seen.Contains("--dry-run");
        if (isWrong || !hasProfile || conflict || (rest.Length > 0 && (rest[0] != "--" || rest.Length == 1)))
        {
            return new Expected("usage");
        }

        return new Expected(
            seen.Contains("--dry-run") ? "explain" : "run",
            arguments[i],
            string.Join('|', rest.Skip(1)),
            string.Join('|', variables),
            string.Join('|', parameters),
            directory ?? "");
    }

    private static Expected Observed(ParsedInvocation parsed) => parsed switch
    {
        ParsedInvocation.Valid { Invocation: Invocation.Run run } => Of("run", run.Session),
        ParsedInvocation.Valid { Invocation: Invocation.Explain explain } => Of("explain", explain.Session),
        ParsedInvocation.Valid { Invocation: Invocation.Help } => new Expected("help"),
        _ => new Expected("usage"),
    };

    private static Expected Of(string kind, SessionArguments session) => new(
        kind,
        session.Profile.Text,
        string.Join('|', Parsing.Texts(session.Command)),
        string.Join('|', session.Variables.Select(variable => $"{variable.Name}={variable.Value}")),
        string.Join('|', session.Parameters.Select(parameter => $"{parameter.Name}={parameter.Value}")),
        session.ChangeDirectory?.ToStrictText() ?? "");

    private sealed record Expected(string Kind, string Profile = "", string Command = "", string Variables = "", string Parameters = "", string Directory = "");
}
