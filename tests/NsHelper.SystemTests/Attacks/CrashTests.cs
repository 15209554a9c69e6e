using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section M. A stock runtime reads DOTNET_DbgEnableMiniDump before Main and, on a fatal signal, executes createdump from the
/// directory of argv[0] with root's effective id: root for any user. The control binary, linked as the runtime is delivered, shows that the attack works.
/// </summary>
public sealed class CrashTests : SystemTest
{
    private const string Trap = "/mnt/srv/dump";
    private const string Ran = Trap + "/ran";

    public CrashTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        Install("in-place", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");
        Directory.CreateDirectory(Temporary(Trap));
        File.SetUnixFileMode(Trap, (UnixFileMode)0b111_111_111);
        File.Copy("/mnt/probe/createdump", $"{Trap}/createdump", overwrite: true);
        File.SetUnixFileMode($"{Trap}/createdump", Modes.Executable);
    }

    /// <summary>crash-managed: memory that ends anywhere on the way ends in one line, which takes none.</summary>
    [Fact]
    public void Wherever_memory_ends_it_is_said_in_one_line()
    {
        const int dataLimit = 2; // RLIMIT_DATA
        int refused = 0;
        for (int size = 1_400_000; size < 2_400_000; size += 20_000)
        {
            SessionResult result = SessionCommand.Run("t", "/bin/true").Limit(dataLimit, size, size).Execute();

            // With less the runtime itself cannot start, and nothing of ours is there to say so; where it can, it can with more too.
            if (refused == 0 && result is { ExitStatus: 255 or null, ErrorText: "", Output.Length: 0 })
            {
                Assert.InRange(size, 0, 1_700_000);
                continue;
            }

            Assert.True(result is { ExitStatus: 0, ErrorText: "" } || (result.ExitStatus == 125 && result.ErrorText.Count(character => character == '\n') == 1), $"{size}: {result}");
            refused += result.ExitStatus == 125 ? 1 : 0;
        }

        Assert.InRange(refused, 1, 49);
    }

    /// <summary>crash-createdump against the shipped binary: two signals at several moments, before Main to the last call.</summary>
    [Theory]
    [InlineData("SEGV")]
    [InlineData("ABRT")]
    public void A_crash_starts_no_program_of_the_callers_choice(string signal)
    {
        foreach ((string call, int when) in new[] { ("getrandom", 1), ("membarrier", 1), ("close_range", 1), ("umask", 1), ("openat2", 2), ("unshare", 1), ("fsopen", 1), ("capset", 2) })
        {
            Trace trace = Trace.Of(Hostile(SessionCommand.Run("in-place", "/bin/true")), Injection.Signal(call, signal, when));
            Assert.False(File.Exists(Ran), $"{signal} at {call} {when}: createdump ran");
            Assert.DoesNotContain(trace.Calls, call => call.IsFork);
            Assert.False(trace.CommandStarted);

            // With an init: its two forks and no other; the init has these signals blocked.
            Trace forked = Trace.Of(Hostile(SessionCommand.Run("t", "/bin/true")), Injection.Signal(call, signal, when));
            Assert.False(File.Exists(Ran), $"{signal} at {call} {when}: createdump ran");
            Assert.InRange(forked.Calls.Count(call => call.IsFork), 0, 2);
        }

        // Where the control binary falls: between the runtime's start and our own first step, argv[0] in the attacker's directory.
        _ = Trace.Of(Hostile(InAttackersDirectory(TestHost.Helper)), BeforeHygiene(signal));
        Assert.False(File.Exists(Ran), "createdump ran");

        // And from outside, as an attacker would.
        for (int i = 0; i < 20; i++)
        {
            Strike(Hostile(SessionCommand.Run("t", "/bin/sleep", "1").Named($"{Trap}/nshelper")), signal, i);
            Assert.False(File.Exists(Ran), "createdump ran");
        }
    }

    /// <summary>The same attack on the control binary must succeed, or the test above proves nothing.</summary>
    [Fact]
    public void The_same_attack_on_a_stock_runtime_succeeds()
    {
        Assert.True(TestHost.HasControl, "no control binary: make control");
        _ = Trace.Of(Hostile(InAttackersDirectory(TestHost.ControlHelper)), BeforeHygiene("SEGV"));
        Assert.True(File.Exists(Ran), "the planted createdump did not run: the attack of the tests does not bite");
        _ = Wait.Happens(() => File.ReadAllText(Ran).Contains("euid 0", StringComparison.Ordinal), 1000);
        Assert.Contains("euid 0", File.ReadAllText(Ran), StringComparison.Ordinal);
    }

    /// <summary>crash-core: no core file of the privileged process, whatever fs.suid_dumpable says, because the process itself forbids it.</summary>
    [Fact]
    public void A_crash_leaves_no_core()
    {
        string home = TestUser.Alice.MakeDirectory("work");
        foreach ((string call, int when) in new[] { ("umask", 1), ("openat2", 2), ("unshare", 1), ("move_mount", 1), ("capset", 2), ("setresuid", 2) })
        {
            Trace trace = Trace.Of(SessionCommand.Run("in-place", "/bin/true").In(home), Injection.Signal(call, "SEGV", when));
            Assert.Equal(11, trace.Result.Signal);
            Assert.DoesNotContain(trace.Events, line => line.Contains("core dumped", StringComparison.Ordinal));
            Assert.Empty(Directory.GetFiles(home));
        }

        // A core that the caller asks for, and what the process says of it after start-up.
        _ = HeldHelper.At(SessionCommand.Run("t", "/bin/true").Limit(4, -1, -1), ("openat2", 1), pid =>
            Assert.Contains(File.ReadLines($"/proc/{pid}/limits"), line => line.StartsWith("Max core file size        0 ", StringComparison.Ordinal)));
        Trace normal = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        DumpRefusal.MustFollowEachChangeOfIds(normal);
        int moments = 0;
        foreach ((string Call, int When) moment in HeldHelper.Phases(normal))
        {
            _ = HeldHelper.At(SessionCommand.Run("t", "/bin/true"), moment, pid =>
            {
                // The files in /proc of a process that may not be dumped belong to root, whoever it runs as.
                Assert.Equal(["0"], RootShell.Run($"stat -c %u /proc/{pid}/environ"));
                moments++;
            });
        }

        Assert.InRange(moments, 10, 20);
    }

