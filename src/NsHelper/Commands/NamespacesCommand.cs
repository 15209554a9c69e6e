using System.Globalization;
using NsHelper.Linux.Namespaces;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Commands;

/// <summary>`ns`: the namespaces of a process beside the caller's and the host's. Needs no root and takes none.</summary>
internal static class NamespacesCommand
{
    private const int HostProcess = 1;

    public static int Run(Invocation.Namespaces invocation, CleanProcess process)
    {
        NamespaceIds caller = NamespaceReader.Read(null);
        NamespaceIds shown;
        try
        {
            shown = invocation.ProcessId is { } pid ? NamespaceReader.Read(pid) : caller;
        }
        catch (SystemCallException fault)
        {
            string subject = string.Create(CultureInfo.InvariantCulture, $"the namespaces of process {invocation.ProcessId}");
            Report.Refusal("read", subject, ErrnoText.Of(fault.Errno), null);
            return ExitStatus.No;
        }

        NamespaceReport report = WithHost(invocation.ProcessId, shown, caller) with { Session = SessionLines.ClaimOf(invocation.ProcessId, process) };
        return Report.Answer(TextOf(report, invocation.Output, process));
    }

    /// <summary>Most callers may not read process 1: that is an answer too, and no reason to say nothing.</summary>
    private static NamespaceReport WithHost(int? processId, NamespaceIds shown, NamespaceIds caller)
    {
        NamespaceIds? host = null;
        string? fault = null;
        try
        {
            host = NamespaceReader.Read(HostProcess);
        }
        catch (SystemCallException refusal)
        {
            fault = ErrnoText.Of(refusal.Errno);
        }

        return new NamespaceReport { ProcessId = processId, Process = shown, Caller = caller, Host = host, HostFault = fault };
    }

    private static string TextOf(NamespaceReport report, OutputChoice output, CleanProcess process) => output.Form == OutputForm.Json
        ? NamespaceJson.Of(report)
        : NamespaceText.Of(report, AnswerStyle.Of(output, process), output.Verbosity);
}
