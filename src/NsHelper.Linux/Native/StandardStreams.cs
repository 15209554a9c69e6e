using System.Text;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Native;

/// <summary>
/// Standard output and standard error by write(2). System.Console starts a thread, installs signal handlers and reads terminfo, so it is
/// never used. Only called with the caller's ids effective.
/// </summary>
internal static unsafe class StandardStreams
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int EINTR = 4;

    /// <summary>False when the output could not be written whole (closed pipe, full disk).</summary>
    public static bool WriteOutput(string text) => Write(StandardOutput, text);

    /// <summary>Best effort: a message that cannot be written changes nothing.</summary>
    public static void WriteError(string text) => _ = Write(StandardError, text);

    /// <summary>The same without an allocation.</summary>
    public static void WriteError(ReadOnlySpan<byte> text) => _ = Write(StandardError, text);

    public static bool OutputIsTerminal() => isatty(StandardOutput) == 1;

    public static bool ErrorIsTerminal() => isatty(StandardError) == 1;

    /// <summary>_exit(2): ends the process at once. Never returns; the type lets a caller end with it.</summary>
    public static int Exit(int status)
    {
        _exit(status);
        return status;
    }

    /// <summary>False when it could not be written whole.</summary>
    public static bool Write(int descriptor, string text) => Write(descriptor, Encoding.UTF8.GetBytes(text));

    private static bool Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        int written = 0;
        fixed (byte* start = bytes)
        {
            while (written < bytes.Length)
            {
                // Safe: start + written stays inside `bytes`, which is pinned.
                long result = (long)write(descriptor, start + written, bytes.Length - written);
                if (result > 0)
                {
                    written += (int)result;
                }
                else if (result == 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != EINTR)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
