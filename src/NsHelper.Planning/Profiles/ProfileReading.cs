using System.Collections.Immutable;

namespace NsHelper.Planning.Profiles;

/// <summary>A profile, or everything that is wrong with its files.</summary>
internal abstract record ProfileReading
{
    private ProfileReading()
    {
    }

    /// <param name="Merged">The tables the profile was read from, each value with the place it came from.</param>
    internal sealed record Valid(Profile Profile, Toml.TomlTable Merged) : ProfileReading;

    /// <summary>In the order of the file; never empty.</summary>
    internal sealed record Invalid(ImmutableArray<Diagnostic> Diagnostics) : ProfileReading;
}
