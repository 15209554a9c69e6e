using System.Runtime.InteropServices;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Host;

/// <summary>What is asked of the kernel once for a start: the host's name, and randomness for the session's id.</summary>
internal static unsafe class HostFacts
{
    private const int NameRoom = 256;
    private const int SessionIdBytes = 16;

    /// <summary>gethostname(2); empty when it is no plain text.</summary>
    public static string Name()
    {
        byte* buffer = stackalloc byte[NameRoom];
        SystemCallException.ThrowIfNegative(gethostname(buffer, NameRoom - 1), "gethostname", "host name");
        buffer[NameRoom - 1] = 0;
        return new ByteString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer)).ToStrictText() ?? "";
    }

    /// <summary>32 hexadecimal digits from getrandom(2).</summary>
    public static string NewSessionId()
    {
        byte* bytes = stackalloc byte[SessionIdBytes];
        nint filled = Libc.getrandom(bytes, SessionIdBytes, 0);
        return filled == SessionIdBytes
            ? Convert.ToHexStringLower(new ReadOnlySpan<byte>(bytes, SessionIdBytes))
            : throw SystemCallException.Last("getrandom", "session id");
    }

    /// <summary>Seconds since 1970, by the clock of the host.</summary>
    public static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
