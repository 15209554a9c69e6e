using System.Diagnostics;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper.Commands;

/// <summary>`explain`: the plan that run would carry out, made the same way and printed instead. Needs no root and takes none.</summary>
internal static class ExplainCommand
{
    private const string Verb = "explain";

    public static int Run(Invocation.Explain invocation, CleanProcess process)
    {
        string profile = invocation.Session.Profile.Text;
        switch (SessionPreparation.Prepare(invocation.Session, process, isReported: false))
        {
            case Preparation.Ready ready:
                return Report.Answer(TextOf(ready.Plan with { Caller = CallerReader.WithGroupName(ready.Caller) }, invocation, process));
            case Preparation.Refused refused:
                (string reason, SourceLocation? location) = refused.ToldTo(process);
                Report.Refusal(Verb, profile, reason, location);
                return ExitStatus.No;
            case Preparation.Invalid invalid:
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                Report.Refusal(Verb, profile, "its configuration has mistakes", null);
                return ExitStatus.No;
            default:
                throw new UnreachableException();
        }
    }

    private static string TextOf(SessionPlan plan, Invocation.Explain invocation, CleanProcess process) =>
        invocation.Form == ExplainForm.Calls ? CallsText.Of(PlanLowering.Lower(plan, SupervisionDescriptors.Shown(plan)))
        : invocation.Output.Form == OutputForm.Json ? PlanJson.Of(plan)
        : PlanText.Of(plan, AnswerStyle.Of(invocation.Output, process));
}
