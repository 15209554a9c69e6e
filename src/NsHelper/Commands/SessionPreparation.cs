using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Linux.Files;
using NsHelper.Linux.Host;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>
/// The way from a profile's name to a plan, one way for run and explain: site settings, profile, names, decision, facts about paths, plan.
/// Everything is read with the caller's rights, and each file once.
/// </summary>
internal static class SessionPreparation
{
    /// <summary>The same words for a profile that is not there and for one that is not the caller's: which of the two it is, is for the log.</summary>
    public const string NotYours = "no such profile, or not yours to use";

    public const string GroupsUnknown = "the caller's groups could not be looked up";

    /// <param name="isReported">Whether somebody is to be told what becomes of the session.</param>
    public static Preparation Prepare(SessionArguments arguments, CleanProcess process, bool isReported) =>
        Decide(Find(arguments.Profile, process), arguments, process, isReported);

    /// <summary>The same of a profile that was looked for already: no more than that where it was not found.</summary>
    public static Preparation Decide(Preparation preparation, SessionArguments arguments, CleanProcess process, bool isReported) =>
        preparation is Preparation.Found found ? Decide(found, arguments, process, isReported) : preparation;

    /// <summary>Found, Refused or Invalid: the profile and what is needed to decide about it.</summary>
    public static Preparation Find(ProfileName name, CleanProcess process)
    {
        Caller caller = CallerReader.Read(process.RealUser, process.RealGroup);
        SiteSettings site;
        switch (ReadSettings())
        {
            case SiteSettingsReading.Valid valid:
                site = valid.Settings;
                break;
            case SiteSettingsReading.Invalid invalid:
                return new Preparation.Invalid(caller, SiteSettings.Default, invalid.Diagnostics);
            default:
                throw new UnreachableException();
        }

        return Find(name, caller, site, process);
    }

