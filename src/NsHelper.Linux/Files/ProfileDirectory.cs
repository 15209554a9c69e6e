using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Linux.Files;

/// <summary>
/// Where configuration lies: fixed when the program was built, and named by nobody else. A profile is looked up by its name in the
/// administrator's directory, then in the vendor's; its drop-ins lie beside the administrator's. Nothing else in them is opened.
/// </summary>
internal static class ProfileDirectory
{
    public const string Configuration = "/etc/nshelper";
    public const string Vendor = "/usr/share/nshelper";
    private const string Profiles = "profiles";
    private const string Extension = ".toml";
    private const string DropIns = ".d";
    private const string Mask = "/dev/null";

    /// <summary>Files of one directory of drop-ins: each costs every start its time.</summary>
    private const int MaxDropIns = 64;

    /// <summary>
    /// The profile's own files: the administrator's or else the vendor's, then the drop-ins in the order of their bytes. Empty when there is
    /// no such profile, or when the administrator hides it by a link to /dev/null; drop-ins alone are no profile.
    /// </summary>
    public static ImmutableArray<ProfileText> Open(ProfileName name)
    {
        string file = name.Text + Extension;
        string path = $"{Configuration}/{Profiles}";
        using FileDescriptor? directory = TrustedFile.OpenDirectory(path);
        ProfileText? main;
        try
        {
            main = directory is null ? null : Read(directory, file, path);
        }
        catch (UntrustedFileException) when (TrustedFile.IsLinkTo(directory!, file, Mask))
        {
            return [];
        }

        if (main is null)
        {
            string vendorPath = $"{Vendor}/{Profiles}";
            using FileDescriptor? vendor = TrustedFile.OpenDirectory(vendorPath);
            main = vendor is null ? null : Read(vendor, file, vendorPath);
        }

        return main is null ? [] : directory is null ? [main] : [main, .. ReadDropIns(directory, file, path)];
    }

    /// <summary>nshelper.toml and its drop-ins; empty when there is none of them.</summary>
    public static ImmutableArray<ProfileText> OpenSettings()
    {
        using FileDescriptor? directory = TrustedFile.OpenDirectory(Configuration);
        if (directory is null)
        {
            return [];
        }

        ImmutableArray<ProfileText> dropIns = ReadDropIns(directory, SiteSettings.FileName, Configuration);
        return Read(directory, SiteSettings.FileName, Configuration) is { } main ? [main, .. dropIns] : dropIns;
    }

    /// <summary>login.toml; null when there is none. Nobody opens it but for a login.</summary>
    public static ProfileText? OpenLoginMap()
    {
        using FileDescriptor? directory = TrustedFile.OpenDirectory(Configuration);
        return directory is null ? null : Read(directory, LoginMap.FileName, Configuration);
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

    private static ProfileText? Read(FileDescriptor directory, string file, string path) =>
        TrustedFile.Read(directory, file, $"{path}/{file}", ProfileText.MaxBytes) is { } bytes ? new ProfileText($"{path}/{file}", [.. bytes]) : null;

    /// <summary>Only *.toml: what editors and package managers leave behind has other endings, or a dot in front.</summary>
    private static ImmutableArray<ProfileText> ReadDropIns(FileDescriptor parent, string file, string parentPath)
    {
        string path = $"{parentPath}/{file}{DropIns}";
        using FileDescriptor? directory = TrustedFile.OpenDirectory(parent, file + DropIns, path);
        if (directory is null)
        {
            return [];
        }

        var names = new List<string>();
        foreach (string entry in DirectoryListing.Read(directory, path))
        {
            if (entry.EndsWith(Extension, StringComparison.Ordinal))
            {
                names.Add(entry);
            }
        }

        if (names.Count > MaxDropIns)
        {
            throw new UntrustedFileException(path, $"holds more than {MaxDropIns} drop-ins");
        }

        names.Sort(string.CompareOrdinal);
        var texts = ImmutableArray.CreateBuilder<ProfileText>(names.Count);
        foreach (string name in names)
        {
            if (Read(directory, name, path) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }
}
