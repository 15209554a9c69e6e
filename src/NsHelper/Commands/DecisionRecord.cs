using NsHelper.Linux.Logging;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>What the log says of a decision: who asked for what, and which line decided.</summary>
internal static class DecisionRecord
{
    public static AuditRecord Permission(string verb, Preparation preparation, StartPlan plan, ParameterValues parameters, SourceLocation rule)
    {
        AuditRecord record = Of("permit", verb, preparation, plan.Profile.Text)
            .With("session", plan.SessionId)
            .With("rule", rule.ToString())
            .With("command", plan.Launch.Command.Arguments[0]);
        if (preparation.Site.LogArguments == LogArguments.Full)
        {
            foreach ((Parameter parameter, string value) in parameters.All)
            {
                record.With("set", $"{parameter.Name}={value}");
            }

            for (int i = 1; i < plan.Launch.Command.Arguments.Length; i++)
            {
                record.With("arg", plan.Launch.Command.Arguments[i]);
            }
        }

        return record;
    }

    public static AuditRecord Denial(string verb, Preparation.Refused refused, string profile)
    {
        AuditRecord record = Denial(verb, refused, profile, refused.Reason);
        return refused.Rule is { } rule ? record.With("rule", rule.ToString()) : record;
    }

    public static AuditRecord Denial(string verb, Preparation.Invalid invalid, string profile) =>
        Denial(verb, invalid, profile, "the configuration has mistakes").With("rule", invalid.Diagnostics[0].Location.ToString());

    public static AuditRecord Denial(string verb, Preparation preparation, string profile, string reason) =>
        Of("deny", verb, preparation, profile).With("reason", reason);

    private static AuditRecord Of(string decision, string verb, Preparation preparation, string profile) =>
        new AuditRecord(decision)
            .With("verb", verb)
            .With("uid", preparation.Caller.UserId.Value)
            .With("user", preparation.Caller.Name)
            .With("profile", profile);
}
