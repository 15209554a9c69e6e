namespace NsHelper.Planning;

/// <summary>
/// Values by text, in the order of the characters. A profile may have a thousand targets that are each looked for among all. A
/// dictionary would ask for random numbers, and so open a device, for its hashes.
/// </summary>
internal sealed class OrdinalIndex<T>
{
    private readonly List<string> texts = [];
    private readonly List<T> values = [];

    /// <summary>The value of this text; false when there is none.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out T? value)
    {
        int index = IndexOf(text);
        value = index < 0 ? default : values[index];
        return index >= 0;
    }

    /// <summary>Keeps the first value of a text; false when there was one.</summary>
    public bool TryAdd(string text, T value)
    {
        int index = IndexOf(text);
        if (index >= 0)
        {
            return false;
        }

        texts.Insert(~index, text);
        values.Insert(~index, value);
        return true;
    }

    /// <summary>The place of the text, or the complement of where it belongs.</summary>
    private int IndexOf(ReadOnlySpan<char> text)
    {
        int low = 0;
        int high = texts.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = texts[middle].AsSpan().SequenceCompareTo(text);
            if (order == 0)
            {
                return middle;
            }

            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }

        return ~low;
    }
}
