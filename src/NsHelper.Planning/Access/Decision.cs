using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>What AccessRules decided: permission as a value that must be held to go on, or the rule that refused.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    internal sealed record Allowed(Grant Grant) : Decision;

    /// <summary>The reason is for the log and for administrators; the user sees the same words as for an unknown profile.</summary>
    internal sealed record Denied(string Reason, SourceLocation? Rule) : Decision
    {
        /// <summary>Whether the profile is the caller's and only the command, or the value of a parameter, is not: then the reason may be told.</summary>
        public bool IsAboutCommand { get; init; }

        /// <summary>Whether the site refused, before any profile was asked: then no profile may speak either.</summary>
        public bool IsOfSite { get; init; }
    }
}

/// <summary>Permission for one caller to use one profile with one verb and one command. Only AccessRules makes one: the constructor is private, and Decide the only way to it.</summary>
internal sealed record Grant
{
    private Grant(Profile profile, Caller caller, RequestedCommand command, ParameterValues parameters, PrincipalRule principal)
    {
        Profile = profile;
        Caller = caller;
        Command = command;
        Parameters = parameters;
        Principal = principal;
    }

    public Profile Profile { get; }
    public Caller Caller { get; }

    /// <summary>The command as authorised: what is run is exactly this.</summary>
    public RequestedCommand Command { get; }

    /// <summary>What the profile's parameters stand for: accepted, each of them.</summary>
    public ParameterValues Parameters { get; }

    public ProfileUse Use => new(Profile, Caller, Parameters);

    /// <summary>The entry of the profile that permitted it.</summary>
    public PrincipalRule Principal { get; }

    /// <summary>Its line.</summary>
    public SourceLocation Rule => Principal.Location;

    /// <summary>See <see cref="AccessRules"/>. It stands here because a private constructor is the only lock the language has.</summary>
    internal static Decision Decide(
        Profile profile,
        Caller caller,
        AccountNames names,
        string verb,
        ImmutableArray<ByteString> command,
        ShellRequest? shell,
        ImmutableArray<(ByteString Name, ByteString Value)> settings)
    {
        if (SiteGate.Denial(profile.Gate, caller, names, verb) is Decision.Denied shut)
        {
            return shut;
        }

        if (!profile.IsUsable)
        {
            return new Decision.Denied(profile.Enabled ? "the profile is abstract" : "the profile is disabled", profile.Location);
        }

        if (!profile.Allow.Verbs.Contains(verb))
        {
            return new Decision.Denied($"the profile does not allow {Escaped.Shown(verb)}", profile.Allow.Location);
        }

        if (PrincipalRules.Denial(profile.Allow, caller, names) is Decision.Denied denied)
        {
            return denied;
        }

        if (PrincipalRules.Permission(profile.Allow, caller, names) is not PrincipalRule rule)
        {
            return new Decision.Denied("no rule of the profile allows this user", profile.Allow.Location);
        }

        if (ParameterValues.Resolve(profile.Parameters, settings, new Specifiers(caller, profile.Name.Text, HostName: ""), out string? fault) is not ParameterValues parameters)
        {
            return new Decision.Denied(fault ?? "a parameter is not accepted", profile.Location) { IsAboutCommand = true };
        }

        Decision.Denied? refusal;
        RequestedCommand? requested = shell is null
            ? CommandRules.Choose(profile, command, parameters, out refusal)
            : ShellRules.Choose(profile, shell, out refusal);
        return requested is null
            ? refusal ?? new Decision.Denied("the command is not allowed", profile.Allow.Location)
            : new Decision.Allowed(new Grant(profile, caller, requested, parameters, rule));
    }
}
