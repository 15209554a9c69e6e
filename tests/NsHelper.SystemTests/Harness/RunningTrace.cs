using System.Diagnostics;

namespace NsHelper.SystemTests.Harness;

/// <summary>A traced start that is still going on.</summary>
internal sealed class RunningTrace
{
    private const int TimeoutMilliseconds = 40_000;

    /// <summary>What launch.c may call before it executes the helper.</summary>
    private static readonly HashSet<string> LauncherCalls =
    [
        "all", "execve", "brk", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "mprotect", "prlimit64", "readlinkat", "readlink", "getrandom", "newfstatat",
        "fstat", "open", "openat", "read", "write", "close", "close_range", "prctl", "setgroups", "setresuid", "setresgid", "capset", "rt_sigaction", "rt_sigprocmask",
        "setitimer", "chdir", "umask", "mmap", "munmap", "dup2", "fcntl", "socket", "pipe", "getppid", "getpid", "setpriority", "sched_setaffinity", "unshare", "seccomp", "mkdir", "rmdir",
    ];

    private readonly Process strace;
    private readonly SessionCommand command;
    private readonly string file;
    private readonly Task<byte[]> output;
    private readonly Task<byte[]> error;

    private RunningTrace(Process strace, SessionCommand command, string file)
    {
        this.strace = strace;
        this.command = command;
        this.file = file;
        output = SessionCommand.ReadAsync(strace.StandardOutput.BaseStream);
        error = SessionCommand.ReadAsync(strace.StandardError.BaseStream);
    }

