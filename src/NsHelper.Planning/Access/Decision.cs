using NsHelper.Planning.Identity;
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
    internal sealed record Denied(string Reason, SourceLocation? Rule) : Decision;
}

/// <summary>Permission for one caller to use one profile with one verb and one command. Only AccessRules makes one.</summary>
internal sealed record Grant
{
    internal Grant(Profile profile, Caller caller, RequestedCommand command, SourceLocation rule)
    {
        Profile = profile;
        Caller = caller;
        Command = command;
        Rule = rule;
    }

    public Profile Profile { get; }
    public Caller Caller { get; }

    /// <summary>The command as authorised: what is run is exactly this.</summary>
    public RequestedCommand Command { get; }

    /// <summary>The line of the profile that permitted it.</summary>
    public SourceLocation Rule { get; }
}
