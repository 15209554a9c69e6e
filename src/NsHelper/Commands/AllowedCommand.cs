using System.Diagnostics;
using NsHelper.Linux.Process;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;

namespace NsHelper.Commands;

/// <summary>`allowed`: the decision that run would meet, and the rule that makes it. A denied user learns no more than run would say.</summary>
internal static class AllowedCommand
{
    private const string Verb = "run";

    public static int Run(Invocation.Allowed invocation, CleanProcess process)
    {
        ProfileName profile = invocation.Session.Profile;
        switch (SessionPreparation.Find(profile, process))
        {
            case Preparation.Found found:
                return Tell(Decide(found, invocation.Session, process), invocation.Output, process);
            case Preparation.Refused refused:
                return Tell(Denial(refused, profile, process), invocation.Output, process);
            case Preparation.Invalid invalid:
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                Report.Refusal("decide about", profile.Text, "its configuration has mistakes", null);
                return ExitStatus.No;
            default:
                throw new UnreachableException();
        }
    }

    private static Verdict Decide(Preparation.Found found, SessionArguments arguments, CleanProcess process)
    {
        (Profile profile, Caller caller, AccountNames names) = (found.Profile, found.Caller, found.Names);
        return AccessRules.Decide(profile, caller, names, Verb, arguments.Command, arguments.Parameters) switch
        {
            Decision.Allowed allowed => Verdict.Permit(profile, caller.Name, Verb, allowed.Grant.Principal) with
            {
                CommandRule = arguments.Command.IsEmpty ? null : allowed.Grant.Command.Candidates[0].Rule,
            },

            // Nothing was asked about a command: that run will want one is no denial.
            Decision.Denied { IsAboutCommand: true } when arguments.Command.IsEmpty && AccessRules.UseOf(profile, caller, names) is { } rule =>
                Verdict.Permit(profile, caller.Name, Verb, rule),
            Decision.Denied denied => Denial(SessionPreparation.Refused(found, denied), profile.Name, process),
            _ => throw new UnreachableException(),
        };
    }

    private static Verdict Denial(Preparation.Refused refused, ProfileName profile, CleanProcess process)
    {
        (string reason, SourceLocation? rule) = refused.ToldTo(process);
        return new Verdict { IsPermitted = false, User = refused.Caller.Name, Profile = profile, Verb = Verb, Reason = reason, Rule = rule };
    }

    private static int Tell(Verdict verdict, OutputChoice output, CleanProcess process)
    {
        int told = Report.Answer(output.Form == OutputForm.Json ? verdict.ToJson() : verdict.ToText(AnswerStyle.Of(output, process)));
        return verdict.IsPermitted ? told : ExitStatus.No;
    }
}
