using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Linux.Files;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// The login shell: login.toml names the profile, and from there on it is as with run. Whatever is missing or wrong on the way is a
/// refusal: there is no shell but that of a session.
/// </summary>
internal static class LoginCommand
{
    private const string Verb = ShellRequest.LoginVerb;

    public static int Run(Invocation.Login invocation, CleanProcess process)
    {
        ParkedPrivileges privileges;
        StartAttempt attempt;
        Preparation preparation;
        try
        {
            privileges = PrivilegeCheck.Require(process);
            (attempt, preparation) = Prepare(invocation, process);
        }
        catch (Exception exception) when (IsLogged(exception, process))
        {
            throw; // told where every other is
        }

        return StatusStream.Open(null, process, attempt) is { } none
            ? RunCommand.Go(attempt, preparation, privileges, process, none)
            : throw new UnreachableException();
    }

    private static (StartAttempt Attempt, Preparation Preparation) Prepare(Invocation.Login invocation, CleanProcess process)
    {
        Caller caller = CallerReader.Read(process.RealUser, process.RealGroup);
        var attempt = new StartAttempt(Verb, "log in as", caller.Name, null, invocation.Output);
        switch (SessionPreparation.ReadSettings())
        {
            case SiteSettingsReading.Valid { Settings: var site }:
                Preparation.Refused? refusal = Map(caller, site, process, out LoginEntry? entry, out ImmutableArray<Diagnostic> mistakes);
                if (entry is null)
                {
                    return (attempt, refusal ?? (Preparation)new Preparation.Invalid(caller, site, mistakes));
                }

                Preparation found = SessionPreparation.Find(entry.Profile, caller, site, process);
                return (new StartAttempt(Verb, "log in with", entry.Profile.Text, entry.Profile, invocation.Output), Decide(found, entry.Profile, invocation.Request, process));
            case SiteSettingsReading.Invalid invalid:
                return (attempt, new Preparation.Invalid(caller, SiteSettings.Default, invalid.Diagnostics));
            default:
                throw new UnreachableException();
        }
    }

    private static Preparation Decide(Preparation found, ProfileName profile, ShellRequest request, CleanProcess process) => SessionPreparation.Decide(
        found,
        new SessionArguments { Profile = profile, Command = [], Variables = [], Parameters = [], ChangeDirectory = null, Shell = request },
        process,
        isReported: false);

    /// <summary>The entry of login.toml for the caller; without one, why, or what is wrong with the file.</summary>
    private static Preparation.Refused? Map(Caller caller, SiteSettings site, CleanProcess process, out LoginEntry? entry, out ImmutableArray<Diagnostic> mistakes)
    {
        entry = null;
        mistakes = [];
        const string path = $"{ProfileDirectory.Configuration}/{LoginMap.FileName}";
        if (ProfileDirectory.OpenLoginMap() is not { } file)
        {
            return Refused(caller, site, $"there is no {path}, which says which profile a login has");
        }

        switch (LoginMapReader.Read(file))
        {
            case LoginMapReading.Valid { Map: var map }:
                if (SessionPreparation.ReadNames(LoginRules.NamesIn(map, caller), caller) is not { } names)
                {
                    return Refused(caller, site, SessionPreparation.GroupsUnknown);
                }

                entry = LoginRules.EntryFor(map, caller, names);
                return entry is null ? Refused(caller, site, $"{path} has no profile for this user") : null;
            case LoginMapReading.Invalid invalid:
                mistakes = invalid.Diagnostics;
                return SessionPreparation.ShutOut(site, caller, process);
            default:
                throw new UnreachableException();
        }
    }

    private static Preparation.Refused Refused(Caller caller, SiteSettings site, string reason) => new(caller, site, reason, null, reason);

    /// <summary>Who administers the host looks for the reason there. The settings may be what is broken, so it goes where it goes without any.</summary>
    private static bool IsLogged(Exception exception, CleanProcess process)
    {
        AuditRecord record = new AuditRecord("deny").With("verb", Verb).With("uid", process.RealUser.Value).With("reason", Report.Told(exception));
        _ = AuditLog.Send(record, SiteSettings.Default.LogFacility); // refused with or without a record
        return true;
    }
}
