using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>Which command a profile lets its users run. Words are compared byte for byte and handed on byte for byte.</summary>
internal static class CommandRules
{
    public const int MaxArguments = 64 * 1024;
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>The command that may run; null after a refusal, which is then in <paramref name="refusal"/>.</summary>
    public static RequestedCommand? Choose(Profile profile, ImmutableArray<ByteString> command, out Decision.Denied? refusal)
    {
        refusal = null;
        if (command.IsEmpty)
        {
            return Default(profile, out refusal);
        }

        if (FaultOf(command) is string fault)
        {
            refusal = new Decision.Denied(fault, null) { IsAboutCommand = true };
            return null;
        }

        ImmutableArray<ByteString> candidates = Candidates(profile, command[0]);
        if (candidates.IsEmpty)
        {
            refusal = new Decision.Denied($"command {Invocations.Ascii.Quoted(command[0])} is not listed in the profile", profile.Allow.Location) { IsAboutCommand = true };
            return null;
        }

        return new RequestedCommand(candidates, command);
    }

    private static RequestedCommand? Default(Profile profile, out Decision.Denied? refusal)
    {
        refusal = null;
        foreach (CommandRule rule in profile.Commands)
        {
            if (rule.IsDefault)
            {
                ByteString path = ByteString.FromText(rule.Path.Text);
                return new RequestedCommand([path], [path]);
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

    private static ImmutableArray<ByteString> Candidates(Profile profile, ByteString word)
    {
        bool any = profile.Allow.Commands == AllowedCommands.Any;
        if (word.Span.Contains((byte)'/'))
        {
            return any || IsListed(profile, word) ? [word] : [];
        }

        ImmutableArray<ByteString>.Builder candidates = ImmutableArray.CreateBuilder<ByteString>(profile.Environment.Path.Length);
        foreach (AbsolutePath directory in profile.Environment.Path)
        {
            ByteString path = Join(directory, word);
            if (any || IsListed(profile, path))
            {
                candidates.Add(path);
            }
        }

        return candidates.ToImmutable();
    }

    private static ByteString Join(AbsolutePath directory, ByteString word) =>
        new([.. Encoding.UTF8.GetBytes(directory.IsRoot ? "" : directory.Text), (byte)'/', .. word.Span]);

    private static bool IsListed(Profile profile, ByteString path)
    {
        foreach (CommandRule rule in profile.Commands)
        {
            if (path.Span.SequenceEqual(Encoding.UTF8.GetBytes(rule.Path.Text)))
            {
                return true;
            }
        }

        return false;
    }
}
