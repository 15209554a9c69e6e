using System.Reflection;
using NsHelper.Linux.Native;

namespace NsHelper.Commands;

/// <summary>`--version`.</summary>
internal static class VersionCommand
{
    public static int Run() => StandardStreams.WriteOutput($"nshelper {Version}\n") ? ExitStatus.Done : ExitStatus.No;

    // The number of Directory.Build.props, as the compiler wrote it into the binary.
    private static string Version => typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? throw new InvalidOperationException("the assembly has no version");
}
