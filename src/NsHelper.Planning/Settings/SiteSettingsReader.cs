using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Settings;

/// <summary>
/// nshelper.toml and its drop-ins: each file is checked by the strict reader, then their scalars are layered by
/// Microsoft.Extensions.Configuration, the last file on top.
/// </summary>
internal static class SiteSettingsReader
{
    public static SiteSettingsReading Read(ImmutableArray<ProfileText> layers)
    {
        if (layers.IsEmpty)
        {
            return new SiteSettingsReading.Valid(SiteSettings.Default);
        }

        var diagnostics = new DiagnosticList();
        var builder = new ConfigurationBuilder();
        foreach (ProfileText layer in layers)
        {
            if (TomlFile.Read(layer, diagnostics) is TomlTable document)
            {
                new SchemaCheck(diagnostics).Check(document, SiteSchema.Top);
                builder.Add(Scalars(new TableReader(document, SiteSchema.Top, diagnostics)));
            }
        }

        if (diagnostics.HasAny || !diagnostics.Warnings.IsEmpty)
        {
            return new SiteSettingsReading.Invalid(diagnostics.InOrder().AddRange(diagnostics.Warnings));
        }

        var binding = new SiteBinding();
        builder.Build().Bind(binding);
        return Settings(binding, layers[^1]);
    }

    private static SiteScalars Scalars(TableReader top)
    {
        var scalars = new SiteScalars();
        if (top.Table("log") is TableReader log)
        {
            ReadLog(log, scalars);
        }

        if (top.Table("tmpfs") is TableReader tmpfs)
        {
            AddNumber(scalars, "Tmpfs:DefaultSize", Amounts.Size(tmpfs, "default_size"));
            AddNumber(scalars, "Tmpfs:MaxSize", Amounts.Size(tmpfs, "max_size"));
            tmpfs.Finish();
        }

        top.Finish();
        return scalars;
    }

    private static void ReadLog(TableReader log, SiteScalars scalars)
    {
        AddNumber(scalars, "Log:Level", log.Choice("level"));
        AddNumber(scalars, "Log:Args", log.Choice("args"));
        AddWord(scalars, "Log:Required", log.Flag("required")?.ToString());
        LogFacility[] numbers =
        [
            LogFacility.Auth, LogFacility.AuthPriv, LogFacility.Local0, LogFacility.Local1, LogFacility.Local2,
            LogFacility.Local3, LogFacility.Local4, LogFacility.Local5, LogFacility.Local6, LogFacility.Local7,
        ];
        AddNumber(scalars, "Log:Facility", log.Choice("facility") is int facility ? (int)numbers[facility] : null);
        log.Finish();
    }

    private static void AddWord(SiteScalars scalars, string key, string? word)
    {
        if (word is not null)
        {
            scalars.Add(key, word);
        }
    }

    private static void AddNumber(SiteScalars scalars, string key, long? number) => AddWord(scalars, key, number?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Without a default_size of its own the site has the usual one, as far as its max_size lets it.</summary>
    private static SiteSettingsReading Settings(SiteBinding binding, ProfileText last)
    {
        long defaultSize = binding.Tmpfs.DefaultSize ?? Math.Min(SiteSettings.Default.TmpfsDefaultSize, binding.Tmpfs.MaxSize);
        if (defaultSize > binding.Tmpfs.MaxSize)
        {
            // The two may stand in two files, so there is no one line to point at.
            return new SiteSettingsReading.Invalid([new Diagnostic
            {
                Location = new SourceLocation(last.File, 1, 1),
                Message = $"tmpfs.default_size ({defaultSize} bytes) is larger than tmpfs.max_size ({binding.Tmpfs.MaxSize} bytes)",
                SourceLine = "",
                Length = 1,
            }]);
        }

        return new SiteSettingsReading.Valid(new SiteSettings
        {
            LogLevel = (LogLevel)binding.Log.Level,
            LogArguments = (LogArguments)binding.Log.Args,
            LogRequired = binding.Log.Required,
            LogFacility = (LogFacility)binding.Log.Facility,
            TmpfsDefaultSize = defaultSize,
            TmpfsMaxSize = binding.Tmpfs.MaxSize,
        });
    }
}
