using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Sessions;
using Tmds.Linux;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>
/// The monitor's life: the process that the caller's shell knows, in the host's namespaces. While the session is set up it has root aside, to end
/// an init that hangs; before the command begins it is the caller for good. It passes signals on, stops when the command stops, carries the bytes
/// of the session's own terminal, and ends with the session's status.
/// </summary>
internal sealed unsafe class SessionMonitor
{
    private const int SI_KERNEL = 0x80;
    private const int InfoSize = 128;

    private readonly int init;
    private readonly int channel;
    private readonly Supervision supervision;
    private readonly CallerState caller;
    private readonly LoweredPlan plan;
    private readonly Action<int, NamespaceIds> started;
    private readonly int signals;

    /// <summary>Where it is seen that a detached command has begun, or could not; -1: nowhere, or it is known.</summary>
    private int begun;
    private bool isReady;

    /// <summary>What came before there is a command: bit n - 1 for signal n.</summary>
    private ulong held;

    /// <summary>The init has closed its end, as it does when it ends; the kernel may take a while for the rest of its namespace.</summary>
    private bool isInitSilent;
    private TerminalRelay? relay;

    private SessionMonitor(int init, SupervisionDescriptors descriptors, Supervision supervision, CallerState caller, LoweredPlan plan, Action<int, NamespaceIds> started)
    {
        (this.init, channel, begun) = (init, descriptors.Monitor, descriptors.Begun);
        (this.supervision, this.caller, this.plan, this.started) = (supervision, caller, plan, started);
        signals = SignalDescriptor();
        SystemCallException.ThrowIfNegative(signals, "signalfd", "signals");
        if (signals <= 2)
        {
            // 0, 1 and 2 are there: an answer that is no descriptor of ours would be waited on for ever.
            throw new SystemCallException("signalfd", "signals", EBADF);
        }
    }

    /// <summary>Waits for the session; its exit status. Signals are blocked since before the fork.</summary>
    /// <param name="started">Told the init and the namespaces, before the command begins, where the plan has them told.</param>
    public static MonitorEnd Wait(int init, SupervisionDescriptors descriptors, Supervision supervision, CallerState caller, LoweredPlan plan, Action<int, NamespaceIds> started)
    {
        // An init that hangs is killed by the real uid; no capability is needed for it, nor for anything else.
        Capabilities.Drop();
        SupervisionChannel.CloseInits(descriptors);
        var monitor = new SessionMonitor(init, descriptors, supervision, caller, plan, started);
        try
        {
            return monitor.Wait();
        }
        finally
        {
            monitor.relay?.Restore();
        }
    }

    private MonitorEnd Wait()
    {
        bool ranOut = false;
        long deadline = Clock.In(PlanLowering.Deadline);
        const int own = 3;
        pollfd* waited = stackalloc pollfd[own + TerminalRelay.MostWaited];
        while (true)
        {
            waited[0] = new pollfd { fd = signals, events = POLLIN };
            waited[1] = new pollfd { fd = isInitSilent ? -1 : channel, events = POLLIN };
            waited[2] = new pollfd { fd = begun, events = POLLIN };
            int count = own + (relay?.Ask(waited + own) ?? 0);
            _ = poll(waited, (uint)count, !isReady ? (int)Clock.Until(deadline) : relay?.PollTimeout ?? -1);
            if (!isReady && Clock.Until(deadline) == 0)
            {
                _ = kill(init, SIGKILL); // process 1 of a namespace hears nothing else
                PlanExecutor.StandAside(plan);
                return new MonitorEnd(Status: null, IsReady: false, ranOut);
            }

            relay?.Carry(waited + own);
            if (waited[1].revents != 0)
            {
                ranOut |= TakeMessages();
            }

            // Before the signals: a command that has begun may have ended too.
            if (waited[2].revents != 0)
            {
                if (isReady && SupervisionChannel.HasBegun(begun))
                {
                    return new MonitorEnd(0, isReady, ranOut) { IsDetached = true };
                }

                begun = -1; // what ends the session is seen by the end of its init
            }

            if (waited[0].revents != 0 && TakeSignals() is int status)
            {
                _ = TakeMessages(); // the last ones
                if (!isReady)
                {
                    PlanExecutor.StandAside(plan);
                }

                relay?.Drain();
                return new MonitorEnd(status, isReady, ranOut);
            }
        }
    }

    /// <summary>Whether the session's time is over.</summary>
    private bool TakeMessages()
    {
        bool ranOut = false;
        while (SupervisionChannel.Receive(channel, out isInitSilent) is { } message)
        {
            switch (message.Kind)
            {
                case InitMessage.Ready:
                    isReady = true;
                    PlanExecutor.StandAside(plan);
                    if (message.Namespaces is { } namespaces)
                    {
                        started(init, namespaces);
                    }

                    SupervisionChannel.Answer(channel);
                    PassHeld();
                    if (message.Descriptor >= 0)
                    {
                        relay = new TerminalRelay(message.Descriptor, supervision, caller);
                    }

                    break;
                case InitMessage.Stopped:
                    Stop(message.Signal);
                    break;
                case InitMessage.OutOfTime:
                    ranOut = true;
                    break;
            }
        }

        return ranOut;
    }

    /// <summary>The exit status of the init once it has ended.</summary>
    private int? TakeSignals()
    {
        byte* info = stackalloc byte[InfoSize];
        int? status = null;

        // Nothing is passed on once the init has been waited for: its number may be another process's.
        while (status is null && (long)read(signals, info, InfoSize) == InfoSize)
        {
            int signal = *(int*)info;
            bool isKernels = *(int*)(info + 8) == SI_KERNEL;
            bool isOwn = *(int*)(info + 12) == (int)getpid();
            if (signal == SIGCHLD)
            {
                status = Ended();
            }
            else if (signal == SIGWINCH && relay is not null)
            {
                relay.ResizeWindow();
            }
            else if (signal == SIGPIPE && isOwn)
            {
                // Who was told what becomes of the session has gone; that is not the command's business.
            }
            else if (!isReady)
            {
                // The init would take it for the answer.
                held |= 1UL << (signal - 1);
            }
            else if (!(isKernels && supervision.Terminal == SessionTerminal.Callers))
            {
                // What is typed at the caller's terminal reaches a command that shares it by itself.
                Pass(signal);
            }
        }

        return status;
    }

    private int? Ended()
    {
        if (waitpid(init, out int word, WNOHANG) != init)
        {
            return null;
        }

        // The init does not die of a signal unless it is killed, which is nobody's but root's to do while it makes the session.
        int signal = word & 0x7f;
        return signal == 0 ? (word >> 8) & 0xff : 128 + signal;
    }

    private void Pass(int signal) => SupervisionChannel.Pass(channel, init, signal);

    private void PassHeld()
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((held & (1UL << (signal - 1))) != 0)
            {
                Pass(signal);
            }
        }
    }

    /// <summary>Stops as the command did, so that the caller's shell sees it; then goes on with it.</summary>
    private void Stop(int signal)
    {
        relay?.Restore();
        ulong one = 1UL << (signal - 1);
        ulong all = ulong.MaxValue;
        _ = kill((int)getpid(), signal);

        // Blocked until here, so it takes effect here; SIGSTOP has already.
        _ = (long)syscall(SystemCalls.NumberOf(SystemCall.SigProcMask), SIG_UNBLOCK, &one, null, sizeof(ulong));
        _ = (long)syscall(SystemCalls.NumberOf(SystemCall.SigProcMask), SIG_SETMASK, &all, null, sizeof(ulong));
        relay?.Resume();
        Pass(SIGCONT);
    }
}
