using System.Globalization;

namespace NsHelper.SystemTests.Harness;

/// <summary>Reads the file strace -f -o writes: joins unfinished and resumed lines, splits arguments at the top level.</summary>
internal static class TraceReader
{
    public static (IReadOnlyList<SystemCall> Calls, IReadOnlyList<string> Events) Read(IEnumerable<string> lines)
    {
        var calls = new List<SystemCall>();
        var events = new List<string>();
        var pending = new Dictionary<int, string>();
        var forks = new Dictionary<int, int>();
        foreach (string line in lines)
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank <= 0 || !int.TryParse(line.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            string rest = line[blank..].TrimStart();
            if (rest.StartsWith("+++", StringComparison.Ordinal) || rest.StartsWith("---", StringComparison.Ordinal))
            {
                events.Add($"{pid} {rest}");
                continue;
            }

            const string Unfinished = " <unfinished ...>";
            if (rest.EndsWith(Unfinished, StringComparison.Ordinal) && !rest.Contains(" = ", StringComparison.Ordinal))
            {
                pending[pid] = rest[..^Unfinished.Length];

                // A child may be far, with the command started, before its parent is back from the fork: that was first all the same.
                if (Parse(pid, pending[pid]) is SystemCall { IsFork: true } fork)
                {
                    forks[pid] = calls.Count;
                    calls.Add(fork);
                }

                continue;
            }

            if (rest.StartsWith("<... ", StringComparison.Ordinal) && pending.Remove(pid, out string? start))
            {
                int resumed = rest.IndexOf(" resumed>", StringComparison.Ordinal);
                rest = start + rest[(resumed + " resumed>".Length)..];
            }

            if (Parse(pid, rest) is SystemCall call)
            {
                if (call.IsFork && forks.Remove(pid, out int place))
                {
                    calls[place] = call;
                }
                else
                {
                    calls.Add(call);
                }
            }
        }

        // A call a process died in has no result, but it was made.
        calls.AddRange(pending.Where(entry => !forks.ContainsKey(entry.Key)).Select(entry => Parse(entry.Key, entry.Value + ") = ?")).OfType<SystemCall>());
        return (calls, events);
    }

    private static SystemCall? Parse(int pid, string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open <= 0)
        {
            return null;
        }

        (List<string> arguments, int end) = Split(text, open + 1);
        int equals = end < text.Length ? text.IndexOf("= ", end, StringComparison.Ordinal) : -1;
        return new SystemCall(pid, text[..open], arguments, equals < 0 ? "?" : text[(equals + 2)..], text);
    }

    /// <summary>The arguments from <paramref name="start"/> to the closing bracket, and where that is.</summary>
    private static (List<string> Arguments, int End) Split(string text, int start)
    {
        var arguments = new List<string>();
        int depth = 0;
        bool quoted = false;
        int begin = start;
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
                continue;
            }

            quoted = c == '"';
            depth += c is '(' or '[' or '{' ? 1 : 0;
            if (depth == 0 && c is ',' or ')')
            {
                string argument = text[begin..i].Trim();
                if (argument.Length > 0)
                {
                    arguments.Add(argument);
                }

                begin = i + 1;
                if (c == ')')
                {
                    return (arguments, i + 1);
                }
            }

            depth -= c is ')' or ']' or '}' ? 1 : 0;
        }

        return (arguments, text.Length);
    }
}
