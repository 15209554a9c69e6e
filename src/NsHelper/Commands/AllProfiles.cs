using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>`profiles --all`: every profile of the host and its state. To root alone: to others a profile that is not theirs is not there.</summary>
internal static class AllProfiles
{
    public static int Run(Invocation.Profiles invocation, CleanProcess process)
    {
        if (!process.AskedByRoot)
        {
            Report.Refusal("list", "all profiles", "only root sees them all", null);
            return ExitStatus.No;
        }

        switch (SessionPreparation.ReadSettings())
        {
            case SiteSettingsReading.Valid valid:
                return Report.Answer(TextOf(Read(valid.Settings), invocation.Output, process));
            case SiteSettingsReading.Invalid invalid:
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                Report.Refusal("list", "all profiles", "the settings of the site have mistakes", null);
                return ExitStatus.No;
            default:
                throw new UnreachableException();
        }
    }

    private static ImmutableArray<ProfileState> Read(SiteSettings site)
    {
        var states = ImmutableArray.CreateBuilder<ProfileState>();
        foreach (ProfileName name in ProfileDirectory.List())
        {
            states.Add(Read(name, site));
        }

        return states.ToImmutable();
    }

    private static ProfileState Read(ProfileName name, SiteSettings site)
    {
        try
        {
            return ProfileState.Of(name, InstalledProfile.Read(name, site)?.Reading);
        }
        catch (UntrustedFileException file)
        {
            return ProfileState.Unreadable(name, file.Path, file.Defect);
        }
        catch (SystemCallException call)
        {
            return ProfileState.Unreadable(name, call.Subject, $"cannot be read: {ErrnoText.Of(call.Errno)}");
        }
    }

    private static string TextOf(ImmutableArray<ProfileState> states, OutputChoice output, CleanProcess process) =>
        output.Form == OutputForm.Json ? ProfileState.Json(states)
        : output.Verbosity == Verbosity.Quiet ? ProfileState.Names(states)
        : ProfileState.Text(states, AnswerStyle.Of(output, process));
}
