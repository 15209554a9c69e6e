using System.Diagnostics;
using NsHelper.Linux.Process;
using NsHelper.Planning.Access;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;

namespace NsHelper.Commands;

/// <summary>`show`: the profile that is in force, all files laid over each other. Only for those who may use it, and for root.</summary>
internal static class ShowCommand
{
    private const string Verb = "show";

    public static int Run(Invocation.Show invocation, CleanProcess process)
    {
        string profile = invocation.Profile.Text;
        switch (SessionPreparation.Find(invocation.Profile, process))
        {
            case Preparation.Found found when process.AskedByRoot || AccessRules.UseOf(found.Profile, found.Caller, found.Names) is not null:
                return Report.Answer(TextOf(found, invocation, process));
            case Preparation.Found:
                return Refuse(profile, SessionPreparation.NotYours);
            case Preparation.Refused refused:
                return Refuse(profile, refused.ToldTo(process).Reason);
            case Preparation.Invalid invalid:
                Report.Diagnostics(invalid.Diagnostics, invocation.Output, process.State);
                return Refuse(profile, "its configuration has mistakes");
            default:
                throw new UnreachableException();
        }
    }

    private static int Refuse(string profile, string reason)
    {
        Report.Refusal(Verb, profile, reason, null);
        return ExitStatus.No;
    }

    private static string TextOf(Preparation.Found found, Invocation.Show invocation, CleanProcess process) => invocation.Output.Form == OutputForm.Json
        ? ProfileJson.Of(found.Profile.Name, found.Merged)
        : ProfileToml.Of(found.Merged, invocation.Origins, AnswerStyle.Of(invocation.Output, process));
}
