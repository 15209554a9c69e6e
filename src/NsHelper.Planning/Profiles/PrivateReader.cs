using System.Collections.Immutable;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[[private]]: a directory of which each session, user, profile or group has an instance.</summary>
internal static class PrivateReader
{
    public static ImmutableArray<PrivateSettings> Read(ImmutableArray<TableReader> tables, SiteSettings site)
    {
        ImmutableArray<PrivateSettings>.Builder directories = ImmutableArray.CreateBuilder<PrivateSettings>(tables.Length);
        foreach (TableReader table in tables)
        {
            directories.Add(ReadPrivate(table, site));
            table.Finish();
        }

        return directories.ToImmutable();
    }

    private static PrivateSettings ReadPrivate(TableReader table, SiteSettings site)
    {
        bool onDisk = table.Choice("method") == 1;
        PrivateScope? written = table.Choice("scope") is int word ? (PrivateScope)word : null;
        PrivateScope scope = written ?? PrivateScope.Session;
        if (onDisk)
        {
            MountReader.RefuseKeys(table, ["size"], "a directory on disk", "method = \"tmpfs\"");
        }

        CheckKeep(table, onDisk, isOfSession: scope == PrivateScope.Session && (written is not null || !table.Has("scope")));
        return new PrivateSettings
        {
            Target = table.Text("target")?.Value ?? "",
            Scope = scope,
            Group = GroupOf(table, scope, isWritten: written is not null || !table.Has("scope")),
            OnDisk = onDisk,
            Mode = ModeOf(table, scope) ?? DefaultMode(scope),
            Size = Amounts.TmpfsSize(table, site),
            Location = DiagnosticList.LocationOf(table.Span),
        };
    }

    /// <summary>Memory ends with the boot, and nothing removes a directory when the last session that has it ends.</summary>
    private static void CheckKeep(TableReader table, bool onDisk, bool isOfSession)
    {
        bool? keep = table.Flag("keep");
        if (!onDisk && keep == true)
        {
            table.RefuseKey("keep", "a tmpfs does not outlive the boot", "write method = \"directory\"");
        }
        else if (onDisk && keep == false)
        {
            table.RefuseKey("keep", "nothing removes a directory on disk when its last session ends", "write method = \"tmpfs\", or leave keep out");
        }

        if (onDisk && isOfSession)
        {
            table.RefuseKey(table.Has("scope") ? "scope" : "method", "a directory on disk outlives the session, so it cannot be of one", "write scope = \"user\", or method = \"tmpfs\"");
        }
    }

    private static PrincipalRule? GroupOf(TableReader table, PrivateScope scope, bool isWritten)
    {
        if (scope == PrivateScope.Group)
        {
            table.Require("group", "the group whose members have the directory");
        }
        else if (isWritten && table.Has("group"))
        {
            table.RefuseKey("group", "only a directory of scope group has a group", "write scope = \"group\"");
            return null;
        }

        return PrincipalReader.Group(table, "group");
    }

    private static int? ModeOf(TableReader table, PrivateScope scope)
    {
        int? bits = Amounts.Mode(table);
        if (bits is int written && Amounts.HasForbiddenBits(written, mayHaveSetGroupId: scope == PrivateScope.Group) && table.Text("mode") is TomlText text)
        {
            table.Refuse(text.Span, $"\"{text.Value}\" has a setuid or setgid bit", "accepted: \"0000\" to \"1777\"; setgid in a directory of scope group");
        }

        return bits;
    }

    private static int DefaultMode(PrivateScope scope) => scope switch
    {
        PrivateScope.Group => ShareReader.GroupMode,
        PrivateScope.Profile => ShareReader.GlobalMode,
        _ => ShareReader.UserMode,
    };
}
