using NsHelper.Planning.Sessions;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The descriptors by which monitor and init know each other, known by number before the plan is lowered: all of them are the caller's own, so
/// they may stay open when everything else is closed. Without a terminal of the session's own <see cref="Master"/> and <see cref="Terminal"/> are -1.
/// </summary>
/// <param name="Monitor">The monitor's end of the channel.</param>
/// <param name="Init">The init's end of the channel.</param>
/// <param name="Master">Where the init has the terminal's other side until it has sent it to the monitor.</param>
/// <param name="Terminal">Where the init and the command have the terminal.</param>
internal readonly record struct SupervisionDescriptors(int Monitor, int Init, int Master, int Terminal)
{
    /// <summary>For a plan that is only shown.</summary>
    public static SupervisionDescriptors? Shown(Supervision? supervision) => supervision is null ? null
        : supervision.Terminal == SessionTerminal.Own ? new(3, 4, 5, 6) : new(3, 4, -1, -1);
}
