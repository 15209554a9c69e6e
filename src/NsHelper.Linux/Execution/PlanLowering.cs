using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Turns a session plan into instructions, phase by phase. Total: whatever the plan says has a lowering, and nothing is probed here;
/// what only the kernel can know is an instruction that fails with its step.
/// </summary>
internal static unsafe class PlanLowering
{
    /// <summary>A start that waits longer than this for a file system or another start is ended: by SIGALRM, or where there is a monitor by that, with SIGKILL. Seconds.</summary>
    public const int Deadline = 10;

    /// <summary>Room for the instructions of a plan: without mounts, and for each; a longer one grows.</summary>
    private const int LengthWithoutMounts = 170;
    private const int LengthOfMount = 12;
    private const int AbandonLength = 24;

    public const int ItimervalSize = 32;
    private const int UtsnameFieldSize = 65;
    private const int UtsnameSize = 6 * UtsnameFieldSize;
    private const int IfreqSize = 40;
    private const int IfreqFlagsOffset = 16;

    /// <param name="descriptors">Of a plan with supervision.</param>
    public static LoweredPlan Lower(SessionPlan plan, SupervisionDescriptors? descriptors)
    {
        var memory = new UnmanagedMemory();
        var builder = new InstructionBuilder(LengthWithoutMounts + (plan.Steps.Length * LengthOfMount), memory);
        var calls = new CallBuilder(builder);
        var credentials = new CredentialLowering(builder, SupervisionLowering.KeptByInit(descriptors));
        SupervisionLowering? processes = plan.Supervision is { } supervision && descriptors is { } known
            ? new SupervisionLowering(calls, supervision, known) : null;

        builder.About(SetupStage.Raise, "privileges", null);
        credentials.Raise(plan);
        processes?.ForkInit(plan.Isolation.Unshare, joined: null);
        if (processes is null)
        {
            ArmDeadline(builder);
        }

        new LimitLowering(calls).WriteScore(plan, credentials);
        processes?.OpenTerminal(inSession: false);
        var registry = new RegistryLowering(calls, credentials, plan);
        registry.Open();
        var shares = new ShareLowering(calls, credentials, plan, descriptors?.Use ?? -1);
        shares.EnsureBackings();
        var overlays = new OverlayLowering(calls, credentials, plan);
        var mounts = new MountLowering(calls, shares, overlays, credentials, plan);
        var root = new RootLowering(calls, overlays, credentials, plan);
        mounts.TakeSources();
        root.TakeSource();
        new NetworkLowering(calls).Join(plan.Isolation);
        Isolate(builder, calls, plan.Isolation);
        registry.Look();
        root.Enter();
        Share(builder, calls, plan.Isolation);
        PrepareNamespaces(builder, plan.Steps);
        mounts.AttachAll();
        root.Finish();
        registry.Write();
        credentials.Drop(plan.Credentials);
        processes?.OpenTerminal(inSession: true);
        processes?.ForkCommand(registry.Namespaces);
        new LaunchLowering(calls).Lower(plan.Launch);

        return Build(builder, plan, descriptors);
    }

    /// <summary>With the two ways down: of a plan that fails, and of the monitor.</summary>
    public static LoweredPlan Build(InstructionBuilder builder, StartPlan plan, SupervisionDescriptors? descriptors)
    {
        var abandon = new InstructionBuilder(AbandonLength, builder.Memory);
        new CredentialLowering(abandon, [descriptors?.Status ?? -1]).Abandon(plan.Credentials);
        var standAside = new InstructionBuilder(AbandonLength, builder.Memory);
        new CredentialLowering(standAside, []).StandAside(plan.Credentials);
        return builder.Build(abandon, standAside);
    }

    /// <summary>MS_* of mount_setattr(2); 0 leaves the propagation as it is.</summary>
    public static ulong PropagationBits(Propagation propagation) => propagation switch
    {
        Propagation.Private => (ulong)MS_PRIVATE,
        Propagation.Slave => (ulong)MS_SLAVE,
        Propagation.Shared => (ulong)MS_SHARED,
        Propagation.Unbindable => (ulong)MS_UNBINDABLE,
        Propagation.Unchanged => 0,
        _ => throw new UnreachableException(),
    };

