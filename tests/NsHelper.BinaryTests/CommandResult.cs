using System.Diagnostics;

namespace NsHelper.BinaryTests;

/// <summary>What a command printed, both streams in one, and how it ended: 128 plus the number for a signal.</summary>
internal sealed record CommandResult(int Status, string Output)
{
    internal static CommandResult Of(string command, params string[] arguments) => In(Repository.Root, command, arguments);

    internal static CommandResult In(string directory, string command, params string[] arguments)
    {
        // The shell makes the signal of a crash a number and joins the streams.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = directory, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec 2>&1 </dev/null; \"$@\"; exit $?");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(command);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output);
    }
}
