using NsHelper.Linux.Native;
using Tmds.Linux;

namespace NsHelper.Linux.Supervisors;

/// <summary>The time that passes, whatever anybody sets; that asleep is in it.</summary>
internal static class Clock
{
    private const int MillisecondsOfSecond = 1000;
    private const int NanosecondsOfMillisecond = 1_000_000;

    /// <summary>Milliseconds since boot.</summary>
    public static long Now()
    {
        _ = Libc.clock_gettime(Libc.CLOCK_BOOTTIME, out timespec now); // cannot fail with a clock that exists
        return (now.tv_sec * MillisecondsOfSecond) + (now.tv_nsec / NanosecondsOfMillisecond);
    }

    public static long In(long seconds) => Now() + (seconds * MillisecondsOfSecond);

    /// <summary>Milliseconds until then; 0 when it is over.</summary>
    public static long Until(long then) => Math.Max(0, then - Now());

    public static timespec AsTime(long milliseconds) => new()
    {
        tv_sec = milliseconds / MillisecondsOfSecond,
        tv_nsec = (long_t)(milliseconds % MillisecondsOfSecond * NanosecondsOfMillisecond),
    };
}
