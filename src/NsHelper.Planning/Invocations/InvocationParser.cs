using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Invocations;

/// <summary>
/// argv to an <see cref="Invocation"/>, by hand: no response files, no directives, no abbreviations, no option behind the first operand.
/// Bytes that belong to the command pass untouched; everything nshelper itself reads must be plain ASCII.
/// </summary>
internal static class InvocationParser
{
    /// <summary>PID_MAX_LIMIT of the kernel.</summary>
    private const int MaxProcessId = 4 * 1024 * 1024;

    private const int MaxExitStatus = 255;

    public const string NameRule = "is not a profile name (a-z, 0-9, _ and -, at most 63, a letter or digit first)";

    /// <param name="arguments">argv, argv[0] included: it must be there and not be empty, and says whether this is a login shell, and nothing else.</param>
    public static ParsedInvocation Parse(ImmutableArray<ByteString> arguments)
    {
        // execve(2) with an empty argv arrives as no or as one empty string, depending on the kernel.
        if (arguments.Length == 0 || arguments[0].Length == 0)
        {
            return General("started without a program name (empty argv)");
        }

        if (LoginReading.IsLogin(arguments[0]))
        {
            return LoginReading.Parse(arguments);
        }

        if (arguments.Length == 1)
        {
            return General("no verb is given");
        }

        ImmutableArray<ByteString> rest = arguments[2..];
        return Ascii.Word(arguments[1]) switch
        {
            "--help" or "-h" => rest.Length == 0 ? ShowHelp(null) : TooMany(rest[0], "--help"),
            "--version" => rest.Length == 0 ? new ParsedInvocation.Valid(new Invocation.Version { Output = default }) : TooMany(rest[0], "--version"),
            ['-', ..] => General($"unknown option {Ascii.Quoted(arguments[1])} before the verb"),
            { } word when VerbTable.Find(word) is { } verb => ParseVerb(verb, rest),
            _ => General($"unknown verb {Ascii.Quoted(arguments[1])}"),
        };
    }

    private static ParsedInvocation ParseVerb(VerbEntry verb, ImmutableArray<ByteString> rest)
    {
        OptionScan scan = OptionScan.Read(verb, rest);
        if (scan.Fault is null && scan.WantsHelp)
        {
            return ShowHelp(verb);
        }

        OutputChoice output = OutputOf(scan);
        Invocation? invocation = scan.Fault is not null ? null : verb.Verb switch
        {
            Verb.Run or Verb.Shell or Verb.Explain or Verb.Allowed => StartReading.Read(verb, scan, output),
            Verb.Join => RunningSessionReading.Join(scan, output, StartReading.StatusDescriptorOf(scan)),
            Verb.Sessions => RunningSessionReading.Sessions(scan, output),
            Verb.Stop => RunningSessionReading.Stop(scan, output),
            Verb.Show => Show(scan, output),
            Verb.Check => Check(scan, output),
            Verb.Profiles => Profiles(scan, output),
            Verb.Namespaces => Process(scan) is { } choice ? new Invocation.Namespaces(choice) { Output = output } : null,
            Verb.Mounts => Process(scan) is { } choice ? new Invocation.Mounts(choice) { Output = output } : null,
            Verb.Changes => Changes(scan, output),
            Verb.Diff => Diff(scan, output),
            Verb.Doctor => RefuseOperandsFrom(0, scan) ? new Invocation.Doctor { Output = output } : null,
            Verb.Collect => Collect(scan, output),
            Verb.Help => Help(scan),
            _ => throw new UnreachableException(),
        };

        return invocation is not null && scan.Fault is null
            ? new ParsedInvocation.Valid(invocation)
            : new ParsedInvocation.Usage($"{verb.Name}: {scan.Fault}; see nshelper {verb.Name} --help", verb.UsageStatus);
    }

    private static Invocation.Show? Show(OptionScan scan, OutputChoice output) =>
        SessionReading.ReadProfile(scan, NameRule) is { } profile && RefuseOperandsFrom(1, scan)
            ? new Invocation.Show(profile, scan.Has(Option.Origin) ? OriginForm.Comments : OriginForm.None) { Output = output }
            : null;

    private static Invocation.Check Check(OptionScan scan, OutputChoice output)
    {
        foreach (ByteString path in scan.Operands)
        {
            if (path.Length == 0)
            {
                scan.Refuse("a FILE or DIR is empty");
                break;
            }
        }

        return new Invocation.Check(scan.Operands, scan.Has(Option.Strict) ? Strictness.WarningsFail : Strictness.MistakesFail) { Output = output };
    }

    private static Invocation.Profiles? Profiles(OptionScan scan, OutputChoice output)
    {
        RefuseOperandsFrom(0, scan);
        if (scan.Has(Option.All) && output.Verbosity == Verbosity.Verbose)
        {
            scan.Refuse("options --all and -v exclude each other");
        }

        return new Invocation.Profiles(scan.Has(Option.All) ? ProfileScope.All : ProfileScope.Usable) { Output = output };
    }

    private static Invocation.Diff? Diff(OptionScan scan, OutputChoice output)
    {
        RefuseOperandsFrom(2, scan);
        PropagationForm propagation = scan.Has(Option.Propagation) ? PropagationForm.Compared : PropagationForm.Ignored;
        if (scan.Operands.IsEmpty)
        {
            return new Invocation.Diff(ProcessChoice.Caller, ProcessChoice.Host, propagation) { Output = output };
        }

        return ProcessAt(0, scan) is { } here && ProcessAt(1, scan) is { } there
            ? new Invocation.Diff(here, there, propagation) { Output = output }
            : null;
    }

