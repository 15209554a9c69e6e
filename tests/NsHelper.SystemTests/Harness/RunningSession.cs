using System.Diagnostics;

namespace NsHelper.SystemTests.Harness;

/// <summary>A started session: the process is the helper, which becomes the command or has it as a descendant.</summary>
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
        Pid = process.Id;
        output = SessionCommand.ReadAsync(process.StandardOutput.BaseStream);
        error = SessionCommand.ReadAsync(process.StandardError.BaseStream);
    }

    /// <summary>The command, once it was waited for; before that, the helper.</summary>
    public int Pid { get; private set; }

    /// <summary>The process that was started.</summary>
    public int Helper => process.Id;

    /// <summary>Process 1 of the session.</summary>
    public int Init => ProcessEntry.FirstChild(Helper) ?? Helper;
    public bool HasExited => process.HasExited;

    /// <summary>"mnt:[4026531841]" and so on.</summary>
    public string Namespace(string kind) => new FileInfo($"/proc/{Pid}/ns/{kind}").LinkTarget ?? "";

    public IReadOnlyList<MountEntry> Mounts() => MountEntry.Read(Pid);

    /// <summary>Waits until the command is there: the process or a descendant whose executable is no longer the helper or the launcher.</summary>
    public RunningSession WaitForCommand()
    {
        Wait.Until(
            () => process.HasExited || IsCommand(Pid = ProcessEntry.LastDescendant(Helper)),
            () => $"the command of {string.Join(' ', command.Arguments)} did not start");
        return process.HasExited ? throw new InvalidOperationException($"ended early: {Finish()}") : this;
    }

    private bool IsCommand(int pid) => ProcessEntry.Executable(pid) is string file && file != TestHost.Launch && file != command.File;

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
