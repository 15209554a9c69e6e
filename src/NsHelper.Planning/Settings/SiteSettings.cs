using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Settings;

/// <summary>What holds for every profile of this host: /etc/nshelper/nshelper.toml.</summary>
internal sealed record SiteSettings
{
    public const string FileName = "nshelper.toml";

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

    /// <summary>Null for the usual bound.</summary>
    public long? SessionsPerUser { get; init; }

    /// <summary>Null without a bound.</summary>
    public long? SessionsInTotal { get; init; }

    /// <summary>Seconds; null for the usual ones.</summary>
    public long? StopTimeout { get; init; }

    /// <summary>[allow]: whom the profiles are for at all; null when the site leaves that to each of them.</summary>
    public AllowRules? Gate { get; init; }

    /// <summary>[defaults]; null without any.</summary>
    public SiteDefaults? Defaults { get; init; }
    public SiteCeiling Ceiling { get; init; } = SiteCeiling.None;

    /// <summary>What it was read from.</summary>
    public ImmutableArray<ProfileText> Files { get; init; } = [];

    /// <summary>What the site asks for and this version does not do: with an entry here, no session starts.</summary>
    public ImmutableArray<Diagnostic> Unavailable { get; init; } = [];
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
