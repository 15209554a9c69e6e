namespace NsHelper.Planning.Parameters;

/// <summary>
/// Text to <see cref="Pattern"/>. The language: characters of printable ASCII; \ before punctuation; . ; classes with ranges, [^...] for all others; ( ) and | ;
/// * + ? {m} {m,} {m,n} behind one of these. What it does not know is a fault, so that nothing means something else than in the language its writer thinks of.
/// </summary>
internal sealed class PatternParser
{
    public const int MaxLength = 512;

    /// <summary>Parentheses in parentheses: each is a call of this parser.</summary>
    private const int MaxDepth = 16;

    /// <summary>Of a repetition; it is written out.</summary>
    private const int MaxCount = 256;

    /// <summary>Of the machine: it bounds the time of a match.</summary>
    private const int MaxStates = 1024;

    private readonly string text;
    private int next;
    private int depth;
    private PatternFault? fault;

    private PatternParser(string text) => this.text = text;

    /// <summary>Null for what is no pattern, and then there is a fault.</summary>
    public static Pattern? Parse(string text, out PatternFault? fault)
    {
        var parser = new PatternParser(text);
        List<PatternState> states = parser.ParseWhole();
        fault = parser.fault;
        return fault is null ? new Pattern(text, [.. states]) : null;
    }

    private char Current => text[next];

    /// <summary>A fault ends everything.</summary>
    private bool IsAtEnd => next == text.Length || fault is not null;

    private bool IsAt(char c) => !IsAtEnd && text[next] == c;

    private List<PatternState> ParseWhole()
    {
        if (text.Length > MaxLength)
        {
            Refuse(MaxLength, $"a pattern has more than {MaxLength} characters", null);
            return [];
        }

        int foreign = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (foreign >= 0)
        {
            Refuse(foreign, "a pattern is printable ASCII", null);
            return [];
        }

        List<PatternState> states = ParseAlternatives();
        if (!IsAtEnd)
        {
            Refuse(next, "a ) without its (", "write \\) for a )");
        }

        return states;
    }

    private List<PatternState> ParseAlternatives()
    {
        List<List<PatternState>> branches = [ParseSequence()];
        while (!IsAtEnd && Current == '|')
        {
            next++;
            branches.Add(ParseSequence());
        }

        List<PatternState> states = branches[^1];
        for (int i = branches.Count - 2; i >= 0; i--)
        {
            List<PatternState> branch = branches[i];
            states = [PatternState.Fork(1, branch.Count + 2), .. branch, PatternState.Jump(states.Count + 1), .. states];
        }

        return Bounded(states);
    }

    private List<PatternState> ParseSequence()
    {
        List<PatternState> states = [];
        while (!IsAtEnd && Current is not ('|' or ')'))
        {
            states.AddRange(ParseRepetition());
            states = Bounded(states);
        }

        return states;
    }

    private List<PatternState> ParseRepetition()
    {
        List<PatternState> one = ParseOne();
        if (IsAtEnd || Current is not ('*' or '+' or '?' or '{'))
        {
            return one;
        }

        int start = next;
        (int least, int? most) = Current switch
        {
            '*' => (0, (int?)null),
            '+' => (1, null),
            '?' => (0, 1),
            _ => ParseCounts(),
        };
        next++;
        if (!IsAtEnd && Current is '*' or '+' or '?' or '{')
        {
            Refuse(next, "a repetition of a repetition", "put the first in parentheses");
        }

        if (fault is not null || ((most ?? (least + 1)) * (one.Count + 2)) > MaxStates)
        {
            Refuse(start, "the pattern is too large", $"smaller counts; a machine of at most {MaxStates} states");
            return [];
        }

        return Repeated(one, least, most);
    }

    private static List<PatternState> Repeated(List<PatternState> one, int least, int? most)
    {
        List<PatternState> states = [];
        for (int i = 0; i < least; i++)
        {
            states.AddRange(one);
        }

        for (int i = least; i < most; i++)
        {
            states.Add(PatternState.Fork(1, one.Count + 1));
            states.AddRange(one);
        }

        if (most is null)
        {
            states.Add(PatternState.Fork(1, one.Count + 2));
            states.AddRange(one);
            states.Add(PatternState.Jump(-(one.Count + 1)));
        }

        return states;
    }

