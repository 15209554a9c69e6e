using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[share]]: one name, one directory, live in every session that has it.</summary>
internal static class ShareReader
{
    public const int UserMode = 0x1c0; // 0700
    public const int GroupMode = 0x5f8; // 2770
    public const int GlobalMode = 0x3ff; // 1777

    public static ImmutableArray<ShareSettings> Read(ImmutableArray<TableReader> tables, SiteSettings site, NamespaceSettings namespaces)
    {
        ImmutableArray<ShareSettings>.Builder shares = ImmutableArray.CreateBuilder<ShareSettings>(tables.Length);
        foreach (TableReader table in tables)
        {
            TomlText? name = table.Text("name");
            ProfileName? parsed = name is null ? null : ProfileName.Parse(name.Value);
            TomlText? target = table.Text("target");
            if (parsed is not null && name is not null && Has(shares, parsed.Value))
            {
                table.Refuse(name.Span, $"share \"{parsed}\" is defined twice", null);
            }

            shares.Add(ReadShare(table, parsed ?? ProfileName.Parse("unnamed"), target?.Value ?? "", site, namespaces));
            table.Finish();
        }

        return shares.ToImmutable();
    }

    private static bool Has(ImmutableArray<ShareSettings>.Builder shares, ProfileName name)
    {
        foreach (ShareSettings share in shares)
        {
            if (share.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private static ShareSettings ReadShare(TableReader table, ProfileName name, string target, SiteSettings site, NamespaceSettings namespaces)
    {
        ShareScope? written = table.Choice("scope") switch
        {
            0 => ShareScope.User,
            1 => ShareScope.Group,
            2 => ShareScope.Global,
            3 => ShareScope.Profile,
            _ => null,
        };
        ShareScope scope = written ?? ShareScope.User;
        (ShareSource source, AbsolutePath? path) = SourceOf(table);
        if (source == ShareSource.Directory)
        {
            MountReader.RefuseKeys(table, ["size", "mode"], "a share of an existing directory", "source = \"tmpfs\"");
        }
        else if (source == ShareSource.Disk)
        {
            MountReader.RefuseKeys(table, ["size"], "a share on disk", "source = \"tmpfs\"");
        }


        return new ShareSettings
        {
            Name = name,
            Target = target,
            Scope = scope,
            Group = GroupOf(table, written),
            Source = source,
            EndsWithLastSession = IsUntilLastSession(table, source, namespaces),
            SourcePath = path,
            SourceWrittenAt = DiagnosticList.LocationOf(table.Text("source")?.Span ?? table.Span),
            ReadOnly = table.Choice("access") == 1,
            Mode = ModeOf(table, scope) ?? DefaultMode(scope),
            Size = Amounts.TmpfsSize(table, site),
            Propagation = table.Choice("propagation") switch
            {
                1 => Propagation.Slave,
                2 => Propagation.Private,
                _ => Propagation.Shared,
            },
            Create = MountReader.DirectoryOrNo(table, MountReader.CreateOf(table, CreateTarget.Directory)),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    private static int? ModeOf(TableReader table, ShareScope scope)
    {
        int? bits = Amounts.Mode(table);
        if (bits is int written && Amounts.HasForbiddenBits(written, mayHaveSetGroupId: scope == ShareScope.Group) && table.Text("mode") is TomlText text)
        {
            table.Refuse(text.Span, $"\"{text.Value}\" has a setuid or setgid bit", "accepted: \"0000\" to \"1777\"; setgid in a share of scope group");
        }

        return bits;
    }

    private static PrincipalRule? GroupOf(TableReader table, ShareScope? scope)
    {
        if (scope == ShareScope.Group)
        {
            table.Require("group", "the group whose members have the share");
        }
        else if (scope is not null && table.Has("group"))
        {
            table.RefuseKey("group", "only a share of scope group has a group", "write scope = \"group\"");
            return null;
        }

        return PrincipalReader.Group(table, "group");
    }

    private static (ShareSource Source, AbsolutePath? Path) SourceOf(TableReader table)
    {
        string text = table.Text("source")?.Value ?? "tmpfs";
        return AbsolutePath.TryParse(text, out AbsolutePath? path) ? (ShareSource.Directory, path)
            : text == "disk" ? (ShareSource.Disk, null)
            : (ShareSource.Tmpfs, null);
    }

    /// <summary>Only what the source holds by itself: memory ends with the boot, and nothing empties a directory.</summary>
    private static bool IsUntilLastSession(TableReader table, ShareSource source, NamespaceSettings namespaces)
    {
        const string lifetime = "lifetime";
        bool isMemory = source == ShareSource.Tmpfs;
        switch (table.Choice(lifetime))
        {
            case 0 when !isMemory:
                table.RefuseKey(lifetime, "a directory outlives its sessions", "write lifetime = \"forever\", or source = \"tmpfs\"");
                return false;
            case 0 when !namespaces.PrivatePid:
                table.RefuseKey(lifetime, "without a process namespace of its own nobody knows when a session has ended", "write pid = \"private\" in [namespaces]");
                return false;
            case 0:
                return true;
            case 1 when !isMemory:
                table.RefuseKey(lifetime, "a directory outlives the boot", "write lifetime = \"forever\", or source = \"tmpfs\"");
                return false;
            case 2 when isMemory:
                table.RefuseKey(lifetime, "a tmpfs does not outlive the boot", "write source = \"disk\", or lifetime = \"boot\"");
                return false;
            default:
                return false;
        }
    }

    private static int DefaultMode(ShareScope scope) => scope switch
    {
        ShareScope.User => UserMode,
        ShareScope.Group => GroupMode,
        _ => GlobalMode,
    };
}
