using System.Collections.Immutable;
using System.Diagnostics;
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
/// `check FILE...`: validates profiles and the files of the site's settings. Root was given up for good before this runs, so a file is read with the caller's rights and
/// nothing that the caller could not read himself is ever quoted.
/// </summary>
internal static class CheckCommand
{
    private const string Extension = ".toml";

    /// <summary>Stands for a name that the file does not have: specifiers are not expanded by a check.</summary>
    private static readonly ProfileName AnyName = ProfileName.Parse("profile");

    public static int Run(Invocation.Check invocation, CleanProcess process)
    {
        ImmutableArray<Diagnostic>.Builder diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        bool unreadable = false;
        foreach (ByteString file in invocation.Files)
        {
            if (Read(file, process) is { } text)
            {
                diagnostics.AddRange(MistakesOf(text));
            }
            else
            {
                unreadable = true;
            }
        }

        bool written = invocation.Output.Form == OutputForm.Json
            ? StandardStreams.WriteOutput(DiagnosticText.Json(diagnostics.ToImmutable()))
            : Tell(diagnostics.ToImmutable(), unreadable, invocation, process);
        return diagnostics.Count == 0 && !unreadable && written ? ExitStatus.Done : ExitStatus.No;
    }

    private static bool Tell(ImmutableArray<Diagnostic> diagnostics, bool unreadable, Invocation.Check invocation, CleanProcess process)
    {
        if (!diagnostics.IsEmpty)
        {
            Report.Diagnostics(diagnostics, invocation.Output, process.State);
            return true;
        }

        return unreadable || invocation.Output.Verbosity == Verbosity.Quiet || StandardStreams.WriteOutput(Praise(invocation.Files));
    }

    private static string Praise(ImmutableArray<ByteString> files)
    {
        var text = new StringBuilder();
        foreach (ByteString file in files)
        {
            text.Append(file.ToString()).Append(": valid\n");
        }

        return text.ToString();
    }

    private static ProfileText? Read(ByteString file, CleanProcess process)
    {
        try
        {
            return new ProfileText(file.ToString(), [.. CallerFile.Read(file, process.State.WorkingDirectory, ProfileText.MaxBytes)]);
        }
        catch (SystemCallException fault)
        {
            Report.Refusal("read", file.ToString(), ErrnoText.Of(fault.Errno), null);
            return null;
        }
    }

    /// <summary>By the file's name: the site's settings, a drop-in of them, or else a profile.</summary>
    private static ImmutableArray<Diagnostic> MistakesOf(ProfileText text)
    {
        string[] parts = text.File.Split('/');
        return parts[^1] == SiteSettings.FileName ? SiteSettingsReader.Read([text]) is SiteSettingsReading.Invalid invalid ? invalid.Diagnostics : []
            : parts.Length > 1 && parts[^2] == SiteSettings.FileName + ".d" ? SiteSettingsReader.MistakesOfDropIn(text)
            : MistakesOfProfile(text);
    }

    private static ImmutableArray<Diagnostic> MistakesOfProfile(ProfileText text) => ProfileReader.Read(NameOf(text.File), [text]) switch
    {
        ProfileReading.Valid => [],
        ProfileReading.Invalid invalid => invalid.Diagnostics,
        _ => throw new UnreachableException(),
    };

    private static ProfileName NameOf(string file)
    {
        string name = file[(file.LastIndexOf('/') + 1)..];
        return name.EndsWith(Extension, StringComparison.Ordinal) && ProfileName.TryParse(name[..^Extension.Length], out ProfileName? profile)
            ? profile.Value
            : AnyName;
    }
}
