using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Turns the plan of a command in a running session into instructions. The namespaces come as descriptors that were proven to be the session's, and the
/// first thing done in them is to give every privilege up: no path is looked at in between.
/// </summary>
internal static unsafe class JoinLowering
{
    private const int Length = 120;

    /// <param name="descriptors">Of a plan with supervision.</param>
    public static LoweredPlan Lower(JoinPlan plan, SupervisionDescriptors? descriptors, JoinedNamespaces namespaces)
    {
        var builder = new InstructionBuilder(Length, new UnmanagedMemory());
        var calls = new CallBuilder(builder);
        var credentials = new CredentialLowering(builder, SupervisionLowering.KeptByInit(descriptors));
        SupervisionLowering? processes = plan.Supervision is { } supervision && descriptors is { } known ? new SupervisionLowering(calls, supervision, known) : null;

        builder.About(SetupStage.Raise, "privileges", null);
        credentials.RaiseForJoin(plan);
        processes?.ForkInit(NamespaceSet.None, namespaces.Find(NamespaceKind.Pid)?.Descriptor);
        if (processes is null)
        {
            PlanLowering.ArmDeadline(builder);
        }

        new LimitLowering(calls).WriteScore(plan, credentials);
        processes?.OpenTerminal(inSession: false);
        Enter(builder, calls, namespaces);
        credentials.Drop(plan.Credentials);
        processes?.OpenTerminal(inSession: true);
        processes?.ForkCommand(Columns(builder.Memory, namespaces.All));
        new LaunchLowering(calls).Lower(plan.Launch);
        return PlanLowering.Build(builder, plan, descriptors);
    }

    /// <summary>
    /// By a directory of the host's /proc that was opened before, the kernel says afterwards where the process is: a filter may only
    /// claim success.
    /// </summary>
    private static void Enter(InstructionBuilder builder, CallBuilder calls, JoinedNamespaces namespaces)
    {
        builder.About(SetupStage.Isolation, "namespaces", null);
        Slot own = calls.Open("own", AT_FDCWD, "/proc/self", CallBuilder.PathDirectory, (ulong)RESOLVE_NO_MAGICLINKS);
        foreach (JoinedNamespace entered in namespaces.Entered)
        {
            if (entered.Kind != NamespaceKind.Pid)
            {
                builder.Add(SystemCall.SetNs, [entered.Descriptor, (int)entered.Bit]);
            }
        }

        foreach (JoinedNamespace entered in namespaces.Entered)
        {
            string link = NamespaceLink.Of(entered.Kind, entered.Id);
            byte* actual = builder.Memory.Allocate(SessionPlace.ColumnWidth);
            builder.Add(SystemCall.ReadLinkAt, [own, calls.Text($"ns/{NamespaceKinds.NameOf(entered.Kind)}"), actual, SessionPlace.ColumnWidth]);
            calls.ExpectMemory(Expectation.Equal, actual, builder.Memory.String(link), link.Length + 1);
        }
    }

    /// <summary>As a session that begins finds them.</summary>
    private static byte* Columns(UnmanagedMemory memory, NamespaceIds ids)
    {
        byte[] text = SessionPlace.ColumnsOf(ids);
        byte* columns = memory.Allocate(text.Length);
        text.CopyTo(new Span<byte>(columns, text.Length));
        return columns;
    }
}
