using System.Collections.Immutable;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Registry;

namespace NsHelper.Planning.Invocations;

/// <summary>Operands and options that run and explain share: PROFILE [-- CMD [ARG...]], --set, --env and --chdir.</summary>
internal static class SessionReading
{
    /// <summary>Null after a refusal, which is then in <paramref name="scan"/>.</summary>
    public static SessionArguments? Read(OptionScan scan, string nameRule)
    {
        if (ReadProfile(scan, nameRule) is not { } profile)
        {
            return null;
        }

        ImmutableArray<ByteString> command = CommandOf(scan);
        ImmutableArray<(ByteString, ByteString)> variables = VariablesOf(scan);
        ImmutableArray<(ByteString, ByteString)> parameters = ParametersOf(scan);
        ByteString? directory = DirectoryOf(scan);
        string? label = LabelOf(scan);
        return scan.Fault is not null ? null : new SessionArguments
        {
            Profile = profile,
            Command = command,
            Variables = variables,
            Parameters = parameters,
            ChangeDirectory = directory,
            Label = label,
            Detaches = scan.Has(Option.Detach),
        };
    }

    /// <summary>The same of join, whose first operand is another.</summary>
    public static JoinArguments JoinArgumentsOf(OptionScan scan) => new(CommandOf(scan), VariablesOf(scan), DirectoryOf(scan));

    /// <summary>The first operand; null after a refusal.</summary>
    public static ProfileName? ReadProfile(OptionScan scan, string nameRule)
    {
        if (scan.EndedByDashes || scan.Operands.Length == 0)
        {
            // `run -- CMD` forgot the profile; taking CMD for its name would only confuse.
            scan.Refuse("no PROFILE is given");
            return null;
        }

        ByteString operand = scan.Operands[0];
        if (Ascii.Word(operand) is { } word && ProfileName.TryParse(word, out ProfileName? profile))
        {
            return profile;
        }

        scan.Refuse($"{Ascii.Quoted(operand)} {nameRule}");
        return null;
    }

    private static ImmutableArray<ByteString> CommandOf(OptionScan scan)
    {
        if (scan.Operands.Length == 1)
        {
            return [];
        }

        if (!scan.Operands[1].Span.SequenceEqual("--"u8))
        {
            scan.Refuse($"unexpected argument {Ascii.Quoted(scan.Operands[1])}: options come before PROFILE, the command after \"--\"");
        }
        else if (scan.Operands.Length == 2)
        {
            // `-- "$@"` with no arguments must not start the default command by accident.
            scan.Refuse("no command follows \"--\"");
        }

        return scan.Operands[2..];
    }

    private static ImmutableArray<(ByteString Name, ByteString Value)> VariablesOf(OptionScan scan)
    {
        var variables = ImmutableArray.CreateBuilder<(ByteString Name, ByteString Value)>();
        foreach (ByteString assignment in scan.ValuesOf(Option.Environment))
        {
            int equals = assignment.Span.IndexOf((byte)'=');
            ReadOnlySpan<byte> name = equals < 0 ? [] : assignment.Span[..equals];
            if (!Ascii.IsVariableName(name))
            {
                scan.Refuse($"{Ascii.Quoted(assignment)} is not NAME=VALUE with a NAME of letters, digits and _");
                return [];
            }

            var variable = new ByteString(name);
            if (Has(variables, variable))
            {
                scan.Refuse($"option --env sets {variable} twice");
            }

            variables.Add((variable, new ByteString(assignment.Span[(equals + 1)..])));
        }

        return variables.ToImmutable();
    }

    private static bool Has(ImmutableArray<(ByteString Name, ByteString Value)>.Builder variables, ByteString name)
    {
        foreach ((ByteString earlier, _) in variables)
        {
            if (earlier == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Only the form: which parameters there are is told to none but those who may use the profile.</summary>
    private static ImmutableArray<(ByteString Name, ByteString Value)> ParametersOf(OptionScan scan)
    {
        var parameters = ImmutableArray.CreateBuilder<(ByteString Name, ByteString Value)>();
        foreach (ByteString setting in scan.ValuesOf(Option.Set))
        {
            int equals = setting.Span.IndexOf((byte)'=');
            if (equals <= 0)
            {
                scan.Refuse($"{Ascii.Quoted(setting)} is not KEY=VALUE");
                return [];
            }

            parameters.Add((new ByteString(setting.Span[..equals]), new ByteString(setting.Span[(equals + 1)..])));
        }

        return parameters.ToImmutable();
    }

    private static string? LabelOf(OptionScan scan)
    {
        foreach (ByteString value in scan.ValuesOf(Option.Name))
        {
            if (Ascii.Word(value) is { } word && SessionName.IsLabel(word))
            {
                return word;
            }

            scan.Refuse($"{Ascii.Quoted(value)} is no name for a session (a-z, 0-9, _ and -, at most 63, a letter or digit first)");
        }

        return null;
    }

    private static ByteString? DirectoryOf(OptionScan scan)
    {
        foreach (ByteString directory in scan.ValuesOf(Option.ChangeDirectory))
        {
            if (directory.Length == 0)
            {
                scan.Refuse("option --chdir needs a directory");
            }

            return directory;
        }

        return null;
    }
}
