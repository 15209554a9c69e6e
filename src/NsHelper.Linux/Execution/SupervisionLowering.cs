using System.Buffers.Binary;
using NsHelper.Linux.Supervisors;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The processes of a session: the monitor forks the init, which makes the session, gives up every privilege and forks the command. What is
/// between two forks is one process's part; the parents' lives afterwards are SessionMonitor and SessionInit.
/// </summary>
internal sealed unsafe class SupervisionLowering(CallBuilder calls, Supervision supervision, SupervisionDescriptors descriptors)
{
    private const int SignalSetSize = 8;

    /// <summary>Of these unshare(2) gives its caller none, but its next child.</summary>
    public const NamespaceSet BeginWithChild = NamespaceSet.Pid | NamespaceSet.Time;

    private readonly InstructionBuilder builder = calls.Builder;

    private bool HasOwnTerminal => supervision.Terminal == SessionTerminal.Own;

    /// <summary>What stays open when everything else is closed: nothing of it is more than the caller's, but an empty file that can only be read.</summary>
    public static int[] KeptByInit(SupervisionDescriptors? descriptors) => descriptors is { } known ? [known.Init, known.Master, known.Terminal, known.Use, known.Status] : [];

    /// <summary>The namespaces that begin with a child, and that child.</summary>
    /// <param name="unshared">New ones.</param>
    /// <param name="joined">The descriptor of a process namespace that is there; null for none.</param>
    public void ForkInit(NamespaceSet unshared, int? joined)
    {
        builder.About(SetupStage.Processes, "the init", supervision.Location);

        // No signal is lost between the processes: what comes before the init looks at its signals waits.
        BlockSignals();
        if (joined is int processes)
        {
            builder.Add(SystemCall.SetNs, [processes, (int)NamespaceSet.Pid]);
        }

        if ((unshared & BeginWithChild) is not NamespaceSet.None and NamespaceSet own)
        {
            builder.Add(SystemCall.Unshare, [(int)own | OneThreadOnly]);
        }

        builder.Fork();
        builder.Add(SystemCall.Close, [descriptors.Monitor]);
    }

    /// <summary>Opens the session's own terminal, as the caller: on the host before that is left, or in the finished session.</summary>
    public void OpenTerminal(bool inSession)
    {
        if (!HasOwnTerminal || supervision.TerminalIsOfSession != inSession)
        {
            return;
        }

        ReadOnlySpan<byte> multiplexer = inSession ? "/dev/pts/ptmx"u8 : "/dev/ptmx"u8;
        builder.About(SetupStage.Terminal, inSession ? "/dev/pts/ptmx" : "/dev/ptmx", supervision.Location);
        Slot master = calls.Open("master", multiplexer, O_RDWR | O_NOCTTY | O_CLOEXEC, (ulong)RESOLVE_NO_MAGICLINKS);
        builder.Add(SystemCall.Ioctl, [master, TIOCSPTLCK, builder.Memory.Allocate(sizeof(int))]);
        Slot terminal = builder.AddDescriptor(SystemCall.Ioctl, "terminal", [master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC]);
        calls.Move(master, descriptors.Master);
        calls.Move(terminal, descriptors.Terminal);
    }

