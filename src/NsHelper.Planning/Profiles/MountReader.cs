using System.Collections.Immutable;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]]: bind and tmpfs, in this version.</summary>
internal static class MountReader
{
    public static ImmutableArray<MountSettings> Read(ImmutableArray<TableReader> tables, SiteSettings site)
    {
        ImmutableArray<MountSettings>.Builder mounts = ImmutableArray.CreateBuilder<MountSettings>(tables.Length);
        foreach (TableReader table in tables)
        {
            mounts.Add(ReadMount(table, site));
            table.Finish();
        }

        return mounts.ToImmutable();
    }

    private static MountSettings ReadMount(TableReader table, SiteSettings site)
    {
        int? type = table.Choice("type");
        TomlText? target = table.Text("target");
        if (type == 2)
        {
            return OverlayReader.Read(table, target, site);
        }

        MountOptionWords options = MountOptionReader.Read(table);
        if (type is null && table.Has("type"))
        {
            // Of a mount whose type is wrong, or of a later version, nobody knows which keys belong to it.
            foreach (string key in (ReadOnlySpan<string>)["source", "optional", "size", "inodes", "mode", "lower", "upper"])
            {
                table.Take(key);
            }
        }

        return type == 1 ? Tmpfs(table, target, options, site) : Bind(table, target, options);
    }

    private static MountSettings.Bind Bind(TableReader table, TomlText? target, MountOptionWords options)
    {
        RefuseKeys(table, ["size", "inodes", "mode"], "a bind mount", "type = \"tmpfs\"");
        RefuseKeys(table, ["lower", "upper"], "a bind mount", "type = \"overlay\"");
        TomlText? source = table.Text("source");
        return new MountSettings.Bind
        {
            Target = target?.Value ?? "",
            Source = (source ?? target)?.Value ?? "",
            SourceWrittenAt = DiagnosticList.LocationOf((source ?? target)?.Span ?? table.Span),
            Recursive = options.Recursive ?? true,
            Options = options.Options,
            Propagation = PropagationOf(table),
            Optional = table.Flag("optional") ?? false,
            Create = CreateOf(table, CreateTarget.Auto),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static MountSettings.Tmpfs Tmpfs(TableReader table, TomlText? target, MountOptionWords options, SiteSettings site)
    {
        RefuseKeys(table, ["source", "optional"], "a tmpfs", "type = \"bind\"");
        RefuseKeys(table, ["lower", "upper"], "a tmpfs", "type = \"overlay\"");
        if (options.Recursive is not null)
        {
            table.Refuse(table.SpanOf("options"), "bind and rbind are no options of a tmpfs", null);
        }

        return new MountSettings.Tmpfs
        {
            Target = target?.Value ?? "",
            Size = Amounts.TmpfsSize(table, site),
            Inodes = Amounts.Inodes(table),
            Mode = Amounts.Mode(table) ?? Amounts.DefaultMode,
            Options = options.Options,
            Propagation = PropagationOf(table),
            Create = DirectoryOrNo(table, CreateOf(table, CreateTarget.Directory)),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    public static CreateTarget CreateOf(TableReader table, CreateTarget automatic) => table.Choice("create") switch
    {
        1 => CreateTarget.No,
        2 => CreateTarget.Directory,
        3 => CreateTarget.File,
        _ => automatic,
    };

    /// <summary>A file cannot carry what is a directory.</summary>
    public static CreateTarget DirectoryOrNo(TableReader table, CreateTarget create)
    {
        if (create == CreateTarget.File)
        {
            table.Refuse(table.SpanOf("create"), "a file cannot be the target of a directory", "accepted: auto, no, dir");
        }

        return create;
    }

    public static Propagation PropagationOf(TableReader table) => table.Choice("propagation") switch
    {
        0 => Propagation.Private,
        1 => Propagation.Slave,
        2 => Propagation.Shared,
        3 => Propagation.Unbindable,
        4 => Propagation.Unchanged,
        _ => Propagation.Inherit,
    };

    /// <summary>A key that would do nothing is a mistake, not a remark.</summary>
    public static void RefuseKeys(TableReader table, ReadOnlySpan<string> keys, string what, string owner)
    {
        foreach (string key in keys)
        {
            if (table.Content.Find(key) is { WasRead: true })
            {
                continue;
            }

            table.RefuseKey(key, $"{what} has no \"{key}\"", $"\"{key}\" goes with {owner}");
        }
    }
}
