using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Linux.Registry;
using NsHelper.Linux.Shares;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;

namespace NsHelper.Commands;

/// <summary>`gc`: what ended sessions have left. Anybody may ask for it, as any start does it for its own shares; nothing of it is the caller's to choose.</summary>
internal static class CollectCommand
{
    private const string Object = "what sessions have left";

    public static int Run(Invocation.Collect invocation, CleanProcess process)
    {
        int status = Collect(invocation, process);
        return invocation.ExitStatus ?? status;
    }

    private static int Collect(Invocation.Collect invocation, CleanProcess process)
    {
        string verb = invocation.Removes ? "remove" : "list";
        try
        {
            ProcessHygiene.BlockSignals();
            List<SessionName> sessions = SessionRegistry.Collect(RaisedPrivileges.Borrow(process, PrivilegeCheck.Require(process)), process.AskedByRoot ? null : process.RealUser, invocation.Removes);
            List<string> shares = UnusedShares.Take(RaisedPrivileges.ForReading(process), invocation.Removes);
            if (!process.AskedByRoot)
            {
                _ = shares.RemoveAll(key => !IsOf(process.RealUser, key));
            }

            return Report.Answer(
                invocation.Output.Form == OutputForm.Json ? JsonOf(shares, sessions)
                : invocation.Output.Verbosity == Verbosity.Quiet ? ""
                : string.Concat(shares.ConvertAll(key => $"share {key}\n")) + string.Concat(sessions.ConvertAll(name => $"session {name.Id} of {name.Profile}\n")));
        }
        catch (SystemCallException fault)
        {
            Report.Refusal(verb, Object, $"{Escaped.Text(fault.Subject)}: {fault.Call}: {ErrnoText.Of(fault.Errno)}", null);
            return ExitStatus.No;
        }
        catch (UntrustedFileException fault)
        {
            Report.Refusal(verb, Object, $"{Escaped.Text(fault.Path)} {fault.Defect}", null);
            return ExitStatus.No;
        }
    }

    private static bool IsOf(UserId user, string key) => key.StartsWith($"{ShareBacking.UntilLastSession}u{user}.", StringComparison.Ordinal);

    private static string JsonOf(List<string> shares, List<SessionName> sessions) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("shares");
        foreach (string key in shares)
        {
            json.WriteStringValue(key);
        }

        json.WriteEndArray();
        json.WriteStartArray("sessions");
        foreach (SessionName name in sessions)
        {
            json.WriteStartObject();
            json.WriteString("session", name.Id);
            json.WriteString("profile", name.Profile.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
