using NsHelper.Linux.Native;

namespace NsHelper.Commands;

/// <summary>`--version`.</summary>
internal static class VersionCommand
{
    public static int Run() => StandardStreams.WriteOutput($"nshelper {ProductVersion.Text}\n") ? ExitStatus.Done : ExitStatus.No;
}
