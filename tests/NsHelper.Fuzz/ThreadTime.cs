using System.Runtime.InteropServices;

namespace NsHelper.Fuzz;

/// <summary>Time this thread has had a processor: others on the machine do not count.</summary>
internal static partial class ThreadTime
{
    private const int CLOCK_THREAD_CPUTIME_ID = 3;

    public static TimeSpan Now => ClockGetTime(CLOCK_THREAD_CPUTIME_ID, out Timespec time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : throw new InvalidOperationException("clock_gettime(2) failed");

    // clock_gettime(2). -1 and errno on failure.
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
