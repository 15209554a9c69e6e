using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Planning.Mounts;

namespace NsHelper.Linux.Mounts;

/// <summary>
/// Reads the mount table of a process from /proc/PID/mountinfo. statmount(2) would need a newer kernel than nshelper does, and rights over
/// the namespace for any process but our own; mountinfo serves every process the caller may see. Two ways would be one too many for a
/// text that is only shown.
/// </summary>
internal static class MountTable
{
    /// <param name="processId">Null for this process, which is in the mount namespace of its caller.</param>
    /// <exception cref="Native.SystemCallException">The process is not there, or the caller may not see it.</exception>
    /// <exception cref="FormatException">A line is not in the form of proc_pid_mountinfo(5); the message says which.</exception>
    public static ImmutableArray<MountEntry> Read(int? processId)
    {
        return MountInfoText.TryParse(ProcFile.Read(processId, "mountinfo"), out ImmutableArray<MountEntry>? mounts, out int badLine)
            ? mounts.Value
            : throw new FormatException($"line {badLine} of {ProcFile.PathOf(processId, "mountinfo")} is not in the form of proc_pid_mountinfo(5)");
    }
}
