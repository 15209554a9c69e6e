using System.Runtime.InteropServices;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>The socket pair between init and monitor.</summary>
internal static unsafe class SupervisionChannel
{
    private const int RightsSize = 24; // CMSG_SPACE(sizeof(int))

    /// <summary>Made before the plan is lowered, so that its numbers are in the plan.</summary>
    /// <param name="keepsUse">Whether the session has a share that ends with its last session.</param>
    /// <param name="status">Where it is told what becomes of the session; -1: nowhere.</param>
    public static SupervisionDescriptors Open(Supervision supervision, bool keepsUse, int status)
    {
        int* pair = stackalloc int[2];
        SystemCallException.ThrowIfNegative(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "socketpair", "monitor and init");
        bool hasTerminal = supervision.Terminal == SessionTerminal.Own;
        if (supervision.IsDetached)
        {
            int* begun = stackalloc int[2];
            SystemCallException.ThrowIfNegative(pipe2(begun, O_CLOEXEC), "pipe2", "monitor and command");
            return new SupervisionDescriptors(pair[0], pair[1], -1, StandardDescriptors.OpenNull(), keepsUse ? Place(pair[1]) : -1) { Begun = begun[0], Status = begun[1] };
        }

        return new SupervisionDescriptors(
            pair[0], pair[1], hasTerminal ? Place(pair[1]) : -1, hasTerminal ? Place(pair[1]) : -1, keepsUse ? Place(pair[1]) : -1)
        {
            Status = status,
        };
    }

    /// <summary>What the init and the command alone have use for.</summary>
    public static void CloseInits(SupervisionDescriptors descriptors)
    {
        int told = descriptors.Begun < 0 ? -1 : descriptors.Status;
        foreach (int descriptor in (ReadOnlySpan<int>)[descriptors.Init, descriptors.Master, descriptors.Terminal, descriptors.Use, told])
        {
            _ = close(descriptor); // -1 is none
        }
    }

    /// <summary>To the init: the command may begin.</summary>
    /// <exception cref="SystemCallException">It cannot be told; when this process ends the init sees that, and ends too.</exception>
    public static void Answer(int channel)
    {
        byte answer = (byte)InitMessage.Ready;
        if ((long)send(channel, &answer, 1, MSG_NOSIGNAL) < 0 && Marshal.GetLastPInvokeError() is int error && error != EPIPE && error != ECONNRESET)
        {
            // Nobody else would: it waits for the answer, and has no deadline. One that is gone is noticed by its SIGCHLD.
            throw new SystemCallException("send", "the init", error);
        }
    }

    /// <summary>
    /// To the init: this signal is for the command. Told in a message, since of two equal signals that wait the kernel drops one, and one that was sent to the
    /// process group may wait there already; nor does it say who sent one where RLIMIT_SIGPENDING is 0. The signal itself wakes the init.
    /// </summary>
    public static void Pass(int channel, int init, int signal)
    {
        byte content = (byte)signal;
        _ = send(channel, &content, 1, MSG_NOSIGNAL | MSG_DONTWAIT); // an init that is gone is noticed by its SIGCHLD
        _ = kill(init, signal);
    }

    /// <summary>To be read by the init alone, after the answer: the next signal for the command; null when there is none now.</summary>
    /// <param name="isEnded">The monitor is gone: there will be none any more.</param>
    public static int? NextSignal(int channel, out bool isEnded)
    {
        byte content = 0;
        long length = (long)recv(channel, &content, 1, MSG_DONTWAIT);
        isEnded = length == 0;
        return length == 1 ? content : null;
    }

    /// <summary>By the command of a detached session that could not be executed.</summary>
    public static void TellFailure(SupervisionDescriptors descriptors)
    {
        byte any = 0;
        _ = write(descriptors.Status, &any, 1); // a monitor that is gone needs no news
    }

    /// <summary>Whether the command of a detached session has been executed. To be asked when there is something to read.</summary>
    public static bool HasBegun(int begun)
    {
        byte any = 0;
        return (long)read(begun, &any, 1) == 0;
    }

    /// <summary>The next message; null when there is none now.</summary>
    /// <param name="isEnded">There will be none any more.</param>
    public static ChannelMessage? Receive(int channel, out bool isEnded)
    {
        int most = 1 + (SessionPlace.Columns * SessionPlace.ColumnWidth);
        byte* content = stackalloc byte[most];
        byte* rights = stackalloc byte[RightsSize];
        iovec vector = new() { iov_base = content, iov_len = most };
        msghdr header = new() { msg_iov = &vector, msg_iovlen = 1, msg_control = rights, msg_controllen = RightsSize };
        content[1] = 0;
        long length = (long)recvmsg(channel, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        isEnded = length == 0;
        if (length <= 0)
        {
            return null;
        }

        // Safe: with that length the kernel has written one header and one descriptor.
        int descriptor = (int)header.msg_controllen >= 20 && *(int*)(rights + 8) == SOL_SOCKET && *(int*)(rights + 12) == SCM_RIGHTS ? *(int*)(rights + 16) : -1;
        return new ChannelMessage((InitMessage)content[0], content[1], descriptor, length == most ? SessionPlace.IdsIn(new ReadOnlySpan<byte>(content + 1, most - 1)) : null);
    }

    /// <summary>A number that stays free for what comes later.</summary>
    private static int Place(int any)
    {
        int place = fcntl(any, F_DUPFD_CLOEXEC, 3);
        SystemCallException.ThrowIfNegative(place, "fcntl", "terminal");
        return place;
    }
}

/// <summary>What the init says.</summary>
/// <param name="Signal">Of <see cref="InitMessage.Stopped"/>.</param>
/// <param name="Descriptor">Of <see cref="InitMessage.Ready"/>: the other side of the session's own terminal; -1: it has none.</param>
/// <param name="Namespaces">Of <see cref="InitMessage.Ready"/>: those of the session; null where nobody asked.</param>
internal readonly record struct ChannelMessage(InitMessage Kind, byte Signal, int Descriptor, NamespaceIds? Namespaces);
