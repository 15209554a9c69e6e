using System.Diagnostics;
using NsHelper.Linux.Logging;
using NsHelper.Linux.Process;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>What somebody wants to start, as messages and the log name it.</summary>
/// <param name="Verb">As allow.verbs has it.</param>
/// <param name="Words">What cannot be done, in a message.</param>
/// <param name="Subject">And to what.</param>
/// <param name="Profile">Null while none is found.</param>
internal sealed record StartAttempt(string Verb, string Words, string Subject, ProfileName? Profile, OutputChoice Output)
{
    /// <summary>The session that is to be joined; null for a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>Tells why there is nothing to start, and the log too. The exit status.</summary>
    public int Refuse(Preparation preparation, CleanProcess process, StatusStream status)
    {
        switch (preparation)
        {
            case Preparation.Refused refused:
                AuditRecord record = Denial(refused, refused.Reason);
                _ = AuditLog.Send(refused.Rule is { } rule ? record.With("rule", rule.ToString()) : record, refused.Site.LogFacility); // refused with or without a record
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                return Refuse(reason, location, "authorisation", process, status);
            case Preparation.Invalid invalid:
                SourceLocation first = invalid.Diagnostics[0].Location;
                _ = AuditLog.Send(Denial(invalid, "the configuration has mistakes").With("rule", first.ToString()), invalid.Site.LogFacility); // refused with or without a record
                PermanentDrop.ForGood(process);
                Report.Diagnostics(invalid.Diagnostics, Output, process.State);
                Report.Refusal(Words, Subject, "its configuration has mistakes", null);
                status.Refused("configuration", first);
                return ExitStatus.NotStarted;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>What the log did not have to decide about.</summary>
    public int Refuse(string reason, SourceLocation? location, string stage, CleanProcess process, StatusStream status)
    {
        PermanentDrop.ForGood(process);
        Report.Refusal(Words, Subject, reason, location);
        status.Refused(stage, location);
        return ExitStatus.NotStarted;
    }

    public AuditRecord Denial(Preparation preparation, string reason)
    {
        AuditRecord record = Record("deny", preparation.Caller);
        return (SessionId is { } session ? record.With("session", session) : record).With("reason", reason);
    }

    public AuditRecord Permission(Preparation preparation, StartPlan plan, ParameterValues parameters, SourceLocation rule)
    {
        AuditRecord record = Record("permit", preparation.Caller)
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

    private AuditRecord Record(string decision, Caller caller)
    {
        AuditRecord record = new AuditRecord(decision).With("verb", Verb).With("uid", caller.UserId.Value).With("user", caller.Name);
        return Profile is ProfileName profile ? record.With("profile", profile.Text) : record;
    }
}
