using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>Which command a profile lets its users run. Words are compared byte for byte and handed on byte for byte.</summary>
internal static class CommandRules
{
    public const int MaxArguments = 64 * 1024;
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Alternatives in a refusal.</summary>
    private const int MaxShown = 16;

    /// <summary>The command that may run; null after a refusal, which is then in <paramref name="refusal"/>.</summary>
    public static RequestedCommand? Choose(Profile profile, ImmutableArray<ByteString> command, ParameterValues parameters, out Decision.Denied? refusal)
    {
        refusal = null;
        if (command.IsEmpty)
        {
            return Default(profile, parameters, out refusal);
        }

        if (FaultOf(command) is string fault)
        {
            refusal = new Decision.Denied(fault, null) { IsAboutCommand = true };
            return null;
        }

        ImmutableArray<CommandCandidate> candidates = Candidates(profile, command, parameters);
        if (candidates.IsEmpty)
        {
            refusal = new Decision.Denied(RefusalOf(profile, command[0]), profile.Allow.Location) { IsAboutCommand = true };
            return null;
        }

        return new RequestedCommand(candidates, command);
    }

    private static RequestedCommand? Default(Profile profile, ParameterValues parameters, out Decision.Denied? refusal)
    {
        refusal = null;
        foreach (CommandRule rule in profile.Commands)
        {
            if (rule.IsDefault)
            {
                ByteString path = ByteString.FromText(rule.Path.Text);
                return new RequestedCommand([CandidateAt(path, rule, path)], [path, .. rule.Arguments?.Expand(parameters) ?? []]);
            }
        }

        refusal = new Decision.Denied("no command is given and the profile has no default", profile.Location) { IsAboutCommand = true };
        return null;
    }

    private static string? FaultOf(ImmutableArray<ByteString> command)
    {
        if (command.Length > MaxArguments)
        {
            return $"the command has more than {MaxArguments} arguments";
        }

        if (command[0].Length == 0)
        {
            return "the command is an empty word";
        }

        long bytes = 0;
        foreach (ByteString word in command)
        {
            bytes += word.Length + 1;
            if (word.Span.Contains((byte)0))
            {
                return "an argument has a NUL byte";
            }
        }

        return bytes > MaxBytes ? $"the arguments are longer than {MaxBytes} bytes in total" : null;
    }

    private static ImmutableArray<CommandCandidate> Candidates(Profile profile, ImmutableArray<ByteString> command, ParameterValues parameters)
    {
        var candidates = ImmutableArray.CreateBuilder<CommandCandidate>();
        foreach (ByteString path in Places(profile, command[0]))
        {
            CommandRule? rule = RuleFor(profile, path, command, parameters);
            if (rule is not null || profile.Allow.Commands == AllowedCommands.Any)
            {
                candidates.Add(CandidateAt(path, rule, command[0]));
            }
        }

        return candidates.ToImmutable();
    }

    private static CommandCandidate CandidateAt(ByteString path, CommandRule? rule, ByteString word) =>
        new(path, rule?.ArgumentZero is string argumentZero ? ByteString.FromText(argumentZero) : word) { Rule = rule?.Location };

    /// <summary>Where a word may lead: itself when it has a slash, else the directories of the profile's PATH.</summary>
    private static ImmutableArray<ByteString> Places(Profile profile, ByteString word)
    {
        if (word.Span.Contains((byte)'/'))
        {
            return [word];
        }

        ImmutableArray<ByteString>.Builder places = ImmutableArray.CreateBuilder<ByteString>(profile.Environment.Path.Length);
        foreach (AbsolutePath directory in profile.Environment.Path)
        {
            places.Add(Join(directory, word));
        }

        return places.MoveToImmutable();
    }

    private static ByteString Join(AbsolutePath directory, ByteString word) =>
        new([.. Encoding.UTF8.GetBytes(directory.IsRoot ? "" : directory.Text), (byte)'/', .. word.Span]);

    /// <summary>The first that has this path and takes these arguments.</summary>
    private static CommandRule? RuleFor(Profile profile, ByteString path, ImmutableArray<ByteString> command, ParameterValues parameters)
    {
        foreach (CommandRule rule in profile.Commands)
        {
            if (IsAt(rule, path) && (rule.Arguments is null || rule.Arguments.Matches(command.AsSpan()[1..], parameters)))
            {
                return rule;
            }
        }

        return null;
    }

    private static bool IsAt(CommandRule rule, ByteString path) => path.Span.SequenceEqual(Encoding.UTF8.GetBytes(rule.Path.Text));

    /// <summary>Of a command that is listed, what it takes: the user is one whom the administrator wrote it for.</summary>
    private static string RefusalOf(Profile profile, ByteString word)
    {
        var accepted = new StringBuilder();
        int count = 0;
        foreach (ByteString path in Places(profile, word))
        {
            foreach (CommandRule rule in profile.Commands)
            {
                if (IsAt(rule, path) && ++count <= MaxShown)
                {
                    accepted.Append(count > 1 ? "; " : "").Append(Escaped.Shown(rule.Path.Text)).Append(rule.Arguments?.Shown());
                }
            }
        }

        string shown = Invocations.Ascii.Quoted(word);
        return count == 0
            ? $"command {shown} is not listed in the profile"
            : $"command {shown} is not listed with these arguments; accepted: {accepted}{(count > MaxShown ? "; ..." : "")}";
    }
}
