using System.Collections.Immutable;
using System.Text.Json;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The field "restored" of <see cref="PlanJson"/>: what the command gets back as the caller had it.</summary>
internal static class RestoreJson
{
    // ITIMER_* of setitimer(2) by number.
    private static readonly string[] TimerNames = ["real", "virtual", "prof"];

    public static void Write(Utf8JsonWriter json, CallerState state)
    {
        json.WriteStartObject("restored");
        json.WriteString("umask", PlanWords.Mode(state.Umask));
        json.WriteStartObject("limits");
        foreach (ResourceLimit limit in state.ChangedLimits)
        {
            Limit(json, limit);
        }

        json.WriteEndObject();
        Signals(json, "blocked_signals", state.BlockedSignals);
        Signals(json, "ignored_signals", state.IgnoredSignals);
        Timers(json, state.Timers);
        json.WriteEndObject();
    }

    /// <summary>The fields about what the profile sets instead.</summary>
    public static void WriteLimits(Utf8JsonWriter json, SessionPlan plan)
    {
        json.WriteStartObject("limits");
        foreach (LimitSetting setting in plan.Launch.Limits)
        {
            Limit(json, setting.Limit);
        }

        json.WriteEndObject();
        json.WriteStartArray("raised_limits");
        foreach (LimitSetting setting in plan.Credentials.RaisedLimits)
        {
            json.WriteStringValue(PlanWords.LimitName(setting.Limit.Resource));
        }

        json.WriteEndArray();
        if (plan.OutOfMemoryScore is OutOfMemoryScore score)
        {
            json.WriteNumber("oom_score_adjust", score.Value);
        }

        if (plan.Launch.Processors is ProcessorSet processors)
        {
            json.WriteString("cpu_affinity", processors.Text);
        }
    }

    private static void Limit(Utf8JsonWriter json, ResourceLimit limit)
    {
        json.WriteStartArray(PlanWords.LimitName(limit.Resource));
        Limit(json, limit.Soft);
        Limit(json, limit.Hard);
        json.WriteEndArray();
    }

    private static void Limit(Utf8JsonWriter json, ulong value)
    {
        // RLIM_INFINITY; the number itself is beyond what most JSON readers keep exactly.
        if (value == ulong.MaxValue)
        {
            json.WriteStringValue("infinity");
        }
        else
        {
            json.WriteNumberValue(value);
        }
    }

    private static void Signals(Utf8JsonWriter json, string name, ulong mask)
    {
        json.WriteStartArray(name);
        foreach (int signal in PlanWords.Signals(mask))
        {
            json.WriteNumberValue(signal);
        }

        json.WriteEndArray();
    }

    private static void Timers(Utf8JsonWriter json, ImmutableArray<IntervalTimer> timers)
    {
        json.WriteStartObject("timers");
        for (int i = 0; i < timers.Length && i < TimerNames.Length; i++)
        {
            json.WriteStartObject(TimerNames[i]);
            json.WriteNumber("interval_seconds", timers[i].IntervalSeconds);
            json.WriteNumber("interval_microseconds", timers[i].IntervalMicroseconds);
            json.WriteNumber("value_seconds", timers[i].ValueSeconds);
            json.WriteNumber("value_microseconds", timers[i].ValueMicroseconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
