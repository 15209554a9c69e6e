using System.Collections.Immutable;

namespace NsHelper.Planning.Invocations;

/// <summary>The options of one command line, read up to the first operand or `--`: nothing behind that is ever an option.</summary>
internal sealed class OptionScan
{
    private readonly List<(Option Option, ByteString Value)> found = [];
    private int next;

    private OptionScan()
    {
    }

    /// <summary>What is wrong; null when all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether --help or -h was met: what follows it does not matter then.</summary>
    public bool WantsHelp { get; private set; }

    /// <summary>Whether `--` ended the options.</summary>
    public bool EndedByDashes { get; private set; }

    /// <summary>Everything from the first operand on.</summary>
    public ImmutableArray<ByteString> Operands { get; private set; } = [];

    /// <summary>Reads what follows the verb.</summary>
    public static OptionScan Read(VerbEntry verb, ImmutableArray<ByteString> arguments)
    {
        var scan = new OptionScan();
        while (scan.Fault is null && !scan.WantsHelp && scan.next < arguments.Length && IsOption(arguments[scan.next]))
        {
            if (arguments[scan.next].Span.SequenceEqual("--"u8))
            {
                scan.next++;
                scan.EndedByDashes = true;
                break;
            }

            scan.ReadOption(verb, arguments);
        }

        scan.Operands = arguments[scan.next..];
        return scan;
    }

    public bool Has(Option option) => found.Exists(entry => entry.Option == option);

    /// <summary>Values of an option, in the order of the command line.</summary>
    public List<ByteString> ValuesOf(Option option)
    {
        List<ByteString> values = [];
        foreach ((Option known, ByteString value) in found)
        {
            if (known == option)
            {
                values.Add(value);
            }
        }

        return values;
    }

    public void Refuse(string fault) => Fault ??= fault;

    // A lone "-" is an operand, as everywhere in POSIX.
    private static bool IsOption(ByteString argument) => argument.Length > 1 && argument.Span[0] == (byte)'-';

    private void ReadOption(VerbEntry verb, ImmutableArray<ByteString> arguments)
    {
        ByteString argument = arguments[next++];
        int equals = argument.Span.StartsWith("--"u8) ? argument.Span.IndexOf((byte)'=') : -1;
        ByteString spelling = equals < 0 ? argument : new ByteString(argument.Span[..equals]);
        if (Find(verb, spelling) is not { } entry)
        {
            Refuse($"unknown option {Ascii.Quoted(spelling)}");
        }
        else if (entry.Option is Option.Help or Option.ShortHelp && equals < 0)
        {
            WantsHelp = true;
        }
        else if (entry.Occurrence == Occurrence.Once && Has(entry.Option))
        {
            Refuse($"option {entry.Spelling} is given twice");
        }
        else if (entry.ValueName is null && equals >= 0)
        {
            Refuse($"option {entry.Spelling} takes no value");
        }
        else if (entry.ValueName is not null && equals < 0 && next == arguments.Length)
        {
            Refuse($"option {entry.Spelling} needs a value: {entry.Spelling} {entry.ValueName}");
        }
        else
        {
            found.Add((entry.Option, ValueOf(entry, argument, equals, arguments)));
        }
    }

    private ByteString ValueOf(OptionEntry entry, ByteString argument, int equals, ImmutableArray<ByteString> arguments)
    {
        if (entry.ValueName is null)
        {
            return default;
        }

        return equals >= 0 ? new ByteString(argument.Span[(equals + 1)..]) : arguments[next++];
    }

    private static OptionEntry? Find(VerbEntry verb, ByteString spelling)
    {
        string? word = Ascii.Word(spelling);
        foreach (OptionEntry entry in verb.Options)
        {
            if (entry.Spelling == word)
            {
                return entry;
            }
        }

        return null;
    }
}
