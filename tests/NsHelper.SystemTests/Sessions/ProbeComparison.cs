using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Sessions;

/// <summary>A probe in a session of a shipped profile beside the same probe outside, both started from one state of the caller's.</summary>
/// <param name="Started">The number of the process that started the helper, and its parent's.</param>
internal sealed record ProbeComparison(CallerState State, ShippedPromise Promise, ProbeReport Inside, ProbeReport Outside, (string Process, string Parent) Started)
{
    /// <summary>Whether the command is a child of an init, and not the process that was started.</summary>
    public bool HasInit => Promise.HasOwnProcesses || Promise.Private.Contains("time") || State.HasTerminal;

    /// <summary>Sentences, none when the session is what it is to be. Every field that either side has counts.</summary>
    public IEnumerable<string> Differences()
    {
        string[] fields = [.. Inside.AttemptNames];
        foreach (string name in fields.Except(ProbeField.All.Select(field => field.Name)))
        {
            yield return $"{name}: ProbeField does not say what it is held against";
        }

        foreach (ProbeField field in ProbeField.All)
        {
            IReadOnlyList<string> found = fields.Contains(field.Name) ? field.Found(this) : ["no such field"];
            IReadOnlyList<string> expected = Promise.Fields.GetValueOrDefault(field.Name) ?? field.Expected(this);
            expected = State.Changed.GetValueOrDefault(field.Name)?.Invoke(expected) ?? expected;
            expected = Promise.Changed.GetValueOrDefault(field.Name)?.Invoke(expected) ?? expected;
            if (!found.SequenceEqual(expected))
            {
                yield return $"{field.Name} ({field.Why}):{Describe(expected, found)}";
            }
        }
    }

    private static string Describe(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        string[] lines = [.. expected.Except(found).Select(value => $"\n    expected {value}"), .. found.Except(expected).Select(value => $"\n    found    {value}")];
        return lines.Length > 0 ? string.Concat(lines) : $"\n    expected {string.Join(" | ", expected)}\n    found    {string.Join(" | ", found)}";
    }
}
