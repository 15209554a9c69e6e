namespace NsHelper.Planning.Settings;

/// <summary>
/// The shape the source-generated binder fills: one property a scalar, named by its key without underscores. Words arrive as the numbers of
/// their enums: they are checked already, and an enum read from text is reflection, which nothing else in the binary needs.
/// </summary>
internal sealed class SiteBinding
{
    public LogBinding Log { get; set; } = new();

    public TmpfsBinding Tmpfs { get; set; } = new();

    public SessionsBinding Sessions { get; set; } = new();

    internal sealed class LogBinding
    {
        public int Level { get; set; } = (int)SiteSettings.Default.LogLevel;

        public int Args { get; set; } = (int)SiteSettings.Default.LogArguments;

        public bool Required { get; set; } = SiteSettings.Default.LogRequired;

        public int Facility { get; set; } = (int)SiteSettings.Default.LogFacility;
    }

    internal sealed class TmpfsBinding
    {
        /// <summary>Bytes.</summary>
        public long? DefaultSize { get; set; }

        /// <summary>Bytes.</summary>
        public long MaxSize { get; set; } = SiteSettings.Default.TmpfsMaxSize;
    }
    internal sealed class SessionsBinding
    {
        public long? MaxPerUser { get; set; }

        public long? MaxTotal { get; set; }

        /// <summary>Seconds.</summary>
        public long? StopTimeout { get; set; }
    }
}
