using System.Collections.Immutable;

namespace NsHelper.Planning.Namespaces;

/// <summary>The namespaces of one process: inode numbers on nsfs, in the order of <see cref="NamespaceKinds.All"/>. Null where the kernel does not have the kind.</summary>
internal sealed record NamespaceIds(ImmutableArray<ulong?> Ids)
{
    public ulong? this[NamespaceKind kind] => Ids[NamespaceKinds.All.IndexOf(kind)];
}
