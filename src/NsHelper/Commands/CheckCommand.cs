using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// `check [FILE|DIR...]`: validates profiles, the settings of the site and the map of logins, and warns of what is unwise. Root was given up for good before this runs, so a file is read with
/// the caller's rights and nothing that the caller could not read himself is ever quoted.
/// </summary>
internal sealed class CheckCommand
{
    private const string Extension = ".toml";

    private readonly Findings findings = new();
    private readonly List<string> valid = [];
    private readonly List<string> masked = [];
    private readonly ByteString? workingDirectory;

    /// <summary>The bounds that profiles are held to: the site's where its profiles are checked, else none.</summary>
    private SiteSettings site = SiteSettings.Default;

    /// <summary>Whom this host knows, where what is checked is for this host; null for files that may be meant for another.</summary>
    private HostAccounts? accounts;

    private CheckCommand(ByteString? workingDirectory) => this.workingDirectory = workingDirectory;

    public static int Run(Invocation.Check invocation, CleanProcess process)
    {
        var check = new CheckCommand(process.State.WorkingDirectory);
        if (invocation.Paths.IsEmpty)
        {
            check.CheckInstalled();
        }

        foreach (ByteString path in invocation.Paths)
        {
            check.CheckPath(path);
        }

        bool written = CheckReport.Tell(check.findings, [.. check.valid], [.. check.masked], invocation.Output, process);
        bool good = check.findings.Errors == 0 && (check.findings.Warnings == 0 || invocation.Strictness == Strictness.MistakesFail);
        return good && written ? ExitStatus.Done : ExitStatus.No;
    }

    private void CheckInstalled()
    {
        var places = new ProfilePlaces(null, workingDirectory);
        accounts = new HostAccounts(name => AccountDatabase.UserNamed(name) is not null, name => AccountDatabase.GroupNamed(name) is not null);
        var configuration = ByteString.FromText(ProfileDirectory.Configuration);
        JudgeTrust(() => _ = ProfileDirectory.OpenSettings());
        Attempt(Severity.Warning, () => CheckSettings(places.SettingsIn(configuration)));
        TellIgnored(places.IgnoredSettings(configuration));
        foreach (ProfileName name in places.Names())
        {
            JudgeTrust(() => _ = ProfileDirectory.Open(name));
        }

        CheckAll(places, Severity.Warning);
        JudgeTrust(() => _ = ProfileDirectory.OpenLoginMap());
        Attempt(Severity.Warning, () => CheckLoginMap(places.LoginMapIn(configuration), places));
    }

    private void CheckPath(ByteString path) => Attempt(Severity.Error, () =>
    {
        if (CallerFile.List(path, workingDirectory) is not null)
        {
            CheckDirectory(path);
            return;
        }

        // A profile by itself is its file: its drop-ins are a matter of the directory.
        var places = new ProfilePlaces(new ByteString(path.Span[..(path.Span.LastIndexOf((byte)'/') + 1)]), workingDirectory);
        ProfileText text = places.Read(path);
        string[] parts = text.File.Split('/');
        if (parts[^1] == SiteSettings.FileName)
        {
            CheckSettings([text]);
        }
        else if (CheckedFile.IsLoginMap(text.File))
        {
            CheckLoginMap(text, places.BesideProfiles());
        }
        else if (parts.Length > 1 && parts[^2] == SiteSettings.FileName + ".d")
        {
            findings.Add(SiteSettingsReader.MistakesOfDropIn(text));
            valid.Add(text.File);
        }
        else if (parts.Length > 1 && CheckedFile.LayeredBy(parts[^2], parts[^1]) is ProfileName name)
        {
            CheckDropIn(name, path, text.File);
        }
        else
        {
            Check(CheckedFile.NameOf(text.File), [text], places);
        }
    });

    /// <summary>A drop-in means something with what it changes alone: the profile beside its directory, with all its layers.</summary>
    private void CheckDropIn(ProfileName name, ByteString path, string shown)
    {
        ReadOnlySpan<byte> directory = path.Span[..path.Span.LastIndexOf((byte)'/')];
        var places = new ProfilePlaces(new ByteString(directory[..(directory.LastIndexOf((byte)'/') + 1)]), workingDirectory);
        if (places.FilesOf(name) is { IsEmpty: false } files)
        {
            Check(name, files, places, shown);
        }
        else
        {
            findings.Add(LintRule.OrphanDropIn, Severity.Warning, shown, $"there is no {name}{Extension} that this changes");
        }
    }

    private void CheckDirectory(ByteString path)
    {
        var places = new ProfilePlaces(path, workingDirectory);
        ImmutableArray<ProfileText> settings = places.SettingsIn(path);
        CheckSettings(settings);
        ProfileText? logins = CheckedFile.IsLoginMap($"{Shown(path).TrimEnd('/')}/{LoginMap.FileName}") ? places.LoginMapIn(path) : null;
        CheckAll(places, Severity.Error, settings.IsEmpty ? null : SiteSettings.FileName, logins is null ? null : LoginMap.FileName);
        CheckLoginMap(logins, places);
        site = SiteSettings.Default;
    }

