using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Profiles;

/// <summary>Names in a directory of configuration that nobody reads: a profile that is misnamed is not there, a gate that is misnamed does not stand.</summary>
internal static class IgnoredNames
{
    private const string Extension = ".toml";
    private const string DropIns = ".d";

    /// <summary>In a directory of profiles.</summary>
    /// <returns>What would be read; null for a name that is, and for what an editor or a package manager left behind.</returns>
    public static string? AmongProfiles(string name) => IsLeftover(name) || IsProfile(name) || (name.EndsWith(DropIns, StringComparison.Ordinal) && IsProfile(name[..^DropIns.Length]))
        ? null
        : "NAME.toml and NAME.toml.d with a-z, 0-9, _ and - are";

    /// <summary>The same in the vendor's directory, whose profiles have no drop-ins.</summary>
    public static string? AmongVendorProfiles(string name) => IsLeftover(name) || IsProfile(name) ? null : "NAME.toml with a-z, 0-9, _ and - is";

    /// <summary>The same in a directory of drop-ins.</summary>
    public static string? AmongDropIns(string name) =>
        IsLeftover(name) || name.EndsWith(Extension, StringComparison.Ordinal) ? null : "names that end in .toml are";

    /// <summary>The same where the settings of the site are installed.</summary>
    public static string? AmongSettings(string name) => IsLeftover(name) || name is SiteSettings.FileName or SiteSettings.FileName + DropIns or LoginMap.FileName or "profiles"
        ? null
        : $"{SiteSettings.FileName}, {SiteSettings.FileName}{DropIns}, {LoginMap.FileName} and profiles are";

    private static bool IsProfile(string name) => name.EndsWith(Extension, StringComparison.Ordinal) && ProfileName.TryParse(name[..^Extension.Length], out _);

    private static bool IsLeftover(string name)
    {
        foreach (string end in (ReadOnlySpan<string>)["~", ".swp", ".bak"])
        {
            if (name.EndsWith(end, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return name.StartsWith('.') || name.StartsWith("README", StringComparison.OrdinalIgnoreCase)
            || name.Contains(".dpkg-", StringComparison.Ordinal) || name.Contains(".rpm", StringComparison.Ordinal);
    }
}
