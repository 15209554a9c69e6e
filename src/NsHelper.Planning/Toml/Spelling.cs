namespace NsHelper.Planning.Toml;

/// <summary>Finds the word somebody meant, for hints.</summary>
internal static class Spelling
{
    private const int LongestWord = 64;

    /// <summary>The nearest word, or null when none is near enough to be meant.</summary>
    public static string? Nearest(string written, ReadOnlySpan<string> words)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string word in words)
        {
            int distance = written.Length > LongestWord || IsOpposite(written, word) ? int.MaxValue : Distance(written.ToLowerInvariant(), word);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3) ? best : null;
    }

    public static string List(ReadOnlySpan<string> words) => string.Join(", ", words.ToArray());

    /// <summary>Nobody who writes exec means noexec.</summary>
    private static bool IsOpposite(string left, string right) => "no" + left == right || "no" + right == left;

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string left, string right)
    {
        int width = right.Length + 1;
        var cost = new int[(left.Length + 1) * width];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                cost[(i * width) + j] = i == 0 ? j : j == 0 ? i : Step(cost, left, right, i, j);
            }
        }

        return cost[^1];
    }

    private static int Step(ReadOnlySpan<int> cost, string left, string right, int i, int j)
    {
        int width = right.Length + 1;
        int at = (i * width) + j;
        int substitution = cost[at - width - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
        int least = Math.Min(substitution, Math.Min(cost[at - width], cost[at - 1]) + 1);
        bool isSwap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return isSwap ? Math.Min(least, cost[at - width - width - 2] + 1) : least;
    }
}
