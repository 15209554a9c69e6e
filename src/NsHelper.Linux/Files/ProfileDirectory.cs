using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning.Profiles;

namespace NsHelper.Linux.Files;

/// <summary>
/// Where configuration lies: fixed when the program was built, and named by nobody else. A profile is looked up by its name in the
/// administrator's directory, then in the vendor's; nothing else in them is opened.
/// </summary>
internal static class ProfileDirectory
{
    public const string Configuration = "/etc/nshelper";
    public const string Vendor = "/usr/share/nshelper";
    private const string Profiles = "profiles";
    private const string Extension = ".toml";
    private const string SettingsFile = "nshelper.toml";
    private const string DropIns = ".d";

    /// <summary>The one layer of a profile that counts; empty when there is no such profile.</summary>
    public static ImmutableArray<ProfileText> Open(ProfileName name)
    {
        string file = name.Text + Extension;
        foreach (string root in (ReadOnlySpan<string>)[Configuration, Vendor])
        {
            string path = $"{root}/{Profiles}";
            using FileDescriptor? directory = TrustedFile.OpenDirectory(path);
            if (directory is null)
            {
                continue;
            }

            RefuseDropIns(directory, file, path);
            if (TrustedFile.Read(directory, file, $"{path}/{file}", ProfileText.MaxBytes) is { } bytes)
            {
                return [new ProfileText($"{path}/{file}", [.. bytes])];
            }
        }

        return [];
    }

    /// <summary>nshelper.toml; empty when there is none.</summary>
    public static ImmutableArray<ProfileText> OpenSettings()
    {
        using FileDescriptor? directory = TrustedFile.OpenDirectory(Configuration);
        if (directory is null)
        {
            return [];
        }

        RefuseDropIns(directory, SettingsFile, Configuration);
        string path = $"{Configuration}/{SettingsFile}";
        return TrustedFile.Read(directory, SettingsFile, path, ProfileText.MaxBytes) is { } bytes ? [new ProfileText(path, [.. bytes])] : [];
    }

    /// <summary>Names of the profiles in both directories, sorted; files of other names or endings are no profiles.</summary>
    public static ImmutableArray<ProfileName> List()
    {
        var names = new List<string>();
        foreach (string root in (ReadOnlySpan<string>)[Configuration, Vendor])
        {
            using FileDescriptor? directory = TrustedFile.OpenDirectory($"{root}/{Profiles}");
            if (directory is null)
            {
                continue;
            }

            foreach (string entry in DirectoryListing.Read(directory, $"{root}/{Profiles}"))
            {
                if (entry.EndsWith(Extension, StringComparison.Ordinal) && ProfileName.TryParse(entry[..^Extension.Length], out ProfileName? name)
                    && !names.Contains(name.Value.Text))
                {
                    names.Add(name.Value.Text);
                }
            }
        }

        names.Sort(string.CompareOrdinal);
        var profiles = ImmutableArray.CreateBuilder<ProfileName>(names.Count);
        foreach (string name in names)
        {
            profiles.Add(ProfileName.Parse(name));
        }

        return profiles.MoveToImmutable();
    }

    // A drop-in may narrow who is allowed: as long as this version does not read it, its profile is not used.
    private static void RefuseDropIns(FileDescriptor directory, string file, string path)
    {
        if (TrustedFile.Exists(directory, file + DropIns, $"{path}/{file}{DropIns}"))
        {
            throw new UntrustedFileException($"{path}/{file}{DropIns}", "holds drop-ins, which are not available in this version");
        }
    }
}
