using System.Collections.Immutable;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// TOML to a Profile, strictly: what is unknown, misspelt, of the wrong kind or out of bounds is a fault at its place, and all
/// faults of a file come out together. Nothing is ever ignored.
/// </summary>
internal static class ProfileReader
{
    /// <summary>With the site settings of an installation that has none.</summary>
    public static ProfileReading Read(ProfileName name, ImmutableArray<ProfileText> files) => Read(name, files, SiteSettings.Default);

    /// <summary>Of the profile's own files alone: a parent is one that does not exist.</summary>
    public static ProfileReading Read(ProfileName name, ImmutableArray<ProfileText> files, SiteSettings site)
    {
        var assembly = new ProfileAssembly(name, site);
        assembly.Supply(files);
        while (assembly.Wanted is not null)
        {
            assembly.Supply([]);
        }

        return assembly.Read();
    }

    /// <summary>The profile that a merged table says; faults go to the list.</summary>
    public static Profile Read(ProfileName name, TomlTable merged, DiagnosticList diagnostics, SiteSettings site)
    {
        var top = new TableReader(merged, ProfileSchema.Top, diagnostics);
        top.Take("schema");
        top.Take("extends");
        bool isAbstract = top.Flag("abstract") ?? false;
        ImmutableArray<Parameter> parameters = ParameterReader.Read(top.Table("parameters"));
        ImmutableArray<CommandRule> commands = CommandReader.Read(top.Elements("command"), parameters);
        NamespaceSettings namespaces = NamespaceReader.Read(top);
        AllowRules allow = AllowReader.Read(top, commands, isAbstract);
        var profile = new Profile
        {
            Name = name,
            Location = DiagnosticList.LocationOf(top.Span),
            Description = top.Text("description")?.Value ?? "",
            IsAbstract = isAbstract,
            Enabled = top.Flag("enabled") ?? true,
            Message = top.Text("message")?.Value ?? "",
            Allow = allow,
            Commands = commands,
            Parameters = parameters,
            Namespaces = namespaces,
            Sessions = SessionReader.Read(top, site),
            Supervision = SupervisionReader.Read(top, namespaces),
            Root = RootReader.Read(top, site),
            Protect = ProtectReader.Read(top, site),
            Mounts = MountReader.Read(top.Elements("mount"), site),
            Privates = PrivateReader.Read(top.Elements("private"), site),
            Shares = ShareReader.Read(top.Elements("share"), site, namespaces),
            Environment = EnvironmentReader.Read(top),
            Identity = IdentityReader.Read(top),
            Login = LoginReader.Read(top, allow),
            Limits = LimitsReader.Read(top),
            Gate = site.Gate,
            SourceCeiling = site.Ceiling.Sources,
        };
        top.Finish();
        TargetRules.Check(top, profile);
        TemplateRules.Check(top, parameters);
        new CeilingRules(name, top, site).Check();
        UserWritableRules.Check(merged, diagnostics);
        NewPrivilegesRules.Check(merged, diagnostics);
        return profile;
    }
}
