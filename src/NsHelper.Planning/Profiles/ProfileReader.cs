using System.Collections.Immutable;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// TOML to a Profile, strictly: what is unknown, misspelt, of the wrong kind or out of bounds is a fault at its place, and all
/// faults of a file come out together. Nothing is ever ignored.
/// </summary>
internal static class ProfileReader
{
    private const int Schema = 1;

    /// <summary>With the site settings of an installation that has none.</summary>
    public static ProfileReading Read(ProfileName name, ImmutableArray<ProfileText> layers) => Read(name, layers, SiteSettings.Default);

    /// <summary>Within the bounds of the site. Exactly one layer, in this version.</summary>
    public static ProfileReading Read(ProfileName name, ImmutableArray<ProfileText> layers, SiteSettings site)
    {
        if (layers.Length != 1)
        {
            throw new InvalidOperationException("a profile of more or fewer layers than one passed the caller");
        }

        TomlTable? document = TomlFile.Read(layers[0], out DiagnosticList diagnostics);
        if (document is null)
        {
            return new ProfileReading.Invalid(diagnostics.InOrder());
        }

        Profile profile = ReadProfile(name, new TableReader(document, diagnostics), site);
        return diagnostics.HasAny ? new ProfileReading.Invalid(diagnostics.InOrder()) : new ProfileReading.Valid(profile);
    }

    private static Profile ReadProfile(ProfileName name, TableReader top, SiteSettings site)
    {
        ReadSchema(top);
        ImmutableArray<CommandRule> commands = CommandReader.Read(top.Elements("command"));
        var profile = new Profile
        {
            Name = name,
            Location = top.Diagnostics.LocationOf(top.Span),
            Description = top.Text("description")?.Value ?? "",
            Enabled = top.Flag("enabled") ?? true,
            Message = top.Text("message")?.Value ?? "",
            Allow = AllowReader.Read(top, commands),
            Commands = commands,
            Namespaces = NamespaceReader.Read(top),
            Root = RootReader.Read(top),
            Protect = ProtectReader.Read(top, site),
            Mounts = MountReader.Read(top.Elements("mount"), site),
            Shares = ShareReader.Read(top.Elements("share"), site),
            Environment = EnvironmentReader.Read(top),
        };
        IdentityReader.Check(top);
        RefuseReserved(top);
        top.Finish(ProfileKeys.Top, ProfileKeys.TopLater);
        TargetRules.Check(top, profile);
        return profile;
    }

    private static void ReadSchema(TableReader top)
    {
        top.Require("schema", "write schema = 1 as the first line");
        top.Number("schema", Schema, Schema);
    }

    private static void RefuseReserved(TableReader top)
    {
        foreach (string key in ProfileKeys.Reserved)
        {
            top.RefuseKey(key, $"[{key}] needs schema 2", null);
        }

        if (top.Content.Find("limits")?.Table?.Find("cgroup") is TomlEntry cgroup)
        {
            top.Refuse(cgroup.KeySpan, "[limits.cgroup] needs schema 2", null);
            top.Take("limits");
        }
    }
}
