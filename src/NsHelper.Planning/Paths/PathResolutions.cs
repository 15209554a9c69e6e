using System.Collections.Immutable;

namespace NsHelper.Planning.Paths;

/// <summary>
/// Where targets lie that the profile names through the administrator's own symbolic links (/var/run for /run): written path to
/// path without links. The executor opens the latter and refuses any link it then meets.
/// </summary>
internal sealed record PathResolutions(ImmutableDictionary<AbsolutePath, AbsolutePath> Resolved)
{
    public static PathResolutions None { get; } = new(ImmutableDictionary<AbsolutePath, AbsolutePath>.Empty);

    public AbsolutePath Of(AbsolutePath path) => Resolved.GetValueOrDefault(path, path);
}
