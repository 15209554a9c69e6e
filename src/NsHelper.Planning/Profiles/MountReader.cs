using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]]: each type with the keys that mean something for it.</summary>
internal static class MountReader
{
    /// <summary>Keys that only some types have.</summary>
    private static readonly string[] KeysOfSome = ["source", "source_as", "optional", "size", "inodes", "mode", "owner", "group", "create", "options", "propagation", "lower", "upper", "content"];

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

    /// <summary>As it is written; of a word that is none, what is meant without one.</summary>
    public static MountType TypeOf(TomlTable table) =>
        TableValues.TextOf(table, "type") is TomlText type && ProfileSchema.MountTypes.AsSpan().IndexOf(type.Value) is >= 0 and var index ? (MountType)index : MountType.Bind;

    public static MountType TypeOf(MountSettings mount) => mount switch
    {
        MountSettings.Tmpfs => MountType.Tmpfs,
        MountSettings.Kernel { FileSystem: KernelFileSystem.Proc } => MountType.Proc,
        MountSettings.Kernel { FileSystem: KernelFileSystem.Sysfs } => MountType.Sysfs,
        MountSettings.Kernel { FileSystem: KernelFileSystem.Devpts } => MountType.Devpts,
        MountSettings.Kernel { FileSystem: KernelFileSystem.Mqueue } => MountType.Mqueue,
        MountSettings.Mask => MountType.Mask,
        MountSettings.Symlink => MountType.Symlink,
        MountSettings.Directory => MountType.Directory,
        MountSettings.File => MountType.File,
        OverlaySettings => MountType.Overlay,
        _ => MountType.Bind,
    };

    private static MountSettings ReadMount(TableReader table, SiteSettings site)
    {
        int? type = table.Choice("type");
        TomlText? target = table.Text("target");
        if (type is null && table.Has("type"))
        {
            // Of a mount whose type is wrong, or of a later version, nobody knows which keys belong to it.
            foreach (string key in KeysOfSome)
            {
                table.Take(key);
            }
        }

        var mountType = (MountType)(type ?? 0);
        CheckTarget(table, target, mountType);
        if (mountType is MountType.Symlink or MountType.Directory or MountType.File)
        {
            RefuseKeys(table, ["order"], "what is made when all mounts are there", "what is mounted");
        }

        int? order = (int?)table.Number("order");
        MountSettings mount = mountType switch
        {
            MountType.Tmpfs => Tmpfs(table, target, site),
            MountType.Overlay => OverlayReader.Read(table, target, site),
            MountType.Proc => Kernel(table, target, KernelFileSystem.Proc),
            MountType.Sysfs => Kernel(table, target, KernelFileSystem.Sysfs),
            MountType.Devpts => Kernel(table, target, KernelFileSystem.Devpts),
            MountType.Mqueue => Kernel(table, target, KernelFileSystem.Mqueue),
            MountType.Mask => Mask(table, target),
            MountType.Symlink or MountType.Directory or MountType.File => EntryReader.Read(table, target, mountType),
            _ => Bind(table, target),
        };
        return mount with { Order = order };
    }

    // What parameters make of a path is for TemplateRules, which knows them.
    private static void CheckTarget(TableReader table, TomlText? target, MountType type)
    {
        if (target is TomlText text && !TemplateScan.HasParameter(text.Value) && AbsolutePath.TryParse(PathText.SampleOf(text.Value), out AbsolutePath? path)
            && !path.Value.IsRoot && MountPlaces.TargetFault(path.Value, type) is string fault)
        {
            table.Refuse(text.Span, $"{table.Name("target")} = \"{Escaped.Shown(text.Value)}\" {fault}", null);
        }
    }

    private static void CheckSource(TableReader table, TomlText? source)
    {
        if (source is TomlText text && !TemplateScan.HasParameter(text.Value)
            && PathText.Sample(table.Name("source"), text, table.Diagnostics) is AbsolutePath path && MountPlaces.SourceFault(path) is string fault)
        {
            table.Refuse(text.Span, $"source \"{Escaped.Shown(text.Value)}\" {fault}", null);
        }
    }

