using System.Diagnostics;

namespace NsHelper.SystemTests.Harness;

/// <summary>What the administrator of the test host does with a line of shell; a line that fails fails the test.</summary>
internal static class RootShell
{
    /// <summary>Its standard output, by line.</summary>
    public static string[] Run(string script)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-ec", script]) { RedirectStandardOutput = true, WorkingDirectory = "/" })
            ?? throw new InvalidOperationException("no shell");
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"{script}: exit {process.ExitCode}");
    }
}
