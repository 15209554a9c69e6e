using System.Runtime.InteropServices;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Process;
using NsHelper.Planning.Sessions;
using Tmds.Linux;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>
/// The init's life after the command has begun: reaps, passes signals on, ends with the command's status. It is the caller, without privilege
/// and with one descriptor, the channel; every signal is blocked and taken one by one, so nothing happens between two of them.
/// </summary>
internal static unsafe class SessionInit
{
    /// <summary>Between the request to end and the end. Seconds.</summary>
    private const int Grace = 5;

    private const int FirstSignalExit = 128;
    private const int EAGAIN = 11;

    /// <summary>The command's exit status, or 128 and the number of the signal that killed it.</summary>
    public static int Run(int command, SupervisionDescriptors descriptors, Supervision supervision)
    {
        // What the profile gives the command was this process's to pass on, and is of no use to it.
        Capabilities.Drop();

        if (supervision.Terminal != SessionTerminal.Callers)
        {
            // As the command does itself: whoever comes second finds it done, and a signal for its group finds the group from now on.
            _ = syscall(SystemCalls.NumberOf(SystemCall.SetPgid), command, command);
        }

        // The standard streams are the command's alone from here on: who reads the other end of a pipe sees when it is done.
        _ = close_range(0, 2, 0); // whether or not they were open
        _ = close(descriptors.Status);
        int channel = descriptors.Init;
        int? status = null;
        long? deadline = supervision.RuntimeMax is long seconds ? Clock.In(seconds) : null;
        bool isEnding = false;
        while (true)
        {
            timespec left = Clock.AsTime(deadline is long end ? Clock.Until(end) : 0);
            int signal = WaitForAnySignal(null, deadline is null ? null : &left);
            bool isOver = signal < 0 && Marshal.GetLastPInvokeError() == EAGAIN;
            Pass(signal, command, channel, supervision);
            if (signal == SIGCHLD)
            {
                status = Reap(command, channel) ?? status;
                if (status is int ended && (!supervision.WaitsForAll || !HasChildren()))
                {
                    return ended;
                }
            }
            else if (isOver && deadline is not null)
            {
                if (!isEnding)
                {
                    Tell(channel, InitMessage.OutOfTime, 0);
                }

                End(command, isEnding ? SIGKILL : SIGTERM, supervision);
                deadline = Clock.In(Grace);
                isEnding = true;
            }
        }
    }

    /// <summary>Takes every child that has ended or stopped; the command's status if it is among them.</summary>
    private static int? Reap(int command, int channel)
    {
        int? status = null;
        int child;
        while ((child = waitpid(-1, out int word, WNOHANG | WUNTRACED)) > 0)
        {
            int signal = word & 0x7f;
            if (child != command)
            {
                continue;
            }

            if (signal == 0x7f)
            {
                Tell(channel, InitMessage.Stopped, (byte)(word >> 8));
            }
            else
            {
                status = signal == 0 ? (word >> 8) & 0xff : FirstSignalExit + signal;
            }
        }

        return status;
    }

    private static bool HasChildren() => waitpid(-1, out _, WNOHANG) == 0;

    /// <summary>
    /// What the monitor tells, to the command and its process group. A signal by itself only wakes: who sent it to the init is not its master. Where the
    /// monitor is gone, as that of a detached session is, it is meant for the command.
    /// </summary>
    private static void Pass(int signal, int command, int channel, Supervision supervision)
    {
        bool isTold = false;
        bool isAlone;
        while (SupervisionChannel.NextSignal(channel, out isAlone) is int told)
        {
            isTold = true;
            Send(command, told, supervision);
        }

        if (isAlone && !isTold && signal > 0 && signal != SIGCHLD)
        {
            Send(command, signal, supervision);
        }
    }

    private static void End(int command, int signal, Supervision supervision)
    {
        if (supervision.HasProcessNamespace)
        {
            _ = kill(-1, signal); // all of the namespace but the init
            _ = kill(-1, SIGCONT);
        }
        else
        {
            Send(command, signal, supervision);
            Send(command, SIGCONT, supervision);
        }
    }

    // Nobody is left to be signalled when it fails, which is no fault.
    private static void Send(int command, int signal, Supervision supervision) =>
        _ = kill(supervision.Terminal == SessionTerminal.Callers ? command : -command, signal);

    private static void Tell(int channel, InitMessage message, byte signal)
    {
        byte* content = stackalloc byte[] { (byte)message, signal };
        _ = send(channel, content, 2, MSG_NOSIGNAL | MSG_DONTWAIT); // a monitor that is gone needs no news
    }
}
