using System.Text.RegularExpressions;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>
/// nshelper-profile(5) as the one place where the meaning of a key is said: its tables, their keys, and the plain text of both. The tests hold
/// the page to the table of keys; the JSON Schema has its descriptions and defaults from here.
/// </summary>
internal sealed partial record ManualPage(IReadOnlyList<ManualTable> Tables, IReadOnlyList<string> Examples)
{
    public const string Unavailable = "ot available in this version";

    public static ManualPage Profiles { get; } = Read(Repository.Read("packaging/man/nshelper-profile.5"));

    public ManualTable Find(string path) => Tables.Single(table => table.Path == path);

    private static ManualPage Read(string source)
    {
        string[] lines = source.Replace("\\\n", "", StringComparison.Ordinal).Split('\n');
        List<ManualTable> tables = [];
        List<string> examples = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (TableHeading().Match(lines[i]) is { Success: true } heading)
            {
                int end = Array.FindIndex(lines, i + 1, line => line.StartsWith(".Ss ", StringComparison.Ordinal) || line.StartsWith(".Sh ", StringComparison.Ordinal));
                tables.Add(ReadTable(heading.Groups["path"].Value, lines.AsSpan(i + 1, end - i - 1)));
            }
            else if (lines[i] == "schema = 1")
            {
                int end = Array.IndexOf(lines, ".Ed", i);
                examples.Add(string.Join('\n', lines[i..end].Select(MdocText.Unescaped)) + "\n");
            }
        }

        return new ManualPage(tables, examples);
    }

    private static ManualTable ReadTable(string path, ReadOnlySpan<string> lines)
    {
        int start = lines.IndexOf(".Bl -tag -width Ds");
        int end = lines.IndexOf(".El");
        List<ManualEntry> entries = [];
        for (int i = start + 1, next; i < end; i = next)
        {
            next = i + 1;
            while (next < end && !lines[next].StartsWith(".It ", StringComparison.Ordinal))
            {
                next++;
            }

            int head = i + 1;
            while (!lines[head].EndsWith('.'))
            {
                head++;
            }

            entries.Add(new ManualEntry(
                [.. lines[i][".It Cm ".Length..].Split(',').Select(key => key.Trim())],
                MdocText.Plain(lines[(i + 1)..(head + 1)]),
                MdocText.Plain(lines[(i + 1)..next])));
        }

        return new ManualTable(path, MdocText.Plain(lines[..start]), MdocText.Plain(lines[(end + 1)..]), entries);
    }

    [GeneratedRegex(@"^\.Ss (?:Top level|Tables? (?<path>[a-z_.]+))$")]
    private static partial Regex TableHeading();
}

/// <summary>A subsection about a table: its path, what it says before and after its keys, and the keys.</summary>
internal sealed record ManualTable(string Path, string Lead, string Tail, IReadOnlyList<ManualEntry> Entries)
{
    public bool IsLater => Lead.Contains(ManualPage.Unavailable, StringComparison.Ordinal);

    public ManualEntry Find(string key) => Entries.Single(entry => entry.Keys.Contains(key));
}

/// <summary>One or more keys with their text; its first sentence, the head, has what they accept.</summary>
internal sealed partial record ManualEntry(IReadOnlyList<string> Keys, string Head, string Text)
{
    public bool IsLater => Text.Contains(ManualPage.Unavailable, StringComparison.Ordinal);

    /// <summary>What the head names as the default; null where there is none.</summary>
    public string? Default => DefaultForm().Match(Head) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("; default (.+)\\.$")]
    private static partial Regex DefaultForm();
}
