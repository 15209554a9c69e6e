using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Decides which processes a session has around its command, and which terminal.</summary>
internal static class SupervisionPlanner
{
    private const int StandardOutput = 0b010;
    private const int AllStandardDescriptors = 0b111;

    /// <summary>
    /// Of a command in a running session: its init is no first process, so that it ends its own command alone, and the session's time is the business
    /// of the session's own init where there is one.
    /// </summary>
    public static Supervision? PlanJoin(Profile profile, CallerState caller, bool isNeeded) => Plan(profile, caller, HasTerminals(profile), isNeeded, detaches: false) is { } supervision
        ? supervision with { HasProcessNamespace = false, WaitsForAll = false, RuntimeMax = profile.Namespaces.PrivatePid ? null : supervision.RuntimeMax }
        : null;

    /// <exception cref="PlanningRefusal">The profile does not let its sessions go on by themselves.</exception>
    /// <param name="hasTerminals">Whether the session has terminals of its own, by <see cref="HasTerminals(ImmutableArray{SetupStep})"/>.</param>
    public static Supervision? Plan(Profile profile, CallerState caller, bool hasTerminals, bool isReported, bool detaches)
    {
        SupervisionSettings settings = profile.Supervision;
        if (detaches && !settings.MayDetach)
        {
            throw new PlanningRefusal("the profile does not allow --detach (allow_detach = true in [session] does)", settings.Location);
        }

        (SessionTerminal terminal, int descriptors) = detaches ? (SessionTerminal.None, 0) : TerminalOf(settings.Terminal, caller);

        // A fork is what these need: a process namespace begins with a child, and somebody has to carry, to wait or to count.
        bool isNeeded = profile.Namespaces.PrivatePid
            || profile.Namespaces.PrivateTime
            || isReported
            || detaches
            || settings.RuntimeMax is not null
            || terminal == SessionTerminal.Own
            || (terminal == SessionTerminal.None && caller.HasControllingTerminal);
        return !isNeeded ? null : new Supervision
        {
            Terminal = terminal,
            TerminalIsOfSession = hasTerminals,
            TerminalDescriptors = descriptors,
            IsDetached = detaches,
            EndsWithParent = settings.EndsWithParent && !detaches,
            WaitsForAll = settings.WaitsForAll,
            RuntimeMax = settings.RuntimeMax,
            TellsNamespaces = isReported,
            HasProcessNamespace = profile.Namespaces.PrivatePid,
            Location = settings.Location,
        };
    }

    /// <summary>
    /// What is typed into the caller's terminal its shell executes, and a process of the session could type there (TIOCSTI). So it gets another
    /// one, or none. None too where its output goes elsewhere: then the terminal is somebody else's to read, as the pager's in a pipeline is.
    /// </summary>
    private static (SessionTerminal Terminal, int Descriptors) TerminalOf(TerminalChoice choice, CallerState caller) => choice switch
    {
        TerminalChoice.Never => (SessionTerminal.Callers, 0),
        TerminalChoice.Always => (SessionTerminal.Own, AllStandardDescriptors),
        _ => (caller.TerminalDescriptors & StandardOutput) != 0 ? (SessionTerminal.Own, caller.TerminalDescriptors) : (SessionTerminal.None, 0),
    };

    /// <summary>The same of a profile whose steps are done.</summary>
    private static bool HasTerminals(Profile profile)
    {
        bool has = profile.Protect.PrivateDevices;
        foreach (MountSettings mount in profile.Mounts)
        {
            has |= mount is MountSettings.Kernel { FileSystem: KernelFileSystem.Devpts };
        }

        return has;
    }

    public static bool HasTerminals(ImmutableArray<SetupStep> steps)
    {
        foreach (SetupStep step in steps)
        {
            if (step is SetupStep.KernelMount { FileSystem: KernelFileSystem.Devpts } mount && mount.Target == MountPlaces.PlaceOf(MountType.Devpts))
            {
                return true;
            }
        }

        return false;
    }
}