    /// <summary>{m}, {m,} or {m,n}, up to the closing brace.</summary>
    private (int Least, int? Most) ParseCounts()
    {
        int start = next++;
        int? least = ParseCount();
        int? most = least;
        if (!IsAtEnd && Current == ',')
        {
            next++;
            most = IsAt('}') ? null : ParseCount() ?? -1;
        }

        if (least is not int known || most < known || !IsAt('}'))
        {
            Refuse(start, "no repetition", $"accepted: {{m}}, {{m,}} and {{m,n}}, numbers up to {MaxCount}; write \\{{ for a {{");
            return (0, 0);
        }

        return (known, most);
    }

    private int? ParseCount()
    {
        int start = next;
        while (!IsAtEnd && char.IsAsciiDigit(Current) && next - start < 4)
        {
            next++;
        }

        return Toml.TomlNumbers.Canonical(text.AsSpan(start..next)) is <= MaxCount and long count ? (int)count : null;
    }

    private List<PatternState> ParseOne()
    {
        char c = Current;
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                return [PatternState.Take(ParseClass())];
            case '.':
                next++;
                return [PatternState.Take(CharacterSet.All)];
            case '*' or '+' or '?':
                Refuse(next, $"nothing that {c} could repeat", $"write \\{c} for a {c}");
                return [];
            case '^' or '$':
                Refuse(next, $"{c} is not needed: a pattern holds for the whole value", $"leave it out, or write \\{c} for a {c}");
                return [];
            case '{' or '}' or ']':
                Refuse(next, $"a {c} that belongs to nothing", $"write \\{c} for a {c}");
                return [];
            default:
                char literal = ParseCharacter();
                return [PatternState.Take(default(CharacterSet).With(literal, literal))];
        }
    }

    private List<PatternState> ParseGroup()
    {
        int start = next++;
        if (++depth > MaxDepth)
        {
            Refuse(start, $"parentheses are nested deeper than {MaxDepth}", null);
            return [];
        }

        List<PatternState> states = ParseAlternatives();
        depth--;
        if (IsAtEnd)
        {
            Refuse(start, "a ( without its )", "write \\( for a (");
            return [];
        }

        next++;
        return states;
    }

    private CharacterSet ParseClass()
    {
        int start = next++;
        bool isInverted = !IsAtEnd && Current == '^';
        next += isInverted ? 1 : 0;
        CharacterSet set = default;
        int first = next;
        while (!IsAtEnd && (Current != ']' || next == first))
        {
            bool isPlainHyphen = Current == '-';
            if (Current is '[' or ']')
            {
                Refuse(next, Current == ']' ? "an empty class" : "a [ in a class", $"write \\{Current} for a {Current}");
                return default;
            }

            // Elsewhere it would be a range to some readers and a character to others.
            if (isPlainHyphen && next != first && (next + 1 == text.Length || text[next + 1] != ']'))
            {
                Refuse(next, "a - that is no range", "write \\- for a -, or put it first or last");
                return default;
            }

            set = ParseRange(set, isPlainHyphen);
        }

        if (IsAtEnd)
        {
            Refuse(start, "a [ without its ]", "write \\[ for a [");
            return default;
        }

        next++;
        return isInverted ? set.Inverted : set;
    }

    private CharacterSet ParseRange(CharacterSet set, bool isPlainHyphen)
    {
        int start = next;
        char low = ParseCharacter();
        bool isRange = !isPlainHyphen && next + 1 < text.Length && text[next] == '-' && text[next + 1] != ']' && fault is null;
        if (!isRange)
        {
            return set.With(low, low);
        }

        next++;
        if (Current is '[' or '-')
        {
            Refuse(next, $"a range that ends with {Current}", $"write \\{Current} for a {Current}");
            return set;
        }

        char high = ParseCharacter();
        if (high < low)
        {
            Refuse(start, "a range that ends before it begins", null);
        }

        return set.With(low, high);
    }

    /// <summary>A character that stands for itself, or one of punctuation behind a backslash.</summary>
    private char ParseCharacter()
    {
        char c = text[next++];
        if (c != '\\')
        {
            return c;
        }

        if (next == text.Length || char.IsAsciiLetterOrDigit(Current) || Current is '_' or ' ')
        {
            Refuse(next - 1, "a \\ stands before punctuation only", "write \\\\ for a \\; [0-9] for digits, [A-Za-z0-9_] for letters, digits and _");
            return c;
        }

        return text[next++];
    }

    private List<PatternState> Bounded(List<PatternState> states)
    {
        if (states.Count > MaxStates)
        {
            Refuse(next, "the pattern is too large", $"a machine of at most {MaxStates} states");
            return [];
        }

        return states;
    }

    private void Refuse(int offset, string message, string? hint) => fault ??= new PatternFault(offset, message, hint);
}