    /// <summary>crash-managed: too little memory, too many arguments, deep TOML: one line at most, no stack trace, never a half-made session.</summary>
    [Fact]
    public void Exhaustion_says_one_line_and_runs_nothing()
    {
        for (int megabytes = 30; megabytes <= 120; megabytes += 10)
        {
            SessionResult result = SessionCommand.Run("t", TestHost.Probe).Limit(9, megabytes << 20, megabytes << 20).Execute();
            MustBeQuiet(result);
            Confinement.MustBeWholeOrAbsent(result, TestUser.Alice, $"RLIMIT_AS {megabytes} MB");
        }

        Install(new ProfileFile("deep", "schema = 1\nx = " + new string('[', 30_000)));
        MustBeQuietRefusal(SessionCommand.Run("deep", "/bin/true").Execute());
        SessionResult many = SessionCommand.Run("t", "/bin/true").With("--arg-fill", "100000:1").Execute();
        MustBeQuiet(many);
        Assert.Equal(125, many.ExitStatus);

        // What ends in an exception of each kind: a start that is not one, a call that fails, a file that cannot be trusted.
        Install(ProfileFile.ForAlice("alices") with { Owner = TestUser.Alice.UserId });
        SessionCommand start = SessionCommand.Run("t", "/bin/true");
        SessionCommand refusing = start.With("--refuse", $"{SystemCallNumbers.Of("close_range")}:38");
        foreach (SessionCommand command in new[] { start.With("--no-new-privs"), refusing, SessionCommand.Run("alices", "/bin/true") })
        {
            SessionResult refused = command.Execute();
            MustBeQuiet(refused);
            Assert.True(refused.IsRefusal, refused.ToString());
        }
    }

    /// <summary>ns-all-threads: unshare, capabilities and no_new_privs act on one thread: there is one, in every phase.</summary>
    [Fact]
    public void There_is_one_task_in_every_phase()
    {
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        foreach ((string Call, int When) moment in HeldHelper.Phases(Trace.Of(command)))
        {
            _ = HeldHelper.At(command, moment, pid => Assert.Single(Directory.GetDirectories($"/proc/{pid}/task")));
        }

        // And the kernel itself refuses to leave a namespace with a second one: CLONE_THREAD in the flags.
        SystemCall[] unshares = [.. Trace.Of(command).Named("unshare")];
        Assert.Equal(2, unshares.Length);
        Assert.All(unshares, unshare => Assert.Contains("CLONE_THREAD", unshare.Line, StringComparison.Ordinal));
    }

    /// <summary>The first call of ours that the launcher-free start makes: the runtime's handlers are in place, if it has any.</summary>
    private static Injection BeforeHygiene(string signal) => Injection.Signal("setitimer", signal, 1);

    /// <summary>A setuid copy beside the planted createdump, as a hard link in the attacker's directory would be.</summary>
    private static SessionCommand InAttackersDirectory(string binary)
    {
        string copy = $"{Trap}/nshelper";
        File.Copy(binary, copy, overwrite: true);
        File.SetUnixFileMode(copy, Modes.Executable | UnixFileMode.SetUser);
        return SessionCommand.Run("t", "/bin/true") with { File = copy };
    }

    private static SessionCommand Hostile(SessionCommand command)
    {
        foreach (string prefix in new[] { "DOTNET_", "COMPlus_" })
        {
            command = command.WithEnvironment(
                $"{prefix}DbgEnableMiniDump=1", $"{prefix}DbgMiniDumpType=4", $"{prefix}DbgMiniDumpName={Trap}/core", $"{prefix}EnableCrashReport=1", $"{prefix}DbgCreateDumpToolPath={Trap}/createdump");
        }

        return command;
    }

    /// <summary>Starts, and signals after a delay that grows with the round, as the user who may signal his own start.</summary>
    private static void Strike(SessionCommand command, string signal, int round)
    {
        using RunningSession session = command.Start();
        _ = Wait.Happens(() => ProcessEntry.Executable(session.Pid) == command.File || session.HasExited, 2000);
        Thread.SpinWait(round * 2000);
        _ = SessionCommand.Direct("/bin/kill", $"-{signal}", session.Pid.ToString(CultureInfo.InvariantCulture)).Execute();
    }

    private static void MustBeQuiet(SessionResult result)
    {
        Assert.False(result.TimedOut, result.ToString());
        Assert.DoesNotContain("   at ", result.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.ErrorText.Replace("OutOfMemoryException", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.InRange(result.ErrorText.Count(c => c == '\n'), 0, 1);
    }

    private static void MustBeQuietRefusal(SessionResult result)
    {
        Assert.Equal(125, result.ExitStatus);
        Assert.DoesNotContain("   at ", result.ErrorText, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
