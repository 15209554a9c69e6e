using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>What is configured, as far as the caller may read it.</summary>
internal sealed record ProfilesState
{
    /// <summary>Files and directories that are not used, each with what is wrong with it: a predicate.</summary>
    public required ImmutableArray<(string Path, string Defect)> Untrusted { get; init; }

    /// <summary>Whether nshelper.toml is wrong, so that nothing starts.</summary>
    public required bool SettingsHaveMistakes { get; init; }

    /// <summary>Whether login.toml is wrong, so that nobody logs in.</summary>
    public required bool LoginsHaveMistakes { get; init; }

    /// <summary>Profiles that somebody may use.</summary>
    public required int Usable { get; init; }

    /// <summary>Names of profiles that have mistakes.</summary>
    public required ImmutableArray<string> Broken { get; init; }

    /// <summary>Files and directories that the caller may not read.</summary>
    public required ImmutableArray<string> Unseen { get; init; }
}
