using System.Collections.Immutable;
using System.Globalization;
using NsHelper.Linux.Mounts;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>`mounts`: the mount table of a process as a tree. Needs no root and takes none.</summary>
internal static class MountsCommand
{
    public static int Run(Invocation.Mounts invocation, CleanProcess process)
    {
        ImmutableArray<MountEntry> mounts;
        try
        {
            mounts = MountTable.Read(invocation.ProcessId);
        }
        catch (SystemCallException fault)
        {
            return Refuse(invocation, ErrnoText.Of(fault.Errno));
        }
        catch (FormatException fault)
        {
            return Refuse(invocation, fault.Message);
        }

        return Report.Answer(TextOf(mounts, invocation, process));
    }

    private static int Refuse(Invocation.Mounts invocation, string reason)
    {
        string subject = invocation.ProcessId is { } pid
            ? string.Create(CultureInfo.InvariantCulture, $"the mount table of process {pid}")
            : "the mount table";
        Report.Refusal("read", subject, reason, null);
        return ExitStatus.No;
    }

    private static string TextOf(ImmutableArray<MountEntry> mounts, Invocation.Mounts invocation, CleanProcess process) =>
        invocation.Output.Form == OutputForm.Json
            ? MountJson.Of(mounts, invocation.ProcessId)
            : MountText.Of(mounts, AnswerStyle.Of(invocation.Output, process), invocation.Output.Verbosity);
}
