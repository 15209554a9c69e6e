using System.Collections.Immutable;
using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// `check [FILE|DIR...]`: validates profiles and the settings of the site, and warns of what is unwise. Root was given up for good before this runs, so a file is read with
/// the caller's rights and nothing that the caller could not read himself is ever quoted.
/// </summary>
internal sealed class CheckCommand
{
    private const string Extension = ".toml";

    /// <summary>Stands for a name that the file does not have: specifiers are not expanded by a check.</summary>
    private static readonly ProfileName AnyName = ProfileName.Parse("profile");

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

        bool written = check.Tell(invocation.Output, process);
        bool good = check.findings.Errors == 0 && (check.findings.Warnings == 0 || invocation.Strictness == Strictness.MistakesFail);
        return good && written ? ExitStatus.Done : ExitStatus.No;
    }

    private void CheckInstalled()
    {
        var places = new ProfilePlaces(null, workingDirectory);
        accounts = new HostAccounts(name => AccountDatabase.UserNamed(name) is not null, name => AccountDatabase.GroupNamed(name) is not null);
        var configuration = ByteString.FromText(ProfileDirectory.Configuration);
        JudgeTrust(() => ProfileDirectory.OpenSettings());
        Attempt(Severity.Warning, () => CheckSettings(places.SettingsIn(configuration)));
        TellIgnored(places.IgnoredSettings(configuration));
        foreach (ProfileName name in places.Names())
        {
            JudgeTrust(() => ProfileDirectory.Open(name));
        }

        CheckAll(places, Severity.Warning);
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
        else if (parts.Length > 1 && parts[^2] == SiteSettings.FileName + ".d")
        {
            findings.Add(SiteSettingsReader.MistakesOfDropIn(text));
            valid.Add(text.File);
        }
        else if (parts.Length > 1 && LayeredBy(parts[^2], parts[^1]) is ProfileName name)
        {
            CheckDropIn(name, path, text.File);
        }
        else
        {
            Check(NameOf(text.File), [text], places);
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
        CheckAll(places, Severity.Error, settings.IsEmpty ? null : SiteSettings.FileName[..^Extension.Length]);
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
    /// <param name="settings">The name under which settings of the site lie among them; null when there are none.</param>
    private void CheckAll(ProfilePlaces places, Severity unreadable, string? settings = null)
    {
        List<ProfileName> names = places.Names();
        names.RemoveAll(name => name.Text == settings);
        if (names.Count == 0 && settings is null)
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
    private void JudgeTrust(Func<ImmutableArray<ProfileText>> open)
    {
        try
        {
            _ = open(); // its content is checked elsewhere
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

    private void Check(ProfileName name, ImmutableArray<ProfileText> files, ProfilePlaces places, string? shown = null)
    {
        var assembly = new ProfileAssembly(name, site);
        assembly.Supply(files);
        while (assembly.Wanted is ProfileName parent)
        {
            ImmutableArray<ProfileText> supplied = [];
            Attempt(Severity.Error, () => supplied = places.FilesOf(parent));
            assembly.Supply(supplied);
        }

        findings.Add(assembly.Check(out Profile? profile));
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

    private bool Tell(OutputChoice output, CleanProcess process)
    {
        if (output.Verbosity == Verbosity.Quiet)
        {
            return true;
        }

        if (output.Form == OutputForm.Json)
        {
            return StandardStreams.WriteOutput(DiagnosticText.Json(findings.InOrder()));
        }

        if (findings.IsEmpty)
        {
            return StandardStreams.WriteOutput(Praise());
        }

        Report.Diagnostics(findings.InOrder(), output, process.State);
        StandardStreams.WriteError($"{findings.Summary}\n");
        return true;
    }

    private string Praise()
    {
        var text = new StringBuilder();
        foreach (string file in valid)
        {
            text.Append(Escaped.Text(file)).Append(": valid\n");
        }

        foreach (string file in masked)
        {
            text.Append(Escaped.Text(file)).Append(": masked\n");
        }

        return text.ToString();
    }

    /// <summary>The profile that a file changes as a drop-in; null for one that is none.</summary>
    private static ProfileName? LayeredBy(string directory, string file)
    {
        const string ending = Extension + ".d";
        return file.EndsWith(Extension, StringComparison.Ordinal) && directory.EndsWith(ending, StringComparison.Ordinal)
            && ProfileName.TryParse(directory[..^ending.Length], out ProfileName? name) ? name : null;
    }

    private static ProfileName NameOf(string file)
    {
        string name = file[(file.LastIndexOf('/') + 1)..];
        return name.EndsWith(Extension, StringComparison.Ordinal) && ProfileName.TryParse(name[..^Extension.Length], out ProfileName? profile)
            ? profile.Value
            : AnyName;
    }

    private static string Shown(ByteString path) => path.ToStrictText() ?? path.ToString();
}
