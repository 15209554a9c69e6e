using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>What a session has at a target, as far as it matters to programs with rights; each is worse than the one before.</summary>
internal enum TargetContent
{
    /// <summary>What the host has there.</summary>
    TheHosts,
    ReadOnly,

    /// <summary>What the administrator chose.</summary>
    Another,
    TheUsers,
}

/// <summary>
/// The rules of <see cref="UserWritableRules"/> and <see cref="NewPrivilegesRules"/> once more: what a target is, the caller's names and root's links may decide.
/// </summary>
internal sealed class TargetTrust(Specifiers specifiers, Isolation isolation)
{
    public void Hold(AbsolutePath target, TargetContent content, SourceLocation location)
    {
        if (Fault(target.Text, content, IsInHome(target)) is string fault)
        {
            throw new PlanningRefusal(fault, location);
        }
    }

    /// <summary>Root and services have their homes in places that are trusted otherwise; accounts without a home of their own have a directory of the system.</summary>
    public bool IsInHome(AbsolutePath path) =>
        path.IsAtOrBelow(specifiers.Caller.Home) && (!SystemPlaces.IsTrusted(specifiers.Caller.Home.Text) || SystemPlaces.MayBeHome(specifiers.Caller.Home.Text));

    /// <summary>Who chooses the place chooses what programs with rights find there.</summary>
    public TargetContent ContentOf(MountSettings mount, ParameterValues parameters) => mount switch
    {
        _ when TemplateScan.HasParameter(mount.Target) => TargetContent.TheUsers,
        MountSettings.Bind bind when bind.Source != bind.Target => IsTheUsers(bind, parameters) ? TargetContent.TheUsers : TargetContent.Another,
        MountSettings.Bind { Recursive: true, Options: { NoExec: false, NoSymFollow: false } } bind => bind.Options.ReadOnly ? TargetContent.ReadOnly : TargetContent.TheHosts,
        MountSettings.Tmpfs { Options.ReadOnly: false } => TargetContent.TheUsers,
        MountSettings.Kernel => TargetContent.TheHosts,
        _ => TargetContent.Another,
    };

    private bool IsTheUsers(MountSettings.Bind bind, ParameterValues parameters) => SystemPlaces.IsUsers(bind.Source)
        || (specifiers.TryExpandPath(bind.Source, parameters, out AbsolutePath? source) && (SystemPlaces.IsUsers(source.Value.Text) || IsInHome(source.Value)));

    private string? Fault(string target, TargetContent content, bool isInHome)
    {
        string shown = $"\"{Escaped.Text(target)}\"";
        bool isOwn = isInHome && BelievedPlaces.IsOwnHome(specifiers.Caller.Home.Text);
        return content == TargetContent.TheUsers && SystemPlaces.IsTrusted(target) && !isInHome ? $"what users can write must not stand at {shown}, which programs with rights trust"
            : isolation.RootNoSuid || isOwn ? null
            : content == TargetContent.TheUsers ? $"what users can write must not stand at {shown} in a session in which set-user-ID programs have effect"
            : content == TargetContent.Another && BelievedPlaces.IsBelieved(target) ? $"{shown} must be what it is on the host, since set-user-ID programs believe it"
            : content == TargetContent.ReadOnly && BelievedPlaces.IsRecorded(target) ? $"{shown} must stay writable, since set-user-ID programs count wrong passwords there and keep logs"
            : null;
    }
}
