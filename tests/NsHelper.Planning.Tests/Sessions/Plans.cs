using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Plans sessions of a quiet caller: no environment, home as working directory.</summary>
internal static class Plans
{
    /// <summary>Without the /proc that a session gets because its processes are its own.</summary>
    public static SetupStep[] StepsButProc(this SessionPlan plan) =>
        [.. plan.Steps.Where(step => step is not SetupStep.KernelMount { FileSystem: KernelFileSystem.Proc, Visibility: null, ProcessesOnly: false })];

    public static PlanningResult Of(Grant grant) => Of(grant, PathFacts.None);

    public static PlanningResult Of(Grant grant, PathFacts facts) => Of(grant, facts, state => state);

    /// <param name="changed">Makes another caller of the quiet one.</param>
    public static PlanningResult Of(Grant grant, PathFacts facts, Func<CallerState, CallerState> changed) => SessionPlanner.Plan(
        grant,
        People.Database,
        changed(new CallerState
        {
            Arguments = [ByteString.FromText("nshelper")],
            Environment = [],
            WorkingDirectory = ByteString.FromText("/home/alice"),
            Umask = 0x12,
            ChangedLimits = [],
            HardLimits = [.. Enumerable.Repeat(ulong.MaxValue, 16)],
            BlockedSignals = 0,
            IgnoredSignals = 0,
            Timers = [],
        }),
        new SessionRequest(new string('0', 32), "host", 40, [], null),
        facts);
}
