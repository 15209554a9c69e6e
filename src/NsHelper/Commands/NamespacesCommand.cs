using NsHelper.Linux.Namespaces;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Commands;

/// <summary>`ns`: the namespaces of a process beside the caller's and the host's. Those of a session the registry knows; root reads no others.</summary>
internal static class NamespacesCommand
{
    private const int HostProcess = 1;

    public static int Run(Invocation.Namespaces invocation, CleanProcess process)
    {
        if (ShownProcess.Find("show the namespaces of", process, invocation.Process) is not [var shown])
        {
            return ExitStatus.No;
        }

        NamespaceIds caller = NamespaceReader.Read(null);
        NamespaceIds ids;
        try
        {
            ids = shown.Session?.Place is { } place ? place.Namespaces : shown.ProcessId is { } pid ? NamespaceReader.Read(pid) : caller;
        }
        catch (SystemCallException fault)
        {
            Report.Refusal("read", $"the namespaces of {shown.Name}", ErrnoText.Of(fault.Errno), null);
            return ExitStatus.No;
        }

        NamespaceReport report = WithHost(shown.ProcessId, ids, caller) with { Session = SessionLines.ClaimOf(shown.ProcessId, shown.Session, process) };
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
