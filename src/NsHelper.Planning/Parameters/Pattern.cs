namespace NsHelper.Planning.Parameters;

/// <summary>
/// The pattern of a parameter: a regular expression of a small language that must hold for the whole value. All states are followed at once, so the time is
/// the length of the value times the size of the pattern at most, and no value makes it try again (System.Text.RegularExpressions costs start-up time).
/// </summary>
internal sealed class Pattern
{
    private readonly PatternState[] states;

    /// <param name="text">As written; <see cref="PatternParser"/> has read it.</param>
    public Pattern(string text, PatternState[] states)
    {
        Text = text;
        this.states = states;
    }

    public string Text { get; }

    /// <summary>Whether the whole value matches, character by character of Unicode.</summary>
    public bool Matches(string value)
    {
        var current = new Reached(states);
        var following = new Reached(states);
        current.Add(0);
        foreach (System.Text.Rune rune in value.EnumerateRunes())
        {
            following.Clear();
            foreach (int state in current.Taking)
            {
                if (states[state].Set.Has(rune.Value))
                {
                    following.Add(state + 1);
                }
            }

            (current, following) = (following, current);
        }

        return current.HasEnd;
    }

    /// <summary>States that are reached at one place of the value, each once.</summary>
    private sealed class Reached(PatternState[] states)
    {
        private readonly bool[] seen = new bool[states.Length + 1];
        private readonly int[] taking = new int[states.Length];
        private readonly int[] open = new int[(2 * states.Length) + 1];
        private int count;

        public ReadOnlySpan<int> Taking => taking.AsSpan(0, count);

        /// <summary>Whether the value may end here.</summary>
        public bool HasEnd => seen[states.Length];

        public void Clear()
        {
            seen.AsSpan().Clear();
            count = 0;
        }

        /// <summary>With all that its forks stand for. Without recursion: patterns of many forks must not need a deep stack.</summary>
        public void Add(int state)
        {
            int left = 0;
            open[left++] = state;
            while (left > 0)
            {
                int at = open[--left];
                if (seen[at])
                {
                    continue;
                }

                seen[at] = true;
                if (at < states.Length && states[at].IsFork)
                {
                    open[left++] = at + states[at].First;
                    open[left++] = at + states[at].Second;
                }
                else if (at < states.Length)
                {
                    taking[count++] = at;
                }
            }
        }
    }
}
