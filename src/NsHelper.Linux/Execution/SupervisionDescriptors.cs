using NsHelper.Planning.Sessions;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The descriptors by which monitor and init know each other, known by number before the plan is lowered: they may stay open when everything else is
/// closed. All but one are the caller's own. <see cref="Master"/> and <see cref="Terminal"/> are -1 without a terminal of the session's own.
/// </summary>
/// <param name="Monitor">The monitor's end of the channel.</param>
/// <param name="Init">The init's end of the channel.</param>
/// <param name="Master">Where the init has the terminal's other side until it has sent it to the monitor.</param>
/// <param name="Terminal">Where the init and the command have the terminal; of a detached session, /dev/null.</param>
/// <param name="Use">Where the init has the file whose locks say which shares are in use (<see cref="ShareUse"/>), to read only; -1 where no share asks.</param>
internal readonly record struct SupervisionDescriptors(int Monitor, int Init, int Master, int Terminal, int Use)
{
    /// <summary>
    /// Where the monitor, and a part that fails, tell what becomes of the session; -1: nowhere. Of a detached session it is a pipe whose other end is
    /// <see cref="Begun"/>: at its end the command has been executed.
    /// </summary>
    public int Status { get; init; } = -1;

    /// <summary>The monitor's; -1 where the session is not detached.</summary>
    public int Begun { get; init; } = -1;

    /// <summary>For a plan that is only shown.</summary>
    public static SupervisionDescriptors? Shown(SessionPlan plan)
    {
        if (plan.Supervision is not { } supervision)
        {
            return null;
        }

        bool hasTerminal = supervision.Terminal == SessionTerminal.Own;
        if (supervision.IsDetached)
        {
            return new(3, 4, -1, 5, plan.HasShareUntilLastSession ? 6 : -1) { Begun = 7, Status = 8 };
        }

        return new(3, 4, hasTerminal ? 5 : -1, hasTerminal ? 6 : -1, plan.HasShareUntilLastSession ? hasTerminal ? 7 : 5 : -1);
    }
}
