using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Settings;

/// <summary>[ceiling]: hard bounds of this host that no profile may go beyond. What nobody wrote bounds nothing.</summary>
internal sealed record SiteCeiling
{
    public static SiteCeiling None { get; } = new();

    public CapabilityCeiling? Capabilities { get; init; }

    /// <summary>Where it is written that no_new_privileges must be true; null where it is not.</summary>
    public SourceLocation? NoNewPrivileges { get; init; }
    public ImmutableArray<NamespaceCeiling> Namespaces { get; init; } = [];
    public SourceCeiling? Sources { get; init; }
}

/// <summary>The capabilities that a profile may name at most.</summary>
internal sealed record CapabilityCeiling(ImmutableArray<string> Names, SourceLocation Location);

/// <summary>The value that a profile must have for one kind of namespace: host or private.</summary>
internal sealed record NamespaceCeiling(string Kind, string Value, SourceLocation Location);

/// <summary>The directories at or below which every source of a mount or share must lie.</summary>
internal sealed record SourceCeiling(ImmutableArray<AbsolutePath> Directories, SourceLocation Location)
{
    /// <summary>The directories, for a message.</summary>
    public string Shown
    {
        get
        {
            var words = new string[Directories.Length];
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = Escaped.Text(Directories[i].Text);
            }

            return string.Join(", ", words);
        }
    }

    /// <summary>What is wrong with a source; null for one that is covered.</summary>
    /// <param name="what">Whose source it is.</param>
    public string? Fault(string what, AbsolutePath source)
    {
        foreach (AbsolutePath directory in Directories)
        {
            if (source.IsAtOrBelow(directory))
            {
                return null;
            }
        }

        return $"{what} source \"{Escaped.Text(source.Text)}\" lies where the ceiling of the site ({Escaped.Text(Location.ToString())}) allows none";
    }
}
