using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Settings;

/// <summary>
/// nshelper.toml and its drop-ins: each file is checked by the strict reader, then their scalars are layered by
/// Microsoft.Extensions.Configuration, the last file on top, and their tables by <see cref="TableMerge"/>, as those of a profile are.
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
        var merge = new TableMerge(diagnostics);
        TomlTable? tables = null;
        SourceSpan sizes = DiagnosticList.StartOf(layers[^1].File);
        foreach (ProfileText layer in layers)
        {
            if (ReadFile(layer, diagnostics) is TomlTable document)
            {
                builder.Add(Scalars(new TableReader(document, SiteSchema.Top, diagnostics)));
                sizes = SizesIn(document) ?? sizes;
                tables = merge.Merge(SiteSchema.Top, tables ?? document.Empty(), document.Without(IsScalarTable));
            }
        }

        if (diagnostics.HasAny || tables is null)
        {
            return new SiteSettingsReading.Invalid(diagnostics.InOrder());
        }

        var binding = new SiteBinding();
        builder.Build().Bind(binding);
        return Settings(binding, tables, layers, sizes, diagnostics);
    }

    /// <summary>What is wrong with one drop-in by itself: what it changes or removes lies in other files.</summary>
    public static ImmutableArray<Diagnostic> MistakesOfDropIn(ProfileText file)
    {
        var diagnostics = new DiagnosticList();
        _ = ReadFile(file, diagnostics);
        return diagnostics.InOrder();
    }

    private static TomlTable? ReadFile(ProfileText file, DiagnosticList diagnostics)
    {
        TomlTable? document = TomlFile.Read(file, diagnostics);
        if (document is not null)
        {
            new SchemaCheck(SiteSchema.Top, diagnostics).Check(document);
        }

        return document;
    }

    /// <summary>The place of the bound of a tmpfs; where the file has none, of the size.</summary>
    private static SourceSpan? SizesIn(TomlTable document) =>
        TableValues.TableOf(document, "tmpfs") is TomlTable tmpfs ? (tmpfs.Find("max_size") ?? tmpfs.Find("default_size"))?.KeySpan : null;

    private static bool IsScalarTable(string key) => key is "log" or "tmpfs" or "sessions";

    private static SiteScalars Scalars(TableReader top)
    {
        var scalars = new SiteScalars();
        if (top.Table("log") is TableReader log)
        {
            ReadLog(log, scalars);
        }

        if (top.Table("tmpfs") is TableReader tmpfs)
        {
            AddNumber(scalars, "TmpfsDefaultSize", Amounts.Size(tmpfs, "default_size"));
            AddNumber(scalars, "TmpfsMaxSize", Amounts.Size(tmpfs, "max_size"));
            tmpfs.Finish();
        }

        if (top.Table("sessions") is TableReader sessions)
        {
            AddNumber(scalars, "SessionsMaxPerUser", sessions.Number("max_per_user"));
            AddNumber(scalars, "SessionsMaxTotal", sessions.Number("max_total"));
            AddNumber(scalars, "SessionsStopTimeout", Amounts.Seconds(sessions, "stop_timeout"));
            sessions.Finish();
        }

        return scalars;
    }

    private static void ReadLog(TableReader log, SiteScalars scalars)
    {
        AddNumber(scalars, "LogLevel", log.Choice("level"));
        AddNumber(scalars, "LogArgs", log.Choice("args"));
        AddWord(scalars, "LogRequired", log.Flag("required")?.ToString());
        LogFacility[] numbers =
        [
            LogFacility.Auth, LogFacility.AuthPriv, LogFacility.Local0, LogFacility.Local1, LogFacility.Local2,
            LogFacility.Local3, LogFacility.Local4, LogFacility.Local5, LogFacility.Local6, LogFacility.Local7,
        ];
        AddNumber(scalars, "LogFacility", log.Choice("facility") is int facility ? (int)numbers[facility] : null);
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
    private static SiteSettingsReading Settings(SiteBinding binding, TomlTable tables, ImmutableArray<ProfileText> layers, SourceSpan sizes, DiagnosticList diagnostics)
    {
        long defaultSize = binding.TmpfsDefaultSize ?? Math.Min(SiteSettings.Default.TmpfsDefaultSize, binding.TmpfsMaxSize);
        if (defaultSize > binding.TmpfsMaxSize)
        {
            // The two may stand in two files: the last that has one of them is at fault.
            diagnostics.Add(sizes, $"tmpfs.default_size ({defaultSize} bytes) is larger than tmpfs.max_size ({binding.TmpfsMaxSize} bytes)", null);
            return new SiteSettingsReading.Invalid(diagnostics.InOrder());
        }

        var top = new TableReader(tables, SiteSchema.Top, diagnostics);
        return new SiteSettingsReading.Valid(new SiteSettings
        {
            LogLevel = (LogLevel)binding.LogLevel,
            LogArguments = (LogArguments)binding.LogArgs,
            LogRequired = binding.LogRequired,
            LogFacility = (LogFacility)binding.LogFacility,
            TmpfsDefaultSize = defaultSize,
            TmpfsMaxSize = binding.TmpfsMaxSize,
            SessionsPerUser = binding.SessionsMaxPerUser,
            SessionsInTotal = binding.SessionsMaxTotal,
            StopTimeout = binding.SessionsStopTimeout,
            Gate = top.Table("allow") is TableReader allow ? AllowReader.Gate(allow) : null,
            Defaults = tables.Find("defaults")?.Table is TomlTable defaults ? new SiteDefaults(defaults, layers) : null,
            Ceiling = CeilingReader.Read(top),
            Files = layers,
            Unavailable = diagnostics.Warnings,
        });
    }
}
