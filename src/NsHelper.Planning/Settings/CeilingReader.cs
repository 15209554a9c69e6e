using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Settings;

/// <summary>[ceiling]. An empty list is a bound: nothing is allowed then.</summary>
internal static class CeilingReader
{
    public static SiteCeiling Read(TableReader top)
    {
        if (top.Table("ceiling") is not TableReader table)
        {
            return SiteCeiling.None;
        }

        var ceiling = new SiteCeiling
        {
            Capabilities = table.Texts("capabilities") is ImmutableArray<TomlText> names
                ? new CapabilityCeiling(ValuesOf(names), PlaceOf(table, "capabilities"))
                : null,
            NoNewPrivileges = table.Flag("no_new_privileges") == true ? PlaceOf(table, "no_new_privileges") : null,
            Namespaces = NamespacesOf(table.Table("namespaces")),
            Sources = table.Texts("mount_sources_below") is ImmutableArray<TomlText> paths
                ? new SourceCeiling(PathsOf(paths), PlaceOf(table, "mount_sources_below"))
                : null,
        };
        table.Finish();
        return ceiling;
    }

    private static SourceLocation PlaceOf(TableReader table, string key) => DiagnosticList.LocationOf(table.SpanOf(key));

    private static ImmutableArray<NamespaceCeiling> NamespacesOf(TableReader? table)
    {
        var bounds = ImmutableArray.CreateBuilder<NamespaceCeiling>();
        foreach (TomlEntry entry in table?.Content.Entries ?? [])
        {
            if (table?.Text(entry.Key) is TomlText text)
            {
                bounds.Add(new NamespaceCeiling(entry.Key, text.Value, DiagnosticList.LocationOf(text.Span)));
            }
        }

        return bounds.ToImmutable();
    }

    private static ImmutableArray<string> ValuesOf(ImmutableArray<TomlText> texts)
    {
        var values = ImmutableArray.CreateBuilder<string>(texts.Length);
        foreach (TomlText text in texts)
        {
            values.Add(text.Value);
        }

        return values.MoveToImmutable();
    }

    private static ImmutableArray<AbsolutePath> PathsOf(ImmutableArray<TomlText> texts)
    {
        var paths = ImmutableArray.CreateBuilder<AbsolutePath>(texts.Length);
        foreach (TomlText text in texts)
        {
            paths.Add(AbsolutePath.Parse(text.Value));
        }

        return paths.MoveToImmutable();
    }
}
