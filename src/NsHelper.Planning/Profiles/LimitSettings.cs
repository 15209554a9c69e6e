using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[limits]: what is not named stays as the caller has it.</summary>
internal sealed record LimitSettings
{
    public required ImmutableArray<LimitSetting> Limits { get; init; }
    public required OutOfMemoryScore? OutOfMemoryScore { get; init; }
    public required ProcessorSet? Processors { get; init; }

    public bool Sets(int resource)
    {
        foreach (LimitSetting setting in Limits)
        {
            if (setting.Limit.Resource == resource)
            {
                return true;
            }
        }

        return false;
    }

    public static LimitSettings None { get; } = new() { Limits = [], OutOfMemoryScore = null, Processors = null };
}

/// <summary>One limit that the profile sets, and where.</summary>
internal sealed record LimitSetting(ResourceLimit Limit, SourceLocation Location);

/// <summary>oom_score_adjust: 0 to 1000, as /proc/PID/oom_score_adj has it.</summary>
internal sealed record OutOfMemoryScore(int Value, SourceLocation Location);

/// <summary>cpu_affinity: processors by number, and the text that names them.</summary>
internal sealed record ProcessorSet(string Text, ImmutableArray<int> Numbers, SourceLocation Location)
{
    /// <summary>The kernel's own bound is 8192 processors.</summary>
    public const int Last = 8191;

    /// <summary>Null for what is no list of numbers and ranges.</summary>
    public static ProcessorSet? Parse(string text, SourceLocation location)
    {
        ImmutableArray<int>.Builder numbers = ImmutableArray.CreateBuilder<int>();
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            long? first = TomlNumbers.Canonical(dash < 0 ? part : part.AsSpan(..dash));
            long? last = dash < 0 ? first : TomlNumbers.Canonical(part.AsSpan(dash + 1));
            if (first is null || last is null || last < first || last > Last)
            {
                return null;
            }

            for (int number = (int)first; number <= last; number++)
            {
                numbers.Add(number);
            }
        }

        return new ProcessorSet(text, numbers.ToImmutable(), location);
    }
}
