using NsHelper.Commands;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper;

/// <summary>--json-status-fd: tells a program that started this one what becomes of the session. Without the option every call does nothing.</summary>
internal sealed class StatusStream
{
    private readonly int descriptor;

    private StatusStream(int descriptor) => this.descriptor = descriptor;

    /// <summary>-1 without the option.</summary>
    public int Descriptor => descriptor;

    public bool IsWanted => descriptor >= 0;

    /// <summary>
    /// What the command line asked for; null when that descriptor is none that can be written to, which is told. Another one that was left open is closed.
    /// </summary>
    public static StatusStream? Open(int? asked, CleanProcess process, StartAttempt attempt)
    {
        if (asked is not int number)
        {
            StandardDescriptors.Close(process.StatusDescriptor);
            return new StatusStream(-1);
        }

        if (process.StatusDescriptor != number)
        {
            PermanentDrop.ForGood(process);
            Report.Refusal(attempt.Words, attempt.Subject, $"descriptor {number} cannot be written to, or is no pipe, socket, file or device", null);
            return null;
        }

        ProcessHygiene.BlockBrokenPipe();
        return new StatusStream(number);
    }

    public void Started(StartPlan plan, int process, NamespaceIds namespaces) => Write(() => StatusLines.Started(plan.Profile, plan.SessionId, process, namespaces));

    /// <summary>Refused before anything was done.</summary>
    public void Refused(string stage, SourceLocation? location) => Write(() => StatusLines.Error(stage, ExitStatus.NotStarted, 0, null, location));

    public void Failed(ExecutionFault fault, int status) =>
        Write(() => StatusLines.Error(CallsText.NameOf(fault.Stage), status, fault.Errno, fault.Subject, fault.Location));

    public void Exited(int status) => Write(() => StatusLines.Exited(status));

    // A reader that is gone has no need of it.
    private void Write(Func<string> line)
    {
        if (IsWanted)
        {
            _ = StandardStreams.Write(descriptor, line());
        }
    }
}