    /// <summary>nshelper.toml with its drop-ins; the profiles after it are held to it.</summary>
    private void CheckSettings(ImmutableArray<ProfileText> files)
    {
        switch (SiteSettingsReader.Read(files))
        {
            case SiteSettingsReading.Valid settings:
                site = settings.Settings;
                if (accounts is not null && site.Gate is AllowRules gate)
                {
                    findings.Add(InstalledRules.Check(gate, accounts));
                }

                break;
            case SiteSettingsReading.Invalid invalid:
                findings.Add(invalid.Diagnostics);
                break;
        }

        if (!files.IsEmpty)
        {
            valid.Add(files[0].File);
        }
    }

    /// <param name="places">Whose profiles are checked, each with its drop-ins.</param>
    /// <param name="unreadable">What it is when one of them cannot be read.</param>
    /// <param name="others">Names of files among them that are none; null for one that is not there.</param>
    private void CheckAll(ProfilePlaces places, Severity unreadable, params ReadOnlySpan<string?> others)
    {
        List<ProfileName> names = places.Names();
        bool isAlone = true;
        foreach (string? other in others)
        {
            names.RemoveAll(name => name.Text + Extension == other);
            isAlone &= other is null;
        }

        if (names.Count == 0 && isAlone)
        {
            findings.Add(LintRule.NothingToCheck, Severity.Warning, Shown(places.Directory), "there is no profile in it");
        }

        foreach (ProfileName name in names)
        {
            Attempt(unreadable, () => CheckOne(name, places, unreadable));
        }

        TellIgnored(places.Ignored());
    }

    private void TellIgnored(IEnumerable<(ByteString Path, string Read)> ignored)
    {
        foreach ((ByteString path, string read) in ignored)
        {
            findings.Add(LintRule.IgnoredFile, Severity.Warning, Shown(path), $"this name is not read; {read}");
        }
    }

    /// <summary>Opens files as run does, which trusts none that others than root could have shaped. What cannot be read at all is told where it is checked.</summary>
    private void JudgeTrust(Action open)
    {
        try
        {
            open(); // its content is checked elsewhere
        }
        catch (UntrustedFileException file)
        {
            findings.Add(LintRule.UntrustedFile, LintRule.UntrustedFile.Severity, file.Path, $"{file.Defect}: no session starts");
        }
        catch (SystemCallException)
        {
        }
    }

    private void CheckOne(ProfileName name, ProfilePlaces places, Severity unreadable)
    {
        if (places.FilesOf(name) is { IsEmpty: false } files)
        {
            Check(name, files, places);
        }
        else if (places.Hides(name))
        {
            masked.Add(Shown(places.FileOf(name)));
        }
        else if (places.DropInsOf(name) is ByteString dropIns)
        {
            findings.Add(LintRule.OrphanDropIn, Severity.Warning, Shown(dropIns), $"there is no {name}{Extension} that this changes");
        }
        else
        {
            findings.Add(LintRule.NotReadable, unreadable, Shown(places.FileOf(name)), "cannot be read: it is a link to nothing");
        }
    }

    /// <param name="file">Null when there is none, and nobody can log in by it.</param>
    private void CheckLoginMap(ProfileText? file, ProfilePlaces places)
    {
        if (file is null)
        {
            return;
        }

        switch (LoginMapReader.Read(file))
        {
            case LoginMapReading.Valid { Map: var map }:
                findings.Add(accounts is null ? [] : InstalledRules.Check(map, accounts));
                foreach (LoginEntry entry in map.Entries)
                {
                    Attempt(Severity.Warning, () => findings.Add(LoginMapRules.Fault(entry, ReadingOf(entry.Profile, places)) is { } fault ? [fault] : []));
                }

                break;
            case LoginMapReading.Invalid invalid:
                findings.Add(invalid.Diagnostics);
                break;
        }

        valid.Add(file.File);
    }

    private ProfileReading? ReadingOf(ProfileName name, ProfilePlaces places) =>
        places.FilesOf(name) is { IsEmpty: false } files ? Assemble(name, files, places).Read() : null;

    private ProfileAssembly Assemble(ProfileName name, ImmutableArray<ProfileText> files, ProfilePlaces places)
    {
        var assembly = new ProfileAssembly(name, site);
        assembly.Supply(files);
        while (assembly.Wanted is ProfileName parent)
        {
            ImmutableArray<ProfileText> supplied = [];
            Attempt(Severity.Error, () => supplied = places.FilesOf(parent));
            assembly.Supply(supplied);
        }

        return assembly;
    }

    private void Check(ProfileName name, ImmutableArray<ProfileText> files, ProfilePlaces places, string? shown = null)
    {
        findings.Add(Assemble(name, files, places).Check(out Profile? profile));
        if (accounts is not null && profile is not null)
        {
            findings.Add(InstalledRules.Check(profile, files[0].File.StartsWith(ProfileDirectory.Configuration, StringComparison.Ordinal), accounts));
        }

        valid.Add(shown ?? files[0].File);
    }

    private void Attempt(Severity unreadable, Action action)
    {
        try
        {
            action();
        }
        catch (SystemCallException fault)
        {
            findings.Add(LintRule.NotReadable, unreadable, fault.Subject, $"cannot be read: {ErrnoText.Of(fault.Errno)}");
        }
    }

    private static string Shown(ByteString path) => path.ToStrictText() ?? path.ToString();
}
