using System.Diagnostics;

namespace NsHelper.SystemTests.Harness;

/// <summary>A started session: the process is the helper, and after its exec the command.</summary>
internal sealed class RunningSession : IDisposable
{
    private readonly Process process;
    private readonly Task<byte[]> output;
    private readonly Task<byte[]> error;
    private readonly SessionCommand command;

    public RunningSession(Process process, SessionCommand command)
    {
        this.process = process;
        this.command = command;
        output = SessionCommand.ReadAsync(process.StandardOutput.BaseStream);
        error = SessionCommand.ReadAsync(process.StandardError.BaseStream);
    }

    public int Pid => process.Id;
    public bool HasExited => process.HasExited;

    /// <summary>"mnt:[4026531841]" and so on.</summary>
    public string Namespace(string kind) => new FileInfo($"/proc/{Pid}/ns/{kind}").LinkTarget ?? "";

    public IReadOnlyList<MountEntry> Mounts() => MountEntry.Read(Pid);

    /// <summary>Waits until the process is the command: its executable is no longer the helper or the launcher.</summary>
    public RunningSession WaitForCommand()
    {
        Wait.Until(
            () => process.HasExited || (ProcessEntry.Executable(Pid) is string file && file != TestHost.Launch && file != command.File),
            () => $"the command of {string.Join(' ', command.Arguments)} did not start");
        return process.HasExited ? throw new InvalidOperationException($"ended early: {Finish()}") : this;
    }

    public SessionResult Finish(int milliseconds = 10_000)
    {
        if (!process.WaitForExit(milliseconds))
        {
            process.Kill();
            process.WaitForExit();
            return new SessionResult(null, Posix.SIGKILL, output.Result, error.Result) { TimedOut = true };
        }

        return new SessionResult(process.ExitCode, null, output.Result, error.Result);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }
}
