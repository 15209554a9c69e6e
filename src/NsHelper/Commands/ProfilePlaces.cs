using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// Where `check` finds the files of profiles: in a directory of the caller's choice, then where they are installed. As the installed reader
/// puts them together, but with the caller's rights alone, and whoever owns them.
/// </summary>
internal sealed class ProfilePlaces
{
    private const string Profiles = "/profiles";
    private const string Extension = ".toml";
    private const string DropIns = ".d";
    private const string Mask = "/dev/null";
    private const int NotThere = 2; // ENOENT
    private const int NotPermitted = 13; // EACCES

    private static readonly ByteString Installed = ByteString.FromText(ProfileDirectory.Configuration + Profiles);
    private static readonly ByteString Vendor = ByteString.FromText(ProfileDirectory.Vendor + Profiles);
    private readonly ByteString? workingDirectory;
    private readonly ImmutableArray<ByteString> directories;

    /// <param name="own">The caller's directory; empty for the working directory, null for the installed places alone.</param>
    public ProfilePlaces(ByteString? own, ByteString? workingDirectory)
    {
        this.workingDirectory = workingDirectory;
        directories = own is ByteString first ? [first, Installed, Vendor] : [Installed, Vendor];
    }

    /// <summary>The directory that profiles are listed from.</summary>
    public ByteString Directory => directories[0];

    /// <summary>Names of the profiles in the caller's directory, or of all that are installed, those of drop-ins included; sorted.</summary>
    public List<ProfileName> Names()
    {
        var names = new List<string>();
        foreach (ByteString directory in directories.Length > 2 ? [directories[0]] : directories)
        {
            foreach (string entry in List(directory))
            {
                string file = directory != Vendor && entry.EndsWith(Extension + DropIns, StringComparison.Ordinal) ? entry[..^DropIns.Length] : entry;
                if (file.EndsWith(Extension, StringComparison.Ordinal) && !names.Contains(file[..^Extension.Length]))
                {
                    names.Add(file[..^Extension.Length]);
                }
            }
        }

        names.Sort(string.CompareOrdinal);
        var profiles = new List<ProfileName>(names.Count);
        foreach (string name in names)
        {
            if (ProfileName.TryParse(name, out ProfileName? profile))
            {
                profiles.Add(profile.Value);
            }
        }

        return profiles;
    }

    /// <summary>The file and its drop-ins, the lowest first; none when there is no such profile, or when it is hidden.</summary>
    public ImmutableArray<ProfileText> FilesOf(ProfileName name)
    {
        ImmutableArray<ProfileText> dropIns = [];
        foreach (ByteString directory in directories)
        {
            ByteString file = In(directory, name.Text + Extension);
            if (IsHidden(file))
            {
                return [];
            }

            dropIns = dropIns.IsEmpty && directory != Vendor ? ReadDropIns(DropInsOf(directory, name)) : dropIns;
            if (ReadIfThere(file) is ProfileText main)
            {
                return [main, .. dropIns];
            }
        }

        return [];
    }

    /// <summary>The settings of a site in a directory, with their drop-ins; none when there are none.</summary>
    public ImmutableArray<ProfileText> SettingsIn(ByteString directory)
    {
        ImmutableArray<ProfileText> dropIns = ReadDropIns(In(directory, SiteSettings.FileName + DropIns));
        return ReadIfThere(In(directory, SiteSettings.FileName)) is ProfileText main ? [main, .. dropIns] : dropIns;
    }

    /// <summary>The map of logins in a directory; null when there is none.</summary>
    public ProfileText? LoginMapIn(ByteString directory) => ReadIfThere(In(directory, LoginMap.FileName));

    /// <summary>The same places for a file that lies where profiles has a directory beside it; these where there is none.</summary>
    public ProfilePlaces BesideProfiles() =>
        In(Directory, Profiles[1..]) is var beside && List(beside).Count > 0 ? new ProfilePlaces(beside, workingDirectory) : this;

