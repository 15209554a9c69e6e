using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Linux.Mounts;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Mounts;

namespace NsHelper.Commands;

/// <summary>The mount table of a process, read with the caller's rights, or a message that says why it cannot be.</summary>
internal static class TableReading
{
    public const int HostProcess = 1;
    private const int NoSuchProcess = 3;
    private const int InvalidArgument = 22;

    /// <summary>Whether process 1 is the init of the session one is in, and not the host's: then nothing here shows the host.</summary>
    public static bool HidesHost(CallerState caller)
    {
        foreach (ByteString variable in caller.Environment)
        {
            if (variable.Span.StartsWith("NSHELPER_SESSION="u8))
            {
                try
                {
                    return ProcFile.Read(HostProcess, "comm").AsSpan().SequenceEqual("nshelper\n"u8);
                }
                catch (SystemCallException)
                {
                    return false; // what hides it is said when its table is read
                }
            }
        }

        return false;
    }

    /// <summary>Null after the message.</summary>
    public static ImmutableArray<MountEntry>? Read(ShownProcess process)
    {
        string reason = SessionLookup.HasEnded;
        try
        {
            ImmutableArray<MountEntry> table = MountTable.Read(process.ProcessId);
            if (!process.HasEnded)
            {
                return table;
            }
        }
        catch (SystemCallException fault)
        {
            reason = ReasonOf(fault, process.ProcessId);
        }
        catch (FormatException fault)
        {
            reason = fault.Message;
        }

        Report.Refusal("read", $"the mount table of {process.Name}", reason, null);
        return null;
    }

    private static string ReasonOf(SystemCallException fault, int? processId) => fault.Errno switch
    {
        // Process 1 is always there.
        NoSuchProcess when processId == HostProcess => "/proc hides it (hidepid)",
        NoSuchProcess => "no such process, or /proc hides it (hidepid)",
        InvalidArgument => "the process has ended",
        _ => ErrnoText.Of(fault.Errno),
    };
}
