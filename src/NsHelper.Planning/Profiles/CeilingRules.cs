using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// The bounds of the site that a profile can be held to before there is a caller: its namespaces and its capabilities. Where its sources lie is
/// known when their specifiers are expanded, and asked by the planner.
/// </summary>
internal static class CeilingRules
{
    public static void Check(TableReader top, SiteCeiling ceiling)
    {
        foreach (NamespaceCeiling bound in ceiling.Namespaces)
        {
            CheckNamespace(top, bound);
        }

        if (ceiling.Capabilities is CapabilityCeiling capabilities && top.Table("capabilities") is TableReader table)
        {
            CheckCapabilities(table, "bounding", capabilities);
            CheckCapabilities(table, "ambient", capabilities);
        }
    }

    private static void CheckNamespace(TableReader top, NamespaceCeiling bound)
    {
        TableReader? table = top.Table("namespaces");
        if (table?.Content.Find(bound.Kind) is { IsWrong: true } || top.Content.Find("namespaces") is { IsWrong: true })
        {
            return;
        }

        TomlText? written = table?.Text(bound.Kind);
        string value = written?.Value ?? NamespaceReader.DefaultOf(bound.Kind);
        if (value != bound.Value)
        {
            SourceSpan place = written?.Span ?? table?.Span ?? top.Span;
            top.Refuse(
                place,
                $"namespaces.{bound.Kind} is \"{Escaped.Shown(value)}\", which {PlaceOf(bound.Location)} forbids",
                $"write {bound.Kind} = \"{bound.Value}\" in [namespaces]");
        }
    }

    private static void CheckCapabilities(TableReader table, string key, CapabilityCeiling bound)
    {
        foreach (TomlText text in table.Texts(key) ?? [])
        {
            if (!bound.Names.Contains(text.Value))
            {
                table.Refuse(
                    text.Span,
                    $"capabilities.{key} names {text.Value}, which {PlaceOf(bound.Location)} forbids",
                    bound.Names.IsEmpty ? "no capability is allowed on this site" : $"allowed: {Spelling.List([.. bound.Names])}");
            }
        }
    }

    private static string PlaceOf(SourceLocation location) => $"the ceiling of the site ({Escaped.Text(location.ToString())})";
}
