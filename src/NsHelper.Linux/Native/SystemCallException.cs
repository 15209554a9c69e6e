using System.Runtime.InteropServices;

namespace NsHelper.Linux.Native;

/// <summary>A system call that failed where failing means that nothing goes on: its name, what it was about, and errno.</summary>
internal sealed class SystemCallException(string call, string subject, int errno)
    : Exception($"{call}: {subject}: errno {errno}")
{
    public string Call { get; } = call;

    /// <summary>Path or object, not yet escaped.</summary>
    public string Subject { get; } = subject;

    public int Errno { get; } = errno;

    /// <summary>For the call that failed just now.</summary>
    public static SystemCallException Last(string call, string subject) => new(call, subject, Marshal.GetLastPInvokeError());

    /// <summary>Throws when a call returned a negative value.</summary>
    public static void ThrowIfNegative(long result, string call, string subject)
    {
        if (result < 0)
        {
            throw Last(call, subject);
        }
    }
}
