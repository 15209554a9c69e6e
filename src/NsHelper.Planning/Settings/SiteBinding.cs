namespace NsHelper.Planning.Settings;

/// <summary>The shape the source-generated binder fills: one property a scalar, named by its key without underscores.</summary>
internal sealed class SiteBinding
{
    public LogBinding Log { get; set; } = new();

    public TmpfsBinding Tmpfs { get; set; } = new();

    internal sealed class LogBinding
    {
        public LogLevel Level { get; set; } = SiteSettings.Default.LogLevel;

        public LogArguments Args { get; set; } = SiteSettings.Default.LogArguments;

        public bool Required { get; set; } = SiteSettings.Default.LogRequired;

        public LogFacility Facility { get; set; } = SiteSettings.Default.LogFacility;
    }

    internal sealed class TmpfsBinding
    {
        /// <summary>Bytes.</summary>
        public long? DefaultSize { get; set; }

        /// <summary>Bytes.</summary>
        public long MaxSize { get; set; } = SiteSettings.Default.TmpfsMaxSize;
    }
}