    /// <summary>After the drop: tells the monitor that the session stands, and makes the process that becomes the command.</summary>
    /// <param name="namespaces">Where by then the init's namespaces are, in columns (<see cref="SessionPlace"/>).</param>
    public void ForkCommand(byte* namespaces)
    {
        builder.About(SetupStage.Processes, "the command", supervision.Location);
        if (supervision.EndsWithParent)
        {
            // Only now: the kernel forgets it whenever ids change. A monitor that is gone by then does not get the message, which fails.
            builder.Add(SystemCall.Prctl, [PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0]);
        }

        if (supervision.Terminal != SessionTerminal.Callers)
        {
            builder.Add(SystemCall.SetSid, []);
        }

        if (HasOwnTerminal)
        {
            builder.Add(SystemCall.Ioctl, [descriptors.Terminal, TIOCSCTTY, 0]);
        }

        int told = supervision.TellsNamespaces ? SessionPlace.Columns * SessionPlace.ColumnWidth : 0;
        builder.Add(SystemCall.SendMsg, [descriptors.Init, ReadyMessage(namespaces, told), MSG_NOSIGNAL]);
        builder.Expect(Expectation.Result, 1 + told);

        // The answer comes when the monitor has given up root, and does not come when it is gone: no command while anybody has it.
        builder.Add(SystemCall.Read, [descriptors.Init, builder.Memory.Allocate(1), 1]);
        builder.Expect(Expectation.Result, 1);
        if (HasOwnTerminal)
        {
            builder.Add(SystemCall.Close, [descriptors.Master]);
        }

        builder.Fork();
        BecomeJob();

        // Whatever is still open is close-on-exec; said once more, of everything.
        calls.CloseAllBut([descriptors.Status]);
    }

    /// <summary>A process group of its own whose parent is in the same session: so ^Z stops it and does not find it orphaned.</summary>
    private void BecomeJob()
    {
        if (!supervision.HasProcessNamespace && supervision.EndsWithParent)
        {
            builder.Add(SystemCall.Prctl, [PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0]);
        }

        if (supervision.Terminal != SessionTerminal.Callers)
        {
            builder.Add(SystemCall.SetPgid, [0, 0]);
        }

        if (HasOwnTerminal)
        {
            Slot group = builder.AddNumber(SystemCall.GetPid, "pid", [], least: 1);
            builder.Add(SystemCall.Ioctl, [descriptors.Terminal, TIOCSPGRP, Argument.AddressOf(group)]);
        }

        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (supervision.IsDetached || (supervision.TerminalDescriptors & (1 << descriptor)) != 0)
            {
                builder.Add(SystemCall.Dup3, [descriptors.Terminal, descriptor, 0]);
            }
        }
    }

    /// <summary>Read back, since a monitor whose signals are not blocked would wait for its child for ever.</summary>
    private void BlockSignals()
    {
        byte* set = builder.Memory.Allocate(SignalSetSize);
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(set, SignalSetSize), ~((1UL << (SIGKILL - 1)) | (1UL << (SIGSTOP - 1))));
        builder.Add(SystemCall.SigProcMask, [SIG_SETMASK, Argument.Numbers(set), 0, SignalSetSize]);
        byte* actual = builder.Memory.Allocate(SignalSetSize);
        builder.Add(SystemCall.SigProcMask, [SIG_BLOCK, 0, actual, SignalSetSize]);
        calls.ExpectMemory(Expectation.Equal, actual, set, SignalSetSize);
    }

    /// <summary>struct msghdr of one byte and the namespaces, with the master's descriptor where there is one.</summary>
    private byte* ReadyMessage(byte* namespaces, int told)
    {
        const int headerSize = 56;
        const int vectorSize = 16;
        const int rightsSize = 24; // CMSG_SPACE(sizeof(int))
        const int rightsLength = 20; // CMSG_LEN(sizeof(int))
        byte* header = builder.Memory.Allocate(headerSize);
        byte* vector = builder.Memory.Allocate(2 * vectorSize);
        byte* content = builder.Memory.Allocate(1);
        *content = (byte)InitMessage.Ready;
        Write(vector, 0, (long)content);
        Write(vector, 8, 1);
        Write(vector, vectorSize, (long)namespaces);
        Write(vector, vectorSize + 8, told);
        Write(header, 16, (long)vector);
        Write(header, 24, 2);
        if (HasOwnTerminal)
        {
            byte* rights = builder.Memory.Allocate(rightsSize);
            Write(rights, 0, rightsLength);
            Write(rights, 8, (uint)SOL_SOCKET | ((long)SCM_RIGHTS << 32));
            Write(rights, 16, descriptors.Master);
            Write(header, 32, (long)rights);
            Write(header, 40, rightsSize);
        }

        return header;
    }

    private static void Write(byte* block, int offset, long value) => BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(block + offset, sizeof(long)), value);
}
