using System.Globalization;
using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Attacks;

/// <summary>The moments at which the attackers of these tests find the helper: strace holds it before a call, in every phase of a start.</summary>
internal static class HeldHelper
{
    /// <summary>Until it is seen there; then it stands for as long as it takes.</summary>
    private const int Milliseconds = 1000;

    /// <summary>Name and ordinal of a call; what is done then.</summary>
    public static IReadOnlyList<(string Call, int When)> Phases(Trace normal)
    {
        IReadOnlyDictionary<string, int> counts = normal.Counts();
        (string Call, int When)[] wanted =
        [
            ("openat2", 1), ("getgroups", 1), ("openat2", 4), ("socket", counts.GetValueOrDefault("socket")), ("capset", 1), ("unshare", 1), ("mount_setattr", 1), ("fsopen", 1), ("move_mount", 1),
            ("setresgid", counts.GetValueOrDefault("setresgid")), ("setresuid", 2), ("capset", 2), ("getresuid", counts.GetValueOrDefault("getresuid")), ("capget", counts.GetValueOrDefault("capget")),
            ("umask", counts.GetValueOrDefault("umask")), ("rt_sigprocmask", counts.GetValueOrDefault("rt_sigprocmask")), ("execve", 1),
        ];
        return [.. wanted.Where(moment => moment.When > 0 && counts.GetValueOrDefault(moment.Call) >= moment.When)];
    }

    /// <summary>Starts the command, waits until it stands before that call, does what is asked, and lets it end.</summary>
    public static Trace At(SessionCommand command, (string Call, int When) moment, Action<int> action)
    {
        RunningTrace trace = Trace.Start(command, Injection.Delay(moment.Call, Milliseconds, moment.When));
        trace.AtCall(moment.Call, action);
        return trace.Finish();
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
