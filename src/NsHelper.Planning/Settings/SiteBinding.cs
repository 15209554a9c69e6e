namespace NsHelper.Planning.Settings;

/// <summary>
/// The shape the source-generated binder fills: one property a scalar, named by its table and key without underscores, all in one level. Words
/// arrive as the numbers of their enums: they are checked already, and an enum read from text is reflection, which nothing else in the binary
/// needs; nor does anything need the listing of a section's children, which the binder wants for an object in an object.
/// </summary>
internal sealed class SiteBinding
{
    public int LogLevel { get; set; } = (int)SiteSettings.Default.LogLevel;

    public int LogArgs { get; set; } = (int)SiteSettings.Default.LogArguments;

    public bool LogRequired { get; set; } = SiteSettings.Default.LogRequired;

    public int LogFacility { get; set; } = (int)SiteSettings.Default.LogFacility;

    /// <summary>Bytes.</summary>
    public long? TmpfsDefaultSize { get; set; }

    /// <summary>Bytes.</summary>
    public long TmpfsMaxSize { get; set; } = SiteSettings.Default.TmpfsMaxSize;

    public long? SessionsMaxPerUser { get; set; }

    public long? SessionsMaxTotal { get; set; }

    /// <summary>Seconds.</summary>
    public long? SessionsStopTimeout { get; set; }
}
