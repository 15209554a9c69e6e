using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Planning.Registry;

/// <summary>
/// Where a session is, from when it stands: its first process and its namespaces. The kernel writes all of it into one text, the links of /proc/self/ns
/// in columns and /proc/self/stat behind them, and the text is that of a second symbolic link.
/// </summary>
/// <param name="First">The init, or the command itself where there is none.</param>
internal sealed record SessionPlace(ProcessIdentity First, NamespaceIds Namespaces)
{
    /// <summary>"cgroup:[4026531835]", with room for any number of 64 bits; filled up with spaces.</summary>
    public const int ColumnWidth = 32;

    /// <summary>As much of /proc/self/stat as has the fields up to the start time, whatever they are.</summary>
    public const int StatLength = 640;

    public static int Columns => NamespaceKinds.All.Length;

    public static int Length => (Columns * ColumnWidth) + StatLength;

    /// <summary>Null for any other text.</summary>
    public static SessionPlace? Parse(ReadOnlySpan<byte> text) =>
        text.Length > Columns * ColumnWidth && IdsIn(text) is { } ids && ProcessIdentity.OfStat(text[(Columns * ColumnWidth)..]) is { } first ? new SessionPlace(first, ids) : null;

    /// <summary>The namespaces of the columns alone.</summary>
    public static NamespaceIds? IdsIn(ReadOnlySpan<byte> text)
    {
        var ids = ImmutableArray.CreateBuilder<ulong?>(Columns);
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            ReadOnlySpan<byte> column = text.Slice(ids.Count * ColumnWidth, ColumnWidth).TrimEnd((byte)' ');
            ulong? id = column.IsEmpty ? null : NamespaceLink.Parse(column, NamespaceKinds.NameOf(kind));
            if (id is null && (!column.IsEmpty || kind == NamespaceKind.Mount))
            {
                return null;
            }

            ids.Add(id);
        }

        return new NamespaceIds(ids.MoveToImmutable());
    }

    /// <summary>The columns alone.</summary>
    public static byte[] ColumnsOf(NamespaceIds ids)
    {
        byte[] text = Empty()[..(Columns * ColumnWidth)];
        for (int column = 0; column < Columns; column++)
        {
            if (ids.Ids[column] is ulong id)
            {
                _ = Encoding.ASCII.GetBytes(NamespaceLink.Of(NamespaceKinds.All[column], id), text.AsSpan(column * ColumnWidth));
            }
        }

        return text;
    }

    /// <summary>The empty columns, with room behind them for the kernel's text and the byte that ends it.</summary>
    public static byte[] Empty()
    {
        byte[] text = new byte[Length + 1];
        text.AsSpan(0, Columns * ColumnWidth).Fill((byte)' ');
        return text;
    }
}
