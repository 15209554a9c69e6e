using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[limits].</summary>
internal static class LimitsReader
{
    public static LimitSettings Read(TableReader top)
    {
        if (top.Table("limits") is not TableReader table)
        {
            return LimitSettings.None;
        }

        var limits = ImmutableArray.CreateBuilder<LimitSetting>();
        foreach ((string name, int resource, TextForm form) in LimitForm.All)
        {
            if (Limit(table, name, resource, form) is ResourceLimit limit)
            {
                limits.Add(new LimitSetting(limit, DiagnosticList.LocationOf(table.SpanOf(name))));
            }
        }

        var settings = new LimitSettings
        {
            Limits = limits.ToImmutable(),
            OutOfMemoryScore = table.Number("oom_score_adjust") is long score
                ? new OutOfMemoryScore((int)score, DiagnosticList.LocationOf(table.SpanOf("oom_score_adjust")))
                : null,
            Processors = table.Text("cpu_affinity") is TomlText text ? ProcessorSet.Parse(text.Value, DiagnosticList.LocationOf(table.SpanOf("cpu_affinity"))) : null,
        };
        table.Finish();
        return settings;
    }

    /// <summary>Null for what stays as the caller has it.</summary>
    private static ResourceLimit? Limit(TableReader table, string name, int resource, TextForm form) =>
        table.Number(name) is long number ? new ResourceLimit(resource, (ulong)number, (ulong)number)
        : table.Text(name) is TomlText text ? LimitForm.Parse(form, resource, text.Value)
        : null;
}
