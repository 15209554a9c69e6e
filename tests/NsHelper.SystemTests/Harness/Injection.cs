namespace NsHelper.SystemTests.Harness;

/// <summary>What strace does to chosen system calls. `when` counts the calls of that name after the helper's own execve, from 1.</summary>
internal sealed record Injection(string Text)
{
    public string Call => Text.Split(':')[0];

    /// <summary>The call fails with this error, without being made.</summary>
    public static Injection Fault(string call, string error, int when) => new(Invariant($"{call}:error={error}:when={when}"));

    /// <summary>The call is not made and seems to have worked.</summary>
    public static Injection Pretend(string call, int when) => new(Invariant($"{call}:retval=0:when={when}"));

    /// <summary>The process stands still before the call.</summary>
    public static Injection Delay(string call, int milliseconds, int when) => new(Invariant($"{call}:delay_enter={milliseconds * 1000}:when={when}"));

    /// <summary>The process stands still after the call.</summary>
    public static Injection DelayAfter(string call, int milliseconds, int when) => new(Invariant($"{call}:delay_exit={milliseconds * 1000}:when={when}"));

    /// <summary>The signal ("KILL", "SEGV") is delivered at the call.</summary>
    public static Injection Signal(string call, string signal, int when) => new(Invariant($"{call}:signal={signal}:when={when}"));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
