using System.Collections.Immutable;

namespace NsHelper.Planning.Namespaces;

/// <summary>The namespaces of one process: inode numbers on nsfs, by kind. Null where the kernel does not have the kind.</summary>
internal sealed record NamespaceIds(ImmutableDictionary<NamespaceKind, ulong> Ids)
{
    public ulong? this[NamespaceKind kind] => Ids.TryGetValue(kind, out ulong id) ? id : null;
}
