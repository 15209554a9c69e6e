using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Settings;

/// <summary>The site settings, or everything that is wrong with their files.</summary>
internal abstract record SiteSettingsReading
{
    private SiteSettingsReading()
    {
    }

    internal sealed record Valid(SiteSettings Settings) : SiteSettingsReading;

    /// <summary>In the order of the files; never empty.</summary>
    internal sealed record Invalid(ImmutableArray<Diagnostic> Diagnostics) : SiteSettingsReading;
}
