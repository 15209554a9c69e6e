using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;
using Tmds.Linux;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>
/// Carries bytes between the caller's terminal and the session's own. While the monitor is in the foreground the caller's terminal is raw:
/// ^C and ^Z are bytes that the session's terminal turns into signals. Where the caller has no terminal, between its standard streams.
/// </summary>
internal sealed unsafe class TerminalRelay
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    /// <summary>How often a monitor in the background looks whether it still is: no signal tells it when its job was running. Milliseconds.</summary>
    private const int BackgroundTimeout = 200;

    /// <summary>After the session has ended, how long a terminal may take for what is still to be shown. Milliseconds.</summary>
    private const int DrainTimeout = 2000;

    private readonly int master;
    private readonly int input;
    private readonly int output;

    /// <summary>The caller's terminal; -1 without.</summary>
    private readonly int terminal = -1;
    private readonly RelayBuffer toSession = new();
    private readonly RelayBuffer toCaller = new();
    private termios before;
    private bool isRaw;
    private bool inputEnded;
    private bool sessionEnded;

    public TerminalRelay(int master, Supervision supervision, CallerState caller)
    {
        this.master = master;
        SetNonBlocking(master);
        if (caller.TerminalDescriptors != 0 || caller.HasControllingTerminal)
        {
            terminal = OpenTerminal(caller);
        }

        // What the session's terminal replaces that is none of the caller's is a stream to carry to or from.
        int streams = supervision.TerminalDescriptors & ~caller.TerminalDescriptors;
        input = terminal >= 0 && (streams & 1) == 0 ? terminal : StandardInput;
        output = terminal >= 0 && (streams & 2) == 0 ? terminal : StandardOutput;
        if (terminal >= 0)
        {
            fixed (termios* settings = &before)
            {
                // The session's terminal begins as the caller's is. In the background that is as the shell wants it for itself.
                if (tcgetpgrp(terminal) == getpgrp() && tcgetattr(terminal, settings) == 0)
                {
                    _ = tcsetattr(master, (int)TCSANOW, settings);
                }
            }
        }

        ResizeWindow();
        Resume();
    }

    /// <summary>Entries of poll(2) that <see cref="Ask"/> writes at most.</summary>
    public const int MostWaited = 3;

    public int PollTimeout => terminal >= 0 && !isRaw ? BackgroundTimeout : -1;

    /// <summary>Takes the caller's terminal into use if the monitor is in its foreground.</summary>
    public void Resume()
    {
        if (terminal < 0 || isRaw || tcgetpgrp(terminal) != getpgrp())
        {
            return;
        }

        fixed (termios* settings = &before)
        {
            if (tcgetattr(terminal, settings) == 0)
            {
                termios raw = before;
                cfmakeraw(&raw);
                isRaw = tcsetattr(terminal, (int)TCSADRAIN, &raw) == 0;
            }
        }

        ResizeWindow();
    }

    /// <summary>Gives the caller's terminal back as it was.</summary>
    public void Restore()
    {
        Flush();
        if (!isRaw)
        {
            return;
        }

        isRaw = false;
        if (tcgetpgrp(terminal) == getpgrp())
        {
            fixed (termios* settings = &before)
            {
                _ = tcsetattr(terminal, (int)TCSADRAIN, settings); // a terminal that is gone needs no repair
            }
        }
    }

    /// <summary>The session's terminal gets the size of the caller's; the kernel tells the session.</summary>
    public void ResizeWindow()
    {
        ulong size = 0; // struct winsize: four 16-bit numbers
        if (terminal >= 0 && ioctl(terminal, (int)TIOCGWINSZ, &size) == 0)
        {
            _ = ioctl(master, TIOCSWINSZ, &size);
        }
    }

    /// <summary>What is waited for; how many entries.</summary>
    public int Ask(pollfd* waited)
    {
        Resume();
        bool mayRead = !inputEnded && toSession.HasRoom && (input != terminal || isRaw);
        waited[0] = new pollfd { fd = mayRead ? input : -1, events = POLLIN };
        waited[1] = new pollfd { fd = sessionEnded ? -1 : master, events = (short)((toCaller.HasRoom ? POLLIN : 0) | (toSession.HasContent ? POLLOUT : 0)) };
        if (toCaller.HasContent)
        {
            waited[2] = new pollfd { fd = output, events = POLLOUT };
            return 3;
        }

        return 2;
    }

    /// <summary>Moves what is there.</summary>
    public void Carry(pollfd* waited)
    {
        if (waited[0].fd >= 0 && waited[0].revents != 0 && toSession.Fill(input) < 0)
        {
            inputEnded = true;
            EndInput();
        }

        if (waited[1].revents != 0 && toCaller.HasRoom)
        {
            sessionEnded = toCaller.Fill(master) < 0;
        }

        toSession.Empty(master);
        toCaller.Empty(output);
    }

    /// <summary>After the session: what its terminal still holds.</summary>
    public void Drain()
    {
        while (toCaller.Fill(master) > 0)
        {
            Flush();
        }

        Flush();
    }

    private void Flush()
    {
        while (toCaller.HasContent)
        {
            pollfd waited = new() { fd = output, events = POLLOUT };
            if (poll(&waited, 1, DrainTimeout) <= 0 || !toCaller.Empty(output))
            {
                return;
            }
        }
    }

    /// <summary>The end of a file or pipe is ^D at a terminal.</summary>
    private void EndInput()
    {
        termios settings = default;
        if (input != terminal && tcgetattr(master, &settings) == 0)
        {
            toSession.Add(settings.c_cc[VEOF]);
        }
    }

    /// <summary>A description of our own: what is set on it is not set on the caller's.</summary>
    private static int OpenTerminal(CallerState caller)
    {
        fixed (byte* path = "/dev/tty\0"u8)
        {
            int opened = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
            if (opened >= 0)
            {
                return opened;
            }
        }

        int first = System.Numerics.BitOperations.TrailingZeroCount(caller.TerminalDescriptors);
        return first <= 2 ? first : -1;
    }

    private static void SetNonBlocking(int descriptor) => _ = fcntl(descriptor, F_SETFL, O_RDWR | O_NONBLOCK); // a descriptor just received
}
