namespace NsHelper.Planning.Mounts;

/// <summary>The order of a tree of paths: a directory before what lies below it, and that before its next sibling; "/a/b" stands before "/a-b".</summary>
internal static class PathOrder
{
    public static int Compare(ByteString left, ByteString right)
    {
        ReadOnlySpan<byte> a = left.Span;
        ReadOnlySpan<byte> b = right.Span;
        int common = a.CommonPrefixLength(b);
        return common == a.Length || common == b.Length ? a.Length.CompareTo(b.Length) : Rank(a[common]).CompareTo(Rank(b[common]));
    }

    /// <summary>Whether <paramref name="path"/> lies below <paramref name="directory"/>, by their parts.</summary>
    public static bool IsBelow(ByteString path, ByteString directory)
    {
        ReadOnlySpan<byte> inner = path.Span;
        ReadOnlySpan<byte> outer = directory.Span;
        return inner.Length > outer.Length && inner.StartsWith(outer) && (outer is [.., (byte)'/'] || inner[outer.Length] == (byte)'/');
    }

    private static int Rank(byte value) => value == (byte)'/' ? -1 : value;
}
