using System.Globalization;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Sessions;

/// <summary>The part of <see cref="PlanText"/> about what bounds the session: only what the profile sets.</summary>
internal static class LimitText
{
    public static void Add(Sheet sheet, SessionPlan plan)
    {
        Launch launch = plan.Launch;
        if (launch.Limits.IsEmpty && plan.OutOfMemoryScore is null && launch.Processors is null)
        {
            return;
        }

        sheet.Heading("limits that the profile sets");
        foreach (LimitSetting setting in launch.Limits)
        {
            List<string> pieces = [$"soft {Value(setting.Limit.Resource, setting.Limit.Soft)}", $"hard {Value(setting.Limit.Resource, setting.Limit.Hard)}"];
            if (plan.Credentials.RaisedLimits.Contains(setting))
            {
                pieces.Add("above the caller's");
            }

            sheet.Row(PlanWords.LimitName(setting.Limit.Resource), Sheet.Separated(pieces, ","), setting.Location);
        }

        if (plan.OutOfMemoryScore is OutOfMemoryScore score)
        {
            sheet.Row("oom_score_adj", [score.Value.ToString(CultureInfo.InvariantCulture)], score.Location);
        }

        if (launch.Processors is ProcessorSet processors)
        {
            sheet.Row("processors", [processors.Text], processors.Location);
        }
    }

    private static string Value(int resource, ulong value) =>
        value == LimitForm.Infinity ? "infinity"
        : value <= long.MaxValue && Array.Exists(LimitForm.All, limit => limit.Resource == resource && limit.Form == TextForm.SizeLimit) ? PlanWords.Size((long)value)
        : value.ToString(CultureInfo.InvariantCulture);
}
