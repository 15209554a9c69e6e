namespace NsHelper.Planning.Settings;

/// <summary>What holds for every profile of this host: /etc/nshelper/nshelper.toml.</summary>
internal sealed record SiteSettings
{
    /// <summary>What holds without that file.</summary>
    public static SiteSettings Default { get; } = new()
    {
        LogLevel = LogLevel.All,
        LogArguments = LogArguments.None,
        LogRequired = false,
        LogFacility = LogFacility.AuthPriv,
        TmpfsDefaultSize = 64L << 20,
        TmpfsMaxSize = long.MaxValue,
    };

    public required LogLevel LogLevel { get; init; }
    public required LogArguments LogArguments { get; init; }

    /// <summary>Whether a session may only start when its record could be written.</summary>
    public required bool LogRequired { get; init; }
    public required LogFacility LogFacility { get; init; }

    /// <summary>Bytes of a tmpfs whose profile names no size.</summary>
    public required long TmpfsDefaultSize { get; init; }

    /// <summary>Bytes that no tmpfs of a profile may exceed.</summary>
    public required long TmpfsMaxSize { get; init; }
}

internal enum LogLevel
{
    /// <summary>Every decision.</summary>
    All,

    /// <summary>Refusals only.</summary>
    Deny,
}

internal enum LogArguments
{
    /// <summary>The command's path and nothing behind it: arguments hold secrets.</summary>
    None,
    Full,
}

/// <summary>Facilities of syslog(3); the values are their numbers.</summary>
internal enum LogFacility
{
    Auth = 4,
    AuthPriv = 10,
    Local0 = 16,
    Local1 = 17,
    Local2 = 18,
    Local3 = 19,
    Local4 = 20,
    Local5 = 21,
    Local6 = 22,
    Local7 = 23,
}