    /// <summary>Entries of the directories that are checked which nobody reads, each with what would be read in its place.</summary>
    public IEnumerable<(ByteString Path, string Read)> Ignored()
    {
        foreach (ByteString directory in directories.Length > 2 ? [directories[0]] : directories)
        {
            foreach (string entry in List(directory))
            {
                if ((directory == Vendor ? IgnoredNames.AmongVendorProfiles(entry) : IgnoredNames.AmongProfiles(entry)) is string read)
                {
                    yield return (In(directory, entry), read);
                }
                else if (directory != Vendor && entry.EndsWith(Extension + DropIns, StringComparison.Ordinal))
                {
                    foreach ((ByteString, string) ignored in IgnoredDropIns(In(directory, entry)))
                    {
                        yield return ignored;
                    }
                }
            }
        }
    }

    /// <summary>The same where the settings of the site are installed, and among their drop-ins.</summary>
    public IEnumerable<(ByteString Path, string Read)> IgnoredSettings(ByteString directory)
    {
        foreach (string entry in List(directory))
        {
            if (IgnoredNames.AmongSettings(entry) is string read)
            {
                yield return (In(directory, entry), read);
            }
        }

        foreach ((ByteString, string) ignored in IgnoredDropIns(In(directory, SiteSettings.FileName + DropIns)))
        {
            yield return ignored;
        }
    }

    /// <summary>Whether a link to /dev/null says that there is no such profile.</summary>
    public bool Hides(ProfileName name) => IsHidden(FileOf(name));

    /// <summary>The place of drop-ins in the caller's directory; null when the profile has none there.</summary>
    public ByteString? DropInsOf(ProfileName name) =>
        DropInsOf(directories[0], name) is var path && CallerFile.List(path, workingDirectory) is not null ? path : null;

    /// <summary>The place of the profile in the caller's directory.</summary>
    public ByteString FileOf(ProfileName name) => In(directories[0], name.Text + Extension);

    public ProfileText Read(ByteString file) =>
        new(file.ToStrictText() ?? file.ToString(), [.. CallerFile.Read(file, workingDirectory, ProfileText.MaxBytes)]);

    private bool IsHidden(ByteString file) => CallerFile.IsLinkTo(file, workingDirectory, Mask);

    private ProfileText? ReadIfThere(ByteString file)
    {
        try
        {
            return Read(file);
        }
        catch (SystemCallException exception) when (exception.Errno == NotThere)
        {
            return null;
        }
    }

    private IEnumerable<(ByteString Path, string Read)> IgnoredDropIns(ByteString directory)
    {
        foreach (string entry in List(directory))
        {
            if (IgnoredNames.AmongDropIns(entry) is string read)
            {
                yield return (In(directory, entry), read);
            }
        }
    }

    private ImmutableArray<ProfileText> ReadDropIns(ByteString directory)
    {
        var texts = ImmutableArray.CreateBuilder<ProfileText>();
        foreach (string entry in List(directory))
        {
            if (entry.EndsWith(Extension, StringComparison.Ordinal) && ReadIfThere(In(directory, entry)) is ProfileText text)
            {
                texts.Add(text);
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>What may be missing, and may not be the caller's to see, is as if it were empty.</summary>
    private List<string> List(ByteString directory)
    {
        try
        {
            return CallerFile.List(directory, workingDirectory) ?? [];
        }
        catch (SystemCallException exception) when (exception.Errno is NotThere or NotPermitted)
        {
            return [];
        }
    }

    private static ByteString DropInsOf(ByteString directory, ProfileName name) => In(directory, name.Text + Extension + DropIns);

    private static ByteString In(ByteString directory, string name) =>
        directory.Length == 0 ? ByteString.FromText(name)
        : directory.Span[^1] == (byte)'/' ? new ByteString([.. directory.Span, .. System.Text.Encoding.UTF8.GetBytes(name)])
        : new ByteString([.. directory.Span, (byte)'/', .. System.Text.Encoding.UTF8.GetBytes(name)]);
}
