using NsHelper.Planning.Paths;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// The bounds of the site that a profile can be held to before there is a caller: its namespaces, its capabilities, and its sources as they are
/// written. Where a source lies that has specifiers or parameters is known when they are expanded, and asked by the planner.
/// </summary>
internal sealed class CeilingRules(ProfileName profile, TableReader top, SiteSettings site)
{
    public void Check()
    {
        SiteCeiling ceiling = site.Ceiling;
        foreach (NamespaceCeiling bound in ceiling.Namespaces)
        {
            CheckNamespace(bound);
        }

        if (ceiling.Sources is SourceCeiling sources)
        {
            CheckSources(sources);
        }

        if (ceiling.NoNewPrivileges is SourceLocation place && top.Table("identity") is TableReader identity && identity.Flag("no_new_privileges") == false)
        {
            Refuse(identity.SpanOf("no_new_privileges"), $"identity.no_new_privileges is false, which {PlaceOf(place)} forbids", "write true, or leave it out");
        }

        if (ceiling.Capabilities is CapabilityCeiling capabilities && top.Table("capabilities") is TableReader table)
        {
            CheckCapabilities(table, "bounding", capabilities);
            CheckCapabilities(table, "ambient", capabilities);
        }
    }

    private void CheckNamespace(NamespaceCeiling bound)
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
            // The head of a table that the site wrote is no place for what the profile does not say.
            SourceSpan place = written?.Span ?? (table is not null && !IsOfSite(table.Span) ? table.Span : top.Span);
            Refuse(
                place,
                $"namespaces.{bound.Kind} is \"{Escaped.Shown(value)}\", which {PlaceOf(bound.Location)} forbids",
                $"write {bound.Kind} = \"{bound.Value}\" in [namespaces]");
        }
    }

    private void CheckCapabilities(TableReader table, string key, CapabilityCeiling bound)
    {
        foreach (TomlText text in table.Texts(key) ?? [])
        {
            if (!bound.Names.Contains(text.Value))
            {
                Refuse(
                    text.Span,
                    $"capabilities.{key} names {text.Value}, which {PlaceOf(bound.Location)} forbids",
                    bound.Names.IsEmpty ? "no capability is allowed on this site" : $"allowed: {Spelling.List([.. bound.Names])}");
            }
        }
    }

    private void CheckSources(SourceCeiling bound)
    {
        foreach (TomlTable mount in TableValues.ElementsOf(top.Content, "mount"))
        {
            if (mount.Find("type") is null || TableValues.TextOf(mount, "type")?.Value == "bind")
            {
                CheckSource("mount", TableValues.TextOf(mount, mount.Find("source") is null ? "target" : "source"), bound);
            }
        }

        if (top.Table("root") is TableReader root)
        {
            CheckSource("root", TableValues.TextOf(root.Content, "directory"), bound);
        }

        foreach (TomlTable share in TableValues.ElementsOf(top.Content, "share"))
        {
            CheckSource("share", TableValues.TextOf(share, "source"), bound);
        }
    }

    private void CheckSource(string what, TomlText? source, SourceCeiling bound)
    {
        if (source is { } text && !text.Value.AsSpan().ContainsAny("%{}") && AbsolutePath.TryParse(text.Value, out AbsolutePath? path)
            && bound.Fault(what, path.Value) is string fault)
        {
            Refuse(text.Span, fault, bound.Directories.IsEmpty ? "no source is allowed on this site" : $"allowed at or below: {bound.Shown}");
        }
    }

    /// <summary>Of what the site's own defaults say, the place alone does not tell which profile leaves it so.</summary>
    private void Refuse(SourceSpan place, string message, string hint) =>
        top.Diagnostics.Report(LintRule.Ceiling, place, IsOfSite(place) ? $"in profile \"{profile}\" {message}" : message, hint);

    private bool IsOfSite(SourceSpan place)
    {
        foreach (ProfileText file in site.Defaults?.Files ?? [])
        {
            if (file.File == place.FileName)
            {
                return true;
            }
        }

        return false;
    }

    private static string PlaceOf(SourceLocation location) => $"the ceiling of the site ({Escaped.Text(location.ToString())})";
}
