using System.Collections.Immutable;

namespace NsHelper.Planning.Identity;

/// <summary>What the caller's process looked like at exec and the command gets back: arguments, environment, working directory, umask, limits.</summary>
internal sealed record CallerState
{
    /// <summary>argv as bytes, argv[0] included.</summary>
    public required ImmutableArray<ByteString> Arguments { get; init; }

    /// <summary>environ as bytes, NAME=VALUE each; entries without '=' or with an empty name are dropped, of duplicate names the first wins.</summary>
    public required ImmutableArray<ByteString> Environment { get; init; }

    /// <summary>Working directory as text (getcwd(2)); null when it has none (deleted, unreachable, longer than PATH_MAX).</summary>
    public required ByteString? WorkingDirectory { get; init; }

    /// <summary>File mode creation mask.</summary>
    public required uint Umask { get; init; }

    /// <summary>The resource limits that nshelper changed for itself, as they were.</summary>
    public required ImmutableArray<ResourceLimit> ChangedLimits { get; init; }

    /// <summary>Every hard limit, index = RLIMIT_*.</summary>
    public required ImmutableArray<ulong> HardLimits { get; init; }

    /// <summary>Which of the descriptors 0, 1 and 2 are terminals; bit n is descriptor n.</summary>
    public int TerminalDescriptors { get; init; }

    /// <summary>Whether /dev/tty is there for the caller.</summary>
    public bool HasControllingTerminal { get; init; }

    /// <summary>Blocked signals, bit n-1 = signal n.</summary>
    public required ulong BlockedSignals { get; init; }

    /// <summary>Signals ignored at exec, bit n-1 = signal n.</summary>
    public required ulong IgnoredSignals { get; init; }

    /// <summary>Remaining real, virtual and profiling timers at start (seconds, microseconds: interval and value), index = ITIMER_*.</summary>
    public required ImmutableArray<IntervalTimer> Timers { get; init; }
}

/// <summary>One itimerval of setitimer(2).</summary>
internal readonly record struct IntervalTimer(long IntervalSeconds, long IntervalMicroseconds, long ValueSeconds, long ValueMicroseconds);

/// <summary>One limit of getrlimit(2); the resource is an RLIMIT_* number, the values are bytes, seconds or counts.</summary>
internal readonly record struct ResourceLimit(int Resource, ulong Soft, ulong Hard);