    /// <summary>What root opens is the administrator's choice alone.</summary>
    private static void CheckRootsSource(TableReader table, TomlText? source)
    {
        if (source is TomlText text && TemplateScan.HasParameter(text.Value))
        {
            table.Refuse(text.Span, "a source that is opened as root must not depend on a parameter", "leave source_as out: then it is opened with the rights of the caller");
        }

        if (table.Flag("optional") == true)
        {
            table.Refuse(table.SpanOf("optional"), "a source that is opened as root is not optional", "leave optional or source_as out");
        }
    }

    private static MountSettings.Bind Bind(TableReader table, TomlText? target)
    {
        RefuseKeys(table, ["size", "inodes", "mode", "owner", "group"], "a bind mount", "type = \"tmpfs\"");
        RefuseKeys(table, ["lower", "upper"], "a bind mount", "type = \"overlay\"");
        MountOptionWords options = MountOptionReader.Read(table);
        TomlText? source = table.Text("source");
        CheckSource(table, source);
        bool asRoot = table.Choice("source_as") == 1;
        if (asRoot)
        {
            CheckRootsSource(table, source ?? target);
        }

        return new MountSettings.Bind
        {
            Target = target?.Value ?? "",
            Source = (source ?? target)?.Value ?? "",
            SourceWrittenAt = DiagnosticList.LocationOf((source ?? target)?.Span ?? table.Span),
            Recursive = options.Recursive ?? true,
            AsRoot = asRoot,
            Options = options.Options,
            Propagation = PropagationOf(table),
            Optional = table.Flag("optional") ?? false,
            Create = CreateOf(table, CreateTarget.Auto),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static MountSettings.Tmpfs Tmpfs(TableReader table, TomlText? target, SiteSettings site)
    {
        RefuseKeys(table, ["source", "source_as", "optional"], "a tmpfs", "type = \"bind\"");
        RefuseKeys(table, ["lower", "upper"], "a tmpfs", "type = \"overlay\"");
        return new MountSettings.Tmpfs
        {
            Target = target?.Value ?? "",
            Size = Amounts.TmpfsSize(table, site),
            Inodes = Amounts.Inodes(table),
            Mode = Amounts.Mode(table) ?? Amounts.DefaultMode,
            Owner = PrincipalReader.Owner(table, "owner"),
            OwnerGroup = PrincipalReader.Owner(table, "group"),
            Options = OptionsOf(table, "a tmpfs"),
            Propagation = PropagationOf(table),
            Create = DirectoryOrNo(table, CreateOf(table, CreateTarget.Directory)),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static MountSettings.Kernel Kernel(TableReader table, TomlText? target, KernelFileSystem fileSystem)
    {
        string what = $"a mount of type {PlanWords.Of(fileSystem)}";
        RefuseKeys(table, ["source", "source_as", "optional"], what, "type = \"bind\"");
        RefuseKeys(table, ["size", "inodes", "mode", "owner", "group"], what, "type = \"tmpfs\"");
        return new MountSettings.Kernel
        {
            FileSystem = fileSystem,
            Target = target?.Value ?? "",
            Options = OptionsOf(table, what),
            Propagation = PropagationOf(table),
            Create = DirectoryOrNo(table, CreateOf(table, CreateTarget.Directory)),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static MountSettings.Mask Mask(TableReader table, TomlText? target)
    {
        RefuseKeys(table, ["source", "source_as", "create"], "a mask", "type = \"bind\"");
        RefuseKeys(table, ["size", "inodes", "mode", "owner", "group"], "a mask", "type = \"tmpfs\"");
        RefuseKeys(table, ["options", "propagation"], "a mask", "what can be seen");
        return new MountSettings.Mask
        {
            Target = target?.Value ?? "",
            Options = new MountOptions(ReadOnly: true, NoExec: true, NoAtime: false, NoSymFollow: false),
            Propagation = Propagation.Private,
            Create = CreateTarget.No,
            Optional = table.Flag("optional") ?? false,
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

    /// <summary>Of what has no source.</summary>
    private static MountOptions OptionsOf(TableReader table, string what)
    {
        MountOptionWords options = MountOptionReader.Read(table);
        if (options.Recursive is not null)
        {
            table.Refuse(table.SpanOf("options"), $"bind and rbind are no options of {what}", null);
        }

        return options.Options;
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