    private static ProcessChoice? Process(OptionScan scan)
    {
        RefuseOperandsFrom(1, scan);
        return ProcessAt(0, scan);
    }

    /// <summary>The one reading of an operand that stands for a process; null after a refusal.</summary>
    private static ProcessChoice? ProcessAt(int index, OptionScan scan)
    {
        if (index >= scan.Operands.Length)
        {
            return ProcessChoice.Caller;
        }

        // What is both is a process: an id of a session can be written with more of its digits.
        ByteString operand = scan.Operands[index];
        if (Ascii.Number(operand, 1, MaxProcessId) is { } id)
        {
            return new ProcessChoice(id, null);
        }

        if (RunningSessionReading.SessionIn(operand) is { } session)
        {
            return new ProcessChoice(null, session);
        }

        scan.Refuse($"{Ascii.Quoted(operand)} is neither a process id (1 to {MaxProcessId}) nor a session: a name, an id or its first digits, or a profile");
        return null;
    }

    private static Invocation.Changes Changes(OptionScan scan, OutputChoice output)
    {
        RefuseOperandsFrom(1, scan);
        string? name = scan.Operands.Length > 0 ? Ascii.Word(scan.Operands[0]) ?? "" : null;
        if (name is not null && !ProfileName.TryParse(name, out _))
        {
            scan.Refuse($"{Ascii.Quoted(scan.Operands[0])} is neither a profile name nor a session id");
        }

        ByteString? export = null;
        foreach (ByteString file in scan.ValuesOf(Option.Export))
        {
            export = file.Length > 0 ? file : null;
            if (export is null)
            {
                scan.Refuse("option --export needs the name of a file");
            }
        }

        bool discards = scan.Has(Option.Discard);
        if ((export is not null || discards) && name is null)
        {
            scan.Refuse($"option {(discards ? "--discard" : "--export")} needs a profile or a session");
        }

        if (export is not null && discards)
        {
            scan.Refuse("options --export and --discard exclude each other");
        }

        if ((export is not null || discards) && output.Form == OutputForm.Json)
        {
            scan.Refuse($"options --json and {(discards ? "--discard" : "--export")} exclude each other");
        }

        return new Invocation.Changes(name, export, discards) { Output = output };
    }

    private static Invocation.Collect Collect(OptionScan scan, OutputChoice output)
    {
        RefuseOperandsFrom(0, scan);
        int? status = null;
        foreach (ByteString value in scan.ValuesOf(Option.ExitStatus))
        {
            status = Ascii.Number(value, 0, MaxExitStatus);
            if (status is null)
            {
                scan.Refuse($"{Ascii.Quoted(value)} is no exit status (0 to {MaxExitStatus})");
            }
        }

        return new Invocation.Collect(!scan.Has(Option.DryRun), status) { Output = output };
    }

    private static Invocation.Help? Help(OptionScan scan)
    {
        RefuseOperandsFrom(1, scan);
        VerbEntry? topic = null;
        if (scan.Operands.Length > 0 && (Ascii.Word(scan.Operands[0]) is not { } word || (topic = VerbTable.Find(word)) is null))
        {
            scan.Refuse($"unknown verb {Ascii.Quoted(scan.Operands[0])}");
        }

        return new Invocation.Help(topic) { Output = default };
    }

    public static bool RefuseOperandsFrom(int count, OptionScan scan)
    {
        bool tooMany = scan.Operands.Length > count;
        if (tooMany)
        {
            scan.Refuse($"unexpected argument {Ascii.Quoted(scan.Operands[count])}{(count == 0 ? "" : " (options come first)")}");
        }

        return !tooMany;
    }

    private static OutputChoice OutputOf(OptionScan scan)
    {
        if (scan.Has(Option.Quiet) && scan.Has(Option.Verbose))
        {
            scan.Refuse("options -q and -v exclude each other");
        }

        var color = ColorChoice.Auto;
        foreach (ByteString value in scan.ValuesOf(Option.Color))
        {
            switch (Ascii.Word(value))
            {
                case "auto": color = ColorChoice.Auto; break;
                case "never": color = ColorChoice.Never; break;
                case "always": color = ColorChoice.Always; break;
                default: scan.Refuse($"{Ascii.Quoted(value)} is no value of --color: auto, never or always"); break;
            }
        }

        Verbosity verbosity = scan.Has(Option.Quiet) ? Verbosity.Quiet : scan.Has(Option.Verbose) ? Verbosity.Verbose : Verbosity.Normal;
        return new OutputChoice(verbosity, scan.Has(Option.Json) ? OutputForm.Json : OutputForm.Text, color);
    }

    private static ParsedInvocation.Valid ShowHelp(VerbEntry? topic) => new(new Invocation.Help(topic) { Output = default });

    private static ParsedInvocation.Usage TooMany(ByteString argument, string after) =>
        General($"unexpected argument {Ascii.Quoted(argument)} after {after}");

    private static ParsedInvocation.Usage General(string message) => new($"{message}; see nshelper --help", VerbTable.UsageFailure);
}
