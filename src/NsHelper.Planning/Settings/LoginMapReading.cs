using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Settings;

/// <summary>The map of logins, or everything that is wrong with its file.</summary>
internal abstract record LoginMapReading
{
    private LoginMapReading()
    {
    }

    internal sealed record Valid(LoginMap Map) : LoginMapReading;

    /// <summary>In the order of the file; never empty.</summary>
    internal sealed record Invalid(ImmutableArray<Diagnostic> Diagnostics) : LoginMapReading;
}