    public static Preparation Find(ProfileName name, Caller caller, SiteSettings site, CleanProcess process)
    {
        InstalledProfile? found;
        Preparation.Refused? shut = null;
        try
        {
            found = InstalledProfile.Read(name, site);
        }
        catch (UntrustedFileException) when ((shut = ShutOut(site, caller, process)) is not null)
        {
            return shut;
        }

        if (found is null)
        {
            return new Preparation.Refused(caller, site, NotYours, null, "no such profile, or none that the user may read");
        }

        return found.Reading switch
        {
            ProfileReading.Invalid invalid => (Preparation?)ShutOut(site, caller, process) ?? new Preparation.Invalid(caller, site, invalid.Diagnostics),
            ProfileReading.Valid valid => WithNames(valid, found.Digest, found.MentionsGroupName ? CallerReader.WithGroupName(caller) : caller, site),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A profile the caller may use, with the rule that says so; null when it is another's, wrong, or not to be trusted.</summary>
    public static (Profile Profile, PrincipalRule Rule)? UsableProfile(ProfileName name, Caller caller, SiteSettings site)
    {
        try
        {
            return InstalledProfile.Read(name, site) is { Reading: ProfileReading.Valid { Profile: var profile } }
                && ReadNames(AccessRules.NamesIn(profile, caller), caller) is { } names
                && AccessRules.UseOf(profile, caller, names) is { } rule
                    ? (profile, rule)
                    : null;
        }
        catch (Exception exception) when (exception is UntrustedFileException or SystemCallException)
        {
            return null;
        }
    }

    /// <summary>A profile whose lines may be told: the caller may use it, or root asks, to whom every profile may be shown. Else null.</summary>
    public static (Profile Profile, Caller Caller, AccountNames Names)? VisibleProfile(ProfileName name, Caller caller, SiteSettings site, CleanProcess process) =>
        InstalledProfile.Read(name, site) is { Reading: ProfileReading.Valid { Profile: var profile }, MentionsGroupName: var mentions }
            && ReadNames(AccessRules.NamesIn(profile, caller), caller) is { } names
            && (process.AskedByRoot || AccessRules.UseOf(profile, caller, names) is not null)
                ? (profile, mentions ? CallerReader.WithGroupName(caller) : caller, names)
                : null;

    /// <summary>What a session of the profile should show now; null after a refusal.</summary>
    /// <param name="sessionId">Null when it is not known.</param>
    public static SessionOutline? Outline(ProfileUse use, AccountNames names, string? sessionId, out string? refusal)
    {
        string host = HostFacts.Name();
        return SessionPlanner.Outline(use, names, sessionId ?? HostFacts.NewSessionId(), host, PathFactsReader.Read(SessionPlanner.QuestionsOf(use, host)), out refusal);
    }

    /// <summary>A denial as a refusal: what the user may know, and what the log and root do.</summary>
    public static Preparation.Refused Refused(Preparation.Found found, Decision.Denied denied) =>
        new(found.Caller, found.Site, MessageOf(found.Profile, denied), null, denied.Reason) { Rule = denied.Rule };

    public static SiteSettingsReading ReadSettings()
    {
        ImmutableArray<ProfileText> layers = ProfileDirectory.OpenSettings();
        return layers.IsEmpty ? new SiteSettingsReading.Valid(SiteSettings.Default) : SiteSettingsReader.Read(layers);
    }

    private static Preparation WithNames(ProfileReading.Valid reading, ulong digest, Caller caller, SiteSettings site) =>
        ReadNames(AccessRules.NamesIn(reading.Profile, caller), caller) is { } names
            ? new Preparation.Found(caller, site, reading.Profile, reading.Merged, names) { Digest = digest }
            : new Preparation.Refused(caller, site, NotYours, null, GroupsUnknown) { Rule = reading.Profile.Location };

    private static Preparation Decide(Preparation.Found found, SessionArguments arguments, CleanProcess process, bool isReported)
    {
        Decision decision = arguments.Shell is { } shell
            ? AccessRules.Decide(found.Profile, found.Caller, found.Names, shell, arguments.Parameters)
            : AccessRules.Decide(found.Profile, found.Caller, found.Names, arguments.Verb, arguments.Command, arguments.Parameters);
        return decision switch
        {
            Decision.Denied denied => Refused(found, denied),
            Decision.Allowed allowed => Plan(allowed.Grant, found, arguments, process, isReported),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>
    /// The site's own refusal, where a profile cannot be read: whom no profile is for learns of none that it is there, nor what is wrong with it.
    /// Null when the caller is let through, and for root, who may see what to repair.
    /// </summary>
    public static Preparation.Refused? ShutOut(SiteSettings site, Caller caller, CleanProcess process)
    {
        if (site.Gate is not { } gate || process.AskedByRoot)
        {
            return null;
        }

        if (ReadNames(AccessRules.NamesIn(gate, caller), caller) is not { } names)
        {
            return new Preparation.Refused(caller, site, NotYours, null, GroupsUnknown) { Rule = gate.Location };
        }

        return SiteGate.Denial(gate, caller, names, null) is { } denied
            ? new Preparation.Refused(caller, site, NotYours, null, denied.Reason) { Rule = denied.Rule }
            : null;
    }

    private static Preparation Plan(Grant grant, Preparation.Found found, SessionArguments arguments, CleanProcess process, bool isReported)
    {
        string host = HostFacts.Name();
        var request = new SessionRequest(HostFacts.NewSessionId(), host, PrivilegeCheck.LastCapability(), arguments.Variables, arguments.ChangeDirectory)
        {
            IsReported = isReported,
            Label = arguments.Label,
            Detaches = arguments.Detaches,
            Digest = found.Digest,
        };
        PlanningResult result = SessionPlanner.Plan(
            grant, found.Names, process.State, request, PathFactsReader.Read(SessionPlanner.QuestionsOf(grant.Use, host)));
        return result switch
        {
            PlanningResult.Valid valid => new Preparation.Ready(grant.Caller, found.Site, valid.Plan, grant.Rule),
            PlanningResult.Refused refused => new Preparation.Refused(grant.Caller, found.Site, refused.Message, refused.Location, refused.Message),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Who may use the profile is told what is wrong with the command or a parameter; everybody else no more than the profile's own message.</summary>
    private static string MessageOf(Profile profile, Decision.Denied denied) =>
        denied.IsAboutCommand ? denied.Reason
        : profile.Message.Length > 0 && !denied.IsOfSite ? $"{NotYours}: {Escaped.Text(profile.Message)}"
        : NotYours;

    /// <summary>Null when a deny rule asks for the group database and it does not answer: what cannot be decided is denied.</summary>
    public static AccountNames? ReadNames((ImmutableArray<string> Users, ImmutableArray<string> Groups, bool WantsDatabaseGroups) asked, Caller caller)
    {
        (ImmutableArray<string> users, ImmutableArray<string> groups, bool wantsDatabaseGroups) = asked;
        if (users.IsEmpty && groups.IsEmpty && !wantsDatabaseGroups)
        {
            return AccountNames.None;
        }

        ImmutableArray<GroupId>? databaseGroups = wantsDatabaseGroups ? AccountDatabase.GroupsOf(caller.UserId) : [];
        if (databaseGroups is not { } known)
        {
            return null;
        }

        var userIds = ImmutableArray.CreateBuilder<NamedUser>(users.Length);
        foreach (string name in users)
        {
            if (AccountDatabase.UserNamed(name) is { } id)
            {
                userIds.Add(new NamedUser(name, id));
            }
        }

        var groupIds = ImmutableArray.CreateBuilder<NamedGroup>(groups.Length);
        foreach (string name in groups)
        {
            if (AccountDatabase.GroupNamed(name) is { } id)
            {
                groupIds.Add(new NamedGroup(name, id));
            }
        }

        return new AccountNames { Users = userIds.ToImmutable(), Groups = groupIds.ToImmutable(), DatabaseGroups = known };
    }
}
