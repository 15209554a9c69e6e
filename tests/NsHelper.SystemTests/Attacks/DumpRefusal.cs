using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// The kernel takes fs.suid_dumpable for a process at its setuid start and at each change of its ids. Where that is 0 nobody sees whether the helper
/// refuses too, and the setting is the whole machine's, not for a test to change: so the calls themselves are looked at.
/// </summary>
internal static class DumpRefusal
{
    private static readonly string[] Changes = ["setresuid", "setresgid", "setfsuid", "setfsgid"];

    /// <summary>Calls of the way down that nothing of the caller's comes between.</summary>
    private static readonly string[] OfTheDrop = ["prctl", "capset", "getresuid", "getresgid"];

    /// <summary>Refused before the first change, and after each change before anything else is done.</summary>
    public static void MustFollowEachChangeOfIds(Trace trace)
    {
        // In each process for itself; a new one has the flag of the one that forked it.
        bool refused = false;
        foreach (IGrouping<int, SystemCall> process in trace.HelperCalls.GroupBy(call => call.Pid))
        {
            refused = MustFollow(process, refused);
        }
    }

    private static bool MustFollow(IEnumerable<SystemCall> calls, bool refused)
    {
        bool changed = false;
        foreach (SystemCall call in calls)
        {
            if (call.Line.Contains("PR_SET_DUMPABLE, SUID_DUMP_DISABLE", StringComparison.Ordinal))
            {
                refused = true;
                changed = false;
            }
            else if (Changes.Contains(call.Name))
            {
                Assert.True(refused, $"not refused before {call.Line}");
                changed |= !call.Failed && call.Arguments[0] != "-1";
            }
            else
            {
                Assert.False(changed && !OfTheDrop.Contains(call.Name), $"not refused again before {call.Line}");
            }
        }

        return refused;
    }
}
