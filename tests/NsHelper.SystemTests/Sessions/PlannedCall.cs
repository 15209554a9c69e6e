using System.Globalization;
using System.Text.RegularExpressions;
using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// One line of `explain --calls`, comparable with a traced call: numbers and structures by value, strings by text, descriptors by the
/// number an earlier call returned; only what the kernel fills in is opaque.
/// </summary>
internal sealed partial record PlannedCall(string Name, IReadOnlyList<string> Arguments, string Line)
{
    /// <summary>The name under which later calls use the descriptor this one returns.</summary>
    public string? Slot => Produced().Match(Line) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The descriptor without which this call is left out.</summary>
    public string? OnlyWith => Required().Match(Line) is { Success: true } match ? match.Groups[1].Value : null;

    public static IReadOnlyList<PlannedCall> Parse(string text)
    {
        IEnumerable<string> lines = text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'));
        (IReadOnlyList<SystemCall> calls, _) = TraceReader.Read(lines.Select(line => $"1 {line}"));
        return [.. calls.Select(call => new PlannedCall(call.Name, call.Arguments, call.Line))];
    }

    /// <summary>Null when the traced call is this one; else what differs. <paramref name="descriptors"/>: slot to number, so far.</summary>
    /// <param name="shift">By how much the channel's descriptors are above those that explain shows, which is what else is open by then.</param>
    public string? DifferenceTo(SystemCall traced, IReadOnlyDictionary<string, long> descriptors, long shift)
    {
        string? wrong = traced.Name != (Name == "fork" ? "clone" : Name) ? "call" : null;
        for (int i = 0; wrong is null && i < Math.Min(Arguments.Count, traced.Arguments.Count); i++)
        {
            wrong = Same(Shifted(i, shift), traced.Arguments[i], descriptors) ? null : $"argument {i}";
        }

        bool mayFail = Line.Contains(" = -1", StringComparison.Ordinal) || Line.Contains("or errno", StringComparison.Ordinal);
        bool mustFail = Line.Contains(" = -1", StringComparison.Ordinal);
        wrong ??= traced.Failed ? (mayFail ? null : "result") : (mustFail ? "result" : null);
        return wrong is null ? null : $"{wrong}: planned {Line}, traced {traced}";
    }

    /// <summary>close_range begins at the first that could be open, whatever is.</summary>
    private string Shifted(int argument, long shift) =>
        Name is "close" or "close_range" or "sendmsg" or "read" && Arguments[argument] is ['3' or '4' or '5' or '6'] && !(Name == "close_range" && argument == 0 && Arguments[0] == "3")
            ? (long.Parse(Arguments[argument], CultureInfo.InvariantCulture) + shift).ToString(CultureInfo.InvariantCulture)
            : Arguments[argument];

    private static bool Same(string planned, string traced, IReadOnlyDictionary<string, long> descriptors)
    {
        // strace leaves out zero members; values are compared in order.
        return planned[0] switch
        {
            '"' => planned == traced || (IsSessionId(planned) && IsSessionId(traced)),
            '<' => descriptors.TryGetValue(planned, out long number) && Number(traced) == number,
            '{' => traced[0] is '[' or '~' || Numbers(planned).SequenceEqual(Numbers(traced)),
            '[' => true,
            _ => Number(planned) is long value && Number(traced) is long seen && unchecked((uint)value == (uint)seen),
        };
    }

    /// <summary>Each start has its own.</summary>
    private static bool IsSessionId(string quoted) => quoted.Length == 34 && quoted[1..^1].All(char.IsAsciiHexDigitLower);

    private static IEnumerable<long> Numbers(string structure) =>
        NumberInStructure().Matches(structure).Select(match => Number(match.Value) ?? 0).Where(value => value != 0);

    private static long? Number(string text)
    {
        long total = 0;

        // strace 6.1 prints the flags of statx with a leading '|' in raw form.
        foreach (string part in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            if (One(part.Trim()) is not long value)
            {
                return null;
            }

            total |= value;
        }

        return total;
    }

    private static long? One(string word) =>
        word == "NULL" ? 0
        : word.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long hex) ? hex : null
        : word.Length > 1 && word[0] == '0' && word.All(char.IsAsciiDigit) ? Convert.ToInt64(word, 8)
        : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    [GeneratedRegex(@" = (<[^>]+>)")]
    private static partial Regex Produced();

    [GeneratedRegex(@"only with (<[^>]+>)")]
    private static partial Regex Required();

    [GeneratedRegex(@"(?<![\w])-?(0x[0-9a-f]+|[0-9]+)(?!\w)")]
    private static partial Regex NumberInStructure();
}
