using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[mount]] of type symlink, directory or file: what is made on a file system of the session's own.</summary>
internal static class EntryReader
{
    private const int DefaultFileMode = 0x1a4; // 0644

    public static MountSettings Read(TableReader table, TomlText? target, MountType type)
    {
        string what = type switch
        {
            MountType.Symlink => "a symbolic link",
            MountType.Directory => "a directory that is made",
            _ => "a file that is made",
        };
        MountReader.RefuseKeys(table, ["options", "propagation", "create", "optional"], what, "what is mounted");
        MountReader.RefuseKeys(table, ["size", "inodes"], what, "type = \"tmpfs\"");
        MountReader.RefuseKeys(table, ["source_as"], what, "type = \"bind\"");
        MountReader.RefuseKeys(table, ["lower", "upper"], what, "type = \"overlay\"");
        if (type != MountType.File)
        {
            MountReader.RefuseKeys(table, ["content"], what, "type = \"file\"");
        }

        MountReader.RefuseKeys(table, type == MountType.Symlink ? ["mode", "owner", "group"] : ["source"], what, type == MountType.Symlink ? "type = \"directory\" and \"file\"" : "type = \"bind\" and \"symlink\"");
        return type switch
        {
            MountType.Symlink => new MountSettings.Symlink
            {
                Target = target?.Value ?? "",
                Source = SourceOf(table),
                Options = default,
                Propagation = Propagation.Inherit,
                Create = CreateTarget.No,
                Location = DiagnosticList.LocationOf(table.Span),
            },
            MountType.Directory => new MountSettings.Directory
            {
                Target = target?.Value ?? "",
                Mode = Amounts.Mode(table) ?? Amounts.DefaultMode,
                Owner = PrincipalReader.Owner(table, "owner"),
                OwnerGroup = PrincipalReader.Owner(table, "group"),
                Options = default,
                Propagation = Propagation.Inherit,
                Create = CreateTarget.No,
                Location = DiagnosticList.LocationOf(table.Span),
            },
            _ => new MountSettings.File
            {
                Target = target?.Value ?? "",
                Mode = Amounts.Mode(table) ?? DefaultFileMode,
                Owner = PrincipalReader.Owner(table, "owner"),
                OwnerGroup = PrincipalReader.Owner(table, "group"),
                Content = table.Text("content")?.Value ?? "",
                Options = default,
                Propagation = Propagation.Inherit,
                Create = CreateTarget.No,
                Location = DiagnosticList.LocationOf(table.Span),
            },
        };
    }

    private static string SourceOf(TableReader table)
    {
        TomlText? source = table.Text("source");
        if (source is { Value.Length: 0 } || !table.Has("source"))
        {
            table.Refuse(source?.Span ?? table.Span, "a symbolic link needs a text", "write source = \"/where/it/leads\", or a relative path");
        }

        return source?.Value ?? "";
    }
}
