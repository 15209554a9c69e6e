using System.Collections.Immutable;

namespace NsHelper.Planning.Mounts;

/// <summary>One word that is another here than there: `rw` and `ro`, or a word that only one side has, the other then null.</summary>
/// <param name="Of">What the word belongs to.</param>
/// <param name="There">As it is in the table that is compared with.</param>
/// <param name="Here">As it is in the table that is looked at.</param>
internal readonly record struct OptionChange(OptionOwner Of, string? There, string? Here)
{
    /// <summary>What differs in two lists of comma separated words; their order says nothing.</summary>
    public static void AddAll(ImmutableArray<OptionChange>.Builder changes, OptionOwner of, string[] there, string[] here)
    {
        // No words at all arrive as one empty word.
        HashSet<string> known = [.. there, ""];
        Dictionary<string, Queue<string>> added = [];
        List<string> order = [];
        foreach (string word in here)
        {
            if (known.Add(word))
            {
                if (!added.TryGetValue(KeyOf(word), out Queue<string>? words))
                {
                    added.Add(KeyOf(word), words = new Queue<string>());
                }

                words.Enqueue(word);
                order.Add(word);
            }
        }

        HashSet<string> kept = [.. here, ""];
        HashSet<string> told = [];
        foreach (string word in there)
        {
            if (kept.Add(word))
            {
                string? instead = added.TryGetValue(KeyOf(word), out Queue<string>? words) && words.TryDequeue(out string? first) ? first : null;
                changes.Add(new OptionChange(of, word, instead));
                told.Add(instead ?? "");
            }
        }

        foreach (string word in order)
        {
            if (!told.Contains(word))
            {
                changes.Add(new OptionChange(of, null, word));
            }
        }
    }

    public override string ToString()
    {
        string change = (There, Here) switch
        {
            (null, _) => $"+{Here}",
            (_, null) => $"-{There}",
            _ => $"{There} -> {Here}",
        };
        return Of == OptionOwner.FileSystem ? $"file system {change}" : change;
    }

    /// <summary>Words of one key exclude each other.</summary>
    private static string KeyOf(string word) => word switch
    {
        "ro" or "rw" => "ro",
        "noatime" or "relatime" => "atime",
        _ when word.IndexOf('=', StringComparison.Ordinal) is > 0 and var end => word[..end],
        _ => word,
    };
}

/// <summary>What an option belongs to; the propagation of a mount is one word.</summary>
internal enum OptionOwner
{
    Mount,
    FileSystem,
    Propagation,
}
