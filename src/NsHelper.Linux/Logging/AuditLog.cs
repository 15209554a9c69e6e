using System.Globalization;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning.Settings;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Logging;

/// <summary>
/// The audit log: one datagram a record to the log socket of the host, by our own writer (the C library's had overflows), connected before any
/// namespace is left and with a constant ident. It never waits: what the log cannot take at once is lost, and the caller of Send is told.
/// </summary>
internal static unsafe class AuditLog
{
    private const string Socket = "/dev/log";
    private const string Ident = "nshelper";
    private const int Notice = 5;

    /// <returns>False when the record did not reach the log.</returns>
    public static bool Send(AuditRecord record, LogFacility facility)
    {
        int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (descriptor < 0)
        {
            return false;
        }

        using FileDescriptor log = FileDescriptor.Take(descriptor, "socket", Socket);
        sockaddr_un address = default;
        address.sun_family = AF_UNIX;
        byte[] path = Encoding.ASCII.GetBytes(Socket);
        path.CopyTo(new Span<byte>(address.sun_path, path.Length));
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<{((int)facility * 8) + Notice}>{Ident}[{getpid()}]: {record}"));
        fixed (byte* start = line)
        {
            // Safe: the address is zeroed behind the path, and the line is pinned for the call.
            long sent = (long)sendto(log.Number, start, line.Length, MSG_NOSIGNAL | MSG_DONTWAIT, (sockaddr*)&address, sizeof(sockaddr_un));
            return sent == line.Length;
        }
    }
}
