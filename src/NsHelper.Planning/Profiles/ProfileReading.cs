using System.Collections.Immutable;

namespace NsHelper.Planning.Profiles;

/// <summary>A profile, or everything that is wrong with its files.</summary>
internal abstract record ProfileReading
{
    private ProfileReading()
    {
    }

    internal sealed record Valid(Profile Profile) : ProfileReading;

    /// <summary>In the order of the file; never empty.</summary>
    internal sealed record Invalid(ImmutableArray<Diagnostic> Diagnostics) : ProfileReading;
}