    public static RunningTrace Start(SessionCommand command, IReadOnlyList<string> straceOptions, IReadOnlyList<Injection> injections)
    {
        TestHost.Require();
        string file = $"/mnt/probe/trace-{Guid.NewGuid():N}";
        List<string> words = ["-f", "-s", "4096", "-o", file, .. straceOptions, .. injections.SelectMany(injection => new[] { "-e", $"inject={injection.Text}" })];
        bool plain = command.Options.Count == 0 && command.Arguments[0] == "nshelper";
        if (!plain && injections.Any(injection => LauncherCalls.Contains(injection.Call)))
        {
            throw new InvalidOperationException("injections count from the helper's execve, and the launcher, which this command needs, makes such calls itself");
        }

        bool direct = plain && injections.Count > 0;
        words.AddRange(direct
            ? ["-u", command.User.Name, "--", command.File, .. command.Arguments.Skip(1)]
            : ["--", TestHost.Launch, .. command.LaunchArguments([])]);
        var start = new ProcessStartInfo("strace", words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory,
        };
        start.Environment.Clear();

        // Through the launcher the variables are the helper's alone; strace's own libraries must not see them.
        foreach (string entry in direct ? command.Environment : [])
        {
            string[] pair = entry.Split('=', 2);
            start.Environment[pair[0]] = pair[1];
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException("no strace");
        if (command.Input is byte[] input)
        {
            SessionCommand.Give(process, input);
        }

        process.StandardInput.Close();
        return new RunningTrace(process, command, file);
    }

    /// <summary>The pid of the helper, once it has been executed.</summary>
    public int WaitForHelper()
    {
        int found = 0;
        Wait.Until(
            () => (found = Helpers().FirstOrDefault()) != 0 || strace.HasExited,
            () => "the helper did not start");
        return found != 0 ? found : throw new InvalidOperationException(Finish().ToString());
    }

    /// <summary>Waits until an injected delay holds the helper in this call; its pid.</summary>
    public int WaitForCall(string call)
    {
        _ = WaitForHelper();
        long number = SystemCallNumbers.Of(call);
        int pid = 0;
        Wait.Until(() => strace.HasExited || (pid = Helpers().FirstOrDefault(helper => IsHeldIn(helper, number))) != 0, () => $"the helper never stood in {call}");
        return strace.HasExited ? throw new InvalidOperationException(Finish().ToString()) : pid;
    }

    /// <summary>The same, and acts then: however long that takes, the helper stands there until it is done.</summary>
    public void AtCall(string call, Action<int> action)
    {
        int pid = WaitForCall(call);
        Posix.Kill(strace.Id, Posix.SIGSTOP);
        try
        {
            if (StandingIn(pid, SystemCallNumbers.Of(call)) is null)
            {
                throw new TimeoutException($"the helper was let go of in {call} before anything could be done");
            }

            action(pid);
        }
        finally
        {
            Posix.Kill(strace.Id, Posix.SIGCONT);
        }
    }

    public Trace Finish()
    {
        bool ended = strace.WaitForExit(TimeoutMilliseconds);
        if (!ended)
        {
            strace.Kill(entireProcessTree: true);
            strace.WaitForExit();
        }

        (IReadOnlyList<SystemCall> calls, IReadOnlyList<string> events) = TraceReader.Read(File.ReadLines(file));
        int start = FirstOfHelper(calls);
        var trace = new Trace(ResultOf(calls, start, events, ended), [.. calls.Skip(Math.Max(start, 0))], events);
        File.Delete(file);
        strace.Dispose();
        HostOracle.MustNotContainCanary(trace.Result.Output);
        HostOracle.MustNotContainCanary(trace.Result.Error);
        return start >= 0 ? trace : throw new InvalidOperationException($"the helper was not executed: {trace}");
    }

    /// <summary>The helper's processes: monitor and init, and the command before it is one.</summary>
    private IEnumerable<int> Helpers() =>
        ProcessEntry.All().Where(process => ProcessEntry.Executable(process.Pid) == command.File && IsTraced(process.Pid)).Select(process => process.Pid);

    private static bool IsTraced(int pid) => ProcessEntry.Status(pid, "TracerPid") is string tracer && tracer != "0";

    /// <summary>strace stops a process at each of its calls, and lets it go on at once; where it sleeps itself instead, it holds it.</summary>
    private bool IsHeldIn(int pid, long number) =>
        StandingIn(pid, number) is string stop && ProcessEntry.Status(strace.Id, "State") is ['S', ..] && StandingIn(pid, number) == stop;

    /// <summary>What tells one stop in that call from the next; null when it does not stand in it.</summary>
    private static string? StandingIn(int pid, long number)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{pid}/syscall");
            // The execve that made the process the helper ends in a stop too, with all registers cleared: its path is null then.
            bool isStanding = text.StartsWith(FormattableString.Invariant($"{number} "), StringComparison.Ordinal)
                && !text.StartsWith(FormattableString.Invariant($"{SystemCallNumbers.Of("execve")} 0x0 "), StringComparison.Ordinal)
                && ProcessEntry.Status(pid, "State") is ['t', ..];
            return isStanding ? ProcessEntry.Status(pid, "voluntary_ctxt_switches") : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private int FirstOfHelper(IReadOnlyList<SystemCall> calls)
    {
        for (int i = 0; i < calls.Count; i++)
        {
            if (calls[i].Name == "execve" && calls[i].Text(0) == command.File)
            {
                return i;
            }
        }

        return -1;
    }

    private SessionResult ResultOf(IReadOnlyList<SystemCall> calls, int start, IReadOnlyList<string> events, bool ended)
    {
        int pid = start >= 0 ? calls[start].Pid : calls.Count > 0 ? calls[0].Pid : 0;
        string last = events.LastOrDefault(line => line.StartsWith(FormattableString.Invariant($"{pid} +++"), StringComparison.Ordinal)) ?? "";
        string[] words = last.Split(' ');
        bool exited = words.Length > 4 && words[2] == "exited";
        int? status = exited ? int.Parse(words[4], System.Globalization.CultureInfo.InvariantCulture) : null;
        int? signal = !exited && words.Length > 4 ? SignalNames.Number(words[4]) : null;
        return new SessionResult(status, signal, output.Result, error.Result) { TimedOut = !ended };
    }
}