    /// <summary>What a tree is before its root is the session's: a shared one becomes a slave first, so that its peers are the session's own and fed by the host's.</summary>
    public static Propagation FirstPropagation(Isolation isolation) =>
        isolation.RootPropagation == Propagation.Shared ? Propagation.Slave : isolation.RootPropagation;

    public static void ArmDeadline(InstructionBuilder builder)
    {
        byte* timer = builder.Memory.Allocate(ItimervalSize);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(timer + 16, 8), Deadline);
        builder.Add(SystemCall.SetItimer, [ITIMER_REAL, Argument.Numbers(timer), 0]);
    }

    private static void Isolate(InstructionBuilder builder, CallBuilder calls, Isolation isolation)
    {
        builder.About(SetupStage.Isolation, "namespaces", isolation.NamespacesLocation);
        byte* before = calls.StatxPath("/", STATX_MNT_ID, 0xa5);

        // The kernel refuses this flag unless the process has one thread: another one would stay behind, privileged.
        builder.Add(SystemCall.Unshare, [(int)(isolation.Unshare & ~SupervisionLowering.BeginWithChild) | OneThreadOnly]);

        // A filter that only claims success would leave every later mount on the host: a copied tree has ids of its own.
        byte* after = calls.StatxPath("/", STATX_MNT_ID, 0xa5);
        calls.ExpectMemory(Expectation.Different, after + CallBuilder.StatxMountIdOffset, before + CallBuilder.StatxMountIdOffset, sizeof(ulong));

        // One call for the whole tree, before anything is attached: out of the host's peer groups, and no setuid file works unless the profile says so.
        builder.About(SetupStage.Isolation, "/", isolation.RootLocation);
        MountAttributes attributes = (isolation.RootNoSuid ? MountAttributes.NoSuid : 0) | (isolation.Root is SessionRoot.Host ? isolation.RootRestrictions : 0);
        calls.SetRootAttributes(attributes, PropagationBits(FirstPropagation(isolation)));
        calls.VerifyAttributes(tree: null, attributes);
    }

    private static void Share(InstructionBuilder builder, CallBuilder calls, Isolation isolation)
    {
        if (isolation.RootPropagation == Propagation.Shared)
        {
            builder.About(SetupStage.Isolation, "/", isolation.RootLocation);
            calls.SetRootAttributes(MountAttributes.None, (ulong)MS_SHARED);
        }
    }

    private static void PrepareNamespaces(InstructionBuilder builder, ImmutableArray<SetupStep> steps)
    {
        foreach (SetupStep step in steps)
        {
            if (step is SetupStep.SetHostname name)
            {
                builder.About(SetupStage.Namespaces, name.Hostname, step.Location);
                builder.Add(SystemCall.SetHostname, [Argument.Text(builder.Memory.String(name.Hostname)), name.Hostname.Length]);
                VerifyHostname(builder, name.Hostname);
            }
            else if (step is SetupStep.BringLoopbackUp)
            {
                BringLoopbackUp(builder, step.Location);
            }
        }
    }

    /// <summary>Reads the name back (uname(2)): nodename is the second field of 65 bytes.</summary>
    private static void VerifyHostname(InstructionBuilder builder, string hostname)
    {
        byte* names = builder.Memory.Allocate(UtsnameSize);
        builder.Add(SystemCall.Uname, [names]);
        ref Instruction instruction = ref builder.Expect(Expectation.Equal);
        instruction.Actual = names + UtsnameFieldSize;
        instruction.Reference = builder.Memory.String(hostname);
        instruction.Length = hostname.Length + 1;
    }

    private static void BringLoopbackUp(InstructionBuilder builder, SourceLocation location)
    {
        builder.About(SetupStage.Namespaces, "lo", location);
        byte* request = builder.Memory.Allocate(IfreqSize);
        "lo"u8.CopyTo(new Span<byte>(request, IfreqSize));
        BinaryPrimitives.WriteInt16LittleEndian(new Span<byte>(request + IfreqFlagsOffset, 2), IFF_UP | IFF_RUNNING);
        Slot socket = builder.AddDescriptor(SystemCall.Socket, "socket", [(int)AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0]);
        builder.Add(SystemCall.Ioctl, [socket, SIOCSIFFLAGS, request]);
        builder.Add(SystemCall.Close, [socket]);
    }
}
