using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: the other tests of section M try the moments that somebody thought of. These take each call of a start in turn, let it end there or be lied to, and
/// allow nothing but a command that is confined, or none. A run takes a sample; NSHELPER_SWEEP=all takes every call (`make sweep`).
/// </summary>
public sealed class SweepTests : SystemTest
{
    private static readonly string[] Lies = ["EPERM", "ENOMEM", "EINTR", "EIO", "ENOSYS", "EAGAIN"];

    private static readonly int Sample = Environment.GetEnvironmentVariable("NSHELPER_SWEEP") == "all" ? 1 : 6;

    private static readonly SessionCommand Command = SessionCommand.Run("t", TestHost.Probe);

    /// <summary>crash-kill-sweep.</summary>
    [Fact]
    public void Killed_at_any_call_it_leaves_nothing_and_the_next_start_works()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        (string Call, int When)[] moments = [.. Trace.Of(Command).Counts().OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => Enumerable.Range(1, entry.Value).Select(when => (entry.Key, when)))];
        Assert.InRange(moments.Length, 100, 2000);
        int killed = 0;
        for (int i = 0; i < moments.Length; i += Sample)
        {
            (string call, int when) = moments[i];
            Trace trace = Trace.Of(Command, Injection.Signal(call, "KILL", when));
            string what = string.Create(CultureInfo.InvariantCulture, $"killed at {call} {when}");
            if (!IsOfCommand(trace))
            {
                Confinement.MustBeWholeOrAbsent(trace.Result, TestUser.Alice, what);
                killed++;
            }

            // Whoever is left is the init of a session that stood, and ends at once.
            Assert.True(Wait.Happens(() => ProcessEntry.OfHelper().Count == 0, 5000), $"{what}: a process is left");
            Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
        }

        Assert.InRange(killed, moments.Length / Sample / 2, moments.Length);
        Confinement.MustBeWhole(Command.Execute().Probe, TestUser.Alice);
    }

    /// <summary>crash-error-sweep: each kind of call, at its first, a middle and its last time, fails, or is said to have been made.</summary>
    [Theory]
    [InlineData("[namespaces]\npid = \"host\"\n")]
    [InlineData("")]
    public void Whatever_call_fails_or_is_not_made_the_command_is_confined_or_does_not_run(string processes)
    {
        Install("t", $"{processes}[protect]\nprivate_tmp = true");
        int tried = 0;
        int turn = 0;
        foreach ((string call, int count) in Trace.Of(Command).Counts().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach (int when in Times(count))
            {
                foreach (Injection lie in LiesOf(call, when, turn++))
                {
                    Trace trace = Trace.Of(Command, lie);
                    if (!IsOfCommand(trace) && !HasNoOutput(trace, lie))
                    {
                        // What is said to be open and is not the runtime itself may read for ever; a filter that says so is root's.
                        bool isPretended = lie.Text.Contains("retval=", StringComparison.Ordinal);
                        Assert.False(trace.Result.TimedOut && !isPretended, $"{lie.Text}: it hangs");
                        Confinement.MustBeWholeOrAbsent(trace.Result, TestUser.Alice, lie.Text, isPretended);
                        tried++;
                    }
                }
            }
        }

        Assert.InRange(tried, 50, 20_000);
    }

    /// <summary>strace goes on counting in the command: what happens there is not the helper's doing.</summary>
    private static bool IsOfCommand(Trace trace)
    {
        if (!trace.CommandStarted)
        {
            return false;
        }

        int execution = trace.HelperCalls.Count;
        int pid = trace.Calls[execution - 1].Pid;
        return trace.Calls.Skip(execution).Any(call => call.Pid == pid && call.WasInjected) || trace.Events.Any(line => line.StartsWith($"{pid} +++ killed", StringComparison.Ordinal));
    }

    /// <summary>A standard stream that cannot be looked at becomes /dev/null, and what the command says goes there.</summary>
    private static bool HasNoOutput(Trace trace, Injection lie) => trace.Result is { ExitStatus: 0, Output.Length: 0 } && lie.Call is "fcntl" or "fstat" or "fstatfs";

    private static IEnumerable<int> Times(int count) => Sample == 1 ? Enumerable.Range(1, count) : new[] { 1, (count + 1) / 2, count }.Distinct();

    /// <summary>In a sample one a time, another each turn.</summary>
    private static Injection[] LiesOf(string call, int when, int turn)
    {
        Injection[] all = [.. Lies.Select(error => Injection.Fault(call, error, when)), Injection.Pretend(call, when)];
        return Sample == 1 ? all : [all[turn % all.Length]];
    }
}
