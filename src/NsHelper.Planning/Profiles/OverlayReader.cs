using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]] of type overlay. A layer is never the user's choice: `lower` knows no specifier and no parameter, and `upper` is a word.</summary>
internal static class OverlayReader
{
    public const int MostLowers = 16;

    public static OverlaySettings Read(TableReader table, TomlText? target, SiteSettings site)
    {
        MountReader.RefuseKeys(table, ["source", "source_as", "optional", "mode", "owner", "group"], "an overlay", "another type");
        MountOptionWords options = MountOptionReader.Read(table);
        if (options.Recursive is not null)
        {
            table.Refuse(table.SpanOf("options"), "bind and rbind are no options of an overlay", null);
        }

        ImmutableArray<AbsolutePath> lowers = LowersOf(table);
        var upper = (UpperChoice)(table.Choice("upper") ?? 0);
        if (upper != UpperChoice.Tmpfs)
        {
            MountReader.RefuseKeys(table, ["size", "inodes"], $"an overlay with upper = \"{table.Text("upper")?.Value}\"", "upper = \"tmpfs\"");
        }

        if (upper == UpperChoice.User && target is TomlText text && TemplateScan.HasParameter(text.Value))
        {
            // A user could have as many directories as there are values.
            table.Refuse(text.Span, "the target of an overlay that is kept for the user must not depend on a parameter", "write upper = \"session\" or \"tmpfs\"");
        }

        return new OverlaySettings
        {
            Target = target?.Value ?? "",
            Lowers = lowers,
            LowersWrittenAt = DiagnosticList.LocationOf(table.Has("lower") ? table.SpanOf("lower") : table.Span),
            Upper = upper,
            Size = upper == UpperChoice.Tmpfs ? Amounts.TmpfsSize(table, site) : 0,
            Inodes = upper == UpperChoice.Tmpfs ? Amounts.Inodes(table) : 0,
            Options = options.Options,
            Propagation = MountReader.PropagationOf(table),
            Create = MountReader.DirectoryOrNo(table, MountReader.CreateOf(table, CreateTarget.Directory)),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static ImmutableArray<AbsolutePath> LowersOf(TableReader table)
    {
        ImmutableArray<TomlText>? texts = table.Texts("lower");
        if (texts is not { Length: > 0 } written)
        {
            // What has the wrong form was reported by the schema.
            if (!table.Has("lower") || texts is { Length: 0 })
            {
                table.Refuse(table.Has("lower") ? table.SpanOf("lower") : table.Span, "an overlay needs a lower directory", "write lower = [\"/srv/tree\"]");
            }

            return [];
        }

        if (written.Length > MostLowers)
        {
            table.Refuse(table.SpanOf("lower"), $"an overlay has at most {MostLowers} lower directories", null);
        }

        var lowers = ImmutableArray.CreateBuilder<AbsolutePath>(written.Length);
        foreach (TomlText text in written)
        {
            // What is no path was reported by the schema.
            if (AbsolutePath.TryParse(text.Value, out AbsolutePath? path))
            {
                lowers.Add(path.Value);
            }
        }

        return lowers.ToImmutable();
    }
}
