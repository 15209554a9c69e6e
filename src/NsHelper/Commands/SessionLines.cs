using System.Diagnostics;
using NsHelper.Linux.Files;
using NsHelper.Linux.Host;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// Which session a process is in, and what its profile makes of mounts. Where no session was asked for, the name of the profile comes from the process's
/// own environment, read with the caller's rights, so this is for the eye alone: a forged one shows no line, or those of another profile that the caller
/// may use. The profile is planned as it is now.
/// </summary>
internal static class SessionLines
{
    /// <param name="processId">Null for the caller.</param>
    /// <param name="session">Of the registry, which knows better; null where none was asked for.</param>
    /// <returns>Null when it says nothing of a session, or may not be read.</returns>
    public static SessionClaim? ClaimOf(int? processId, ActiveSession? session, CleanProcess process)
    {
        if (session is not null)
        {
            return new SessionClaim(session.Name.Profile, session.Name.Id);
        }

        try
        {
            return processId is null ? SessionClaim.Of(process.State.Environment) : SessionClaim.Of(ProcFile.Read(processId, "environ"));
        }
        catch (SystemCallException)
        {
            return null; // others' environments are theirs, and what has ended has none
        }
    }

    /// <summary>The report with the line of each mount, or with the reason why there is none.</summary>
    public static MountReport WithLines(MountReport report, ActiveSession? session, CleanProcess process)
    {
        if (ClaimOf(report.ProcessId, session, process) is not { } claim)
        {
            return report;
        }

        try
        {
            SessionOutline? outline = Outline(claim, report, session?.Record, process, out string? fault);
            return report.OfSession(claim, outline, fault);
        }
        catch (UntrustedFileException file)
        {
            return report.OfSession(claim, null, $"{Escaped.Text(file.Path)} {file.Defect}");
        }
        catch (StartFaultException fault)
        {
            return report.OfSession(claim, null, fault.Message);
        }
        catch (SystemCallException call)
        {
            return report.OfSession(claim, null, $"{Escaped.Text(call.Subject)}: {ErrnoText.Of(call.Errno)}");
        }
    }

    private static SessionOutline? Outline(SessionClaim claim, MountReport report, SessionRecord? record, CleanProcess process, out string? fault)
    {
        switch (SessionPreparation.ReadSettings())
        {
            case SiteSettingsReading.Valid { Settings: var site }:
                Caller owner = OwnerOf(report.ProcessId, process);
                fault = SessionPreparation.NotYours;
                return SessionPreparation.VisibleProfile(claim.Profile, owner, site, process) is (var profile, var caller, var names)
                    ? SessionPreparation.Outline(SeenParameters.Of(profile, caller, HostFacts.Name(), report.Nodes, record?.Parameters), names, claim.Id, out fault)
                    : null;
            case SiteSettingsReading.Invalid:
                fault = "the site's settings have mistakes";
                return null;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Whose the session is: the caller's, but root looks at those of others.</summary>
    private static Caller OwnerOf(int? processId, CleanProcess process) =>
        process.AskedByRoot && processId is not null && ProcessOwner.Of(ProcFile.Read(processId, "status")) is { } owner
            ? CallerReader.Read(owner.UserId, owner.GroupId)
            : CallerReader.Read(process.RealUser, process.RealGroup);
}
