using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>What a file is to `check`, by the names that it and its directory have.</summary>
internal static class CheckedFile
{
    private const string Extension = ".toml";

    /// <summary>Stands for a name that the file does not have: specifiers are not expanded by a check.</summary>
    private static readonly ProfileName AnyName = ProfileName.Parse("profile");

    /// <summary>Among profiles a login.toml is the profile of that name.</summary>
    public static bool IsLoginMap(string path) => path.Split('/') is [.., LoginMap.FileName] and not [.., "profiles", LoginMap.FileName];

    /// <summary>The profile that a file changes as a drop-in; null for one that is none.</summary>
    public static ProfileName? LayeredBy(string directory, string file)
    {
        const string ending = Extension + ".d";
        return file.EndsWith(Extension, StringComparison.Ordinal) && directory.EndsWith(ending, StringComparison.Ordinal)
            && ProfileName.TryParse(directory[..^ending.Length], out ProfileName? name) ? name : null;
    }

    public static ProfileName NameOf(string file)
    {
        string name = file[(file.LastIndexOf('/') + 1)..];
        return name.EndsWith(Extension, StringComparison.Ordinal) && ProfileName.TryParse(name[..^Extension.Length], out ProfileName? profile)
            ? profile.Value
            : AnyName;
    }
}
