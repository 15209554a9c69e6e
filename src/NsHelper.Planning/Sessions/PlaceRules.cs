using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The rules of a session about places: whether a path may be written to and whether programs start there, by the nearest rule at or above it.</summary>
internal sealed class PlaceRules(Isolation isolation)
{
    private readonly List<ProtectedPlace> places = [];

    public IReadOnlyList<ProtectedPlace> All => places;

    public void Add(ProtectedPlace place) => places.Add(place);

    public bool IsReadOnly(AbsolutePath path) => Nearest(path, PlaceRule.ReadOnly, PlaceRule.ReadWrite) is { } place ? place.Rule == PlaceRule.ReadOnly : isolation.RootReadOnly;

    public bool IsNoExec(AbsolutePath path) => Nearest(path, PlaceRule.NoExec, PlaceRule.Exec) is { } place ? place.Rule == PlaceRule.NoExec : isolation.RootNoExec;

    /// <summary>What a self-bind at this path would change for it.</summary>
    public bool ChangesAt(AbsolutePath path)
    {
        AbsolutePath parent = AbsolutePath.Parse(path.Depth == 1 ? "/" : path.Text[..path.Text.LastIndexOf('/')]);
        return IsReadOnly(path) != IsReadOnly(parent) || IsNoExec(path) != IsNoExec(parent);
    }

    private ProtectedPlace? Nearest(AbsolutePath path, PlaceRule strict, PlaceRule loose)
    {
        ProtectedPlace? nearest = null;
        foreach (ProtectedPlace place in places)
        {
            if ((place.Rule == strict || place.Rule == loose) && path.IsAtOrBelow(place.Path) && (nearest is null || Overrides(place, nearest, strict)))
            {
                nearest = place;
            }
        }

        return nearest;
    }

    private static bool Overrides(ProtectedPlace place, ProtectedPlace other, PlaceRule strict) =>
        place.Path.Depth != other.Path.Depth ? place.Path.Depth > other.Path.Depth
        : place.Authority != other.Authority ? place.Authority > other.Authority
        : place.Rule == strict;
}
