using System.Collections.Immutable;

namespace NsHelper.Planning.Sessions;

/// <summary>Variables by name, in the order of the names' bytes, so that the same plan gives the same environment.</summary>
internal sealed class SortedVariables
{
    private readonly List<string> names = [];
    private readonly List<ByteString> entries = [];

    /// <summary>NAME=VALUE each.</summary>
    public ImmutableArray<ByteString> Entries => [.. entries];

    /// <summary>Of two entries of one name the first stays.</summary>
    public void AddFirst(string name, ByteString entry)
    {
        int index = names.BinarySearch(name, StringComparer.Ordinal);
        if (index < 0)
        {
            names.Insert(~index, name);
            entries.Insert(~index, entry);
        }
    }

    /// <summary>Of two entries of one name the last stays.</summary>
    public void Set(string name, ByteString entry)
    {
        int index = names.BinarySearch(name, StringComparer.Ordinal);
        if (index < 0)
        {
            AddFirst(name, entry);
        }
        else
        {
            entries[index] = entry;
        }
    }
}
