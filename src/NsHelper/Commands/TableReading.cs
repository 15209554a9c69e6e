using System.Collections.Immutable;
using System.Globalization;
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
    public static ImmutableArray<MountEntry>? Read(int? processId)
    {
        try
        {
            return MountTable.Read(processId);
        }
        catch (SystemCallException fault)
        {
            Report.Refusal("read", SubjectOf(processId), ReasonOf(fault, processId), null);
            return null;
        }
        catch (FormatException fault)
        {
            Report.Refusal("read", SubjectOf(processId), fault.Message, null);
            return null;
        }
    }

    /// <summary>A process as an answer names it; null for the caller.</summary>
    public static string NameOf(int? processId) => processId switch
    {
        null => "the caller",
        HostProcess => "process 1 (the host)",
        { } pid => string.Create(CultureInfo.InvariantCulture, $"process {pid}"),
    };

    private static string SubjectOf(int? processId) => $"the mount table of {NameOf(processId)}";

    private static string ReasonOf(SystemCallException fault, int? processId) => fault.Errno switch
    {
        // Process 1 is always there.
        NoSuchProcess when processId == HostProcess => "/proc hides it (hidepid)",
        NoSuchProcess => "no such process, or /proc hides it (hidepid)",
        InvalidArgument => "the process has ended",
        _ => ErrnoText.Of(fault.Errno),
    };
}
