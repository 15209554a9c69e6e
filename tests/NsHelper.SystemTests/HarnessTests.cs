using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests;

/// <summary>Why it exists: the other tests believe what these nouns say, so each is held to programs whose behaviour is known.</summary>
public sealed class HarnessTests : SystemTest
{
    [Fact]
    public void A_command_runs_as_the_user_with_the_users_groups_and_nothing_else()
    {
        ProbeReport probe = SessionCommand.Direct(TestHost.Probe).WithEnvironment("A=b").Execute().Probe;
        Assert.Equal([12001u, 12001u, 12001u, 12001u], probe.UserIds);
        Assert.Equal([12001u, 12010u], probe.Groups);
        Assert.Equal([0, 1, 2], probe.Descriptors.Select(descriptor => descriptor.Number));
        Assert.Equal(["A=b"], probe.EnvironmentText);
        Assert.Equal("0000000000000000", probe.Text("CapEff"));
    }

    [Fact]
    public void A_result_tells_an_exit_status_from_a_signal()
    {
        Assert.Equal(137, SessionCommand.Direct(TestHost.Probe, "exit", "137").Execute().ExitStatus);
        SessionResult killed = SessionCommand.Direct(TestHost.Probe, "kill", "9").Execute();
        Assert.Equal((null, 9), (killed.ExitStatus, killed.Signal));
    }

    [Fact]
    public void A_trace_keeps_the_setuid_bit_and_injects()
    {
        Temporary("/mnt/srv/setuid-probe");
        File.Copy(TestHost.Probe, "/mnt/srv/setuid-probe");
        File.SetUnixFileMode("/mnt/srv/setuid-probe", Modes.Executable | UnixFileMode.SetUser);
        SessionCommand command = new() { File = "/mnt/srv/setuid-probe", Arguments = ["nshelper"] };
        Trace trace = Trace.Of(command, Injection.Fault("getcwd", "EIO", 1));
        Assert.Equal([12001u, 0u, 0u, 0u], trace.Result.Probe.UserIds);
        Assert.Equal(5, trace.Result.Probe.Number("cwdErrno"));
        Assert.Contains(trace.Calls, call => call.Name == "getcwd" && call.Error == "EIO" && call.WasInjected);
        File.Delete("/mnt/srv/setuid-probe");
    }

    [Fact]
    public void The_oracle_sees_what_a_test_left()
    {
        var oracle = new HostOracle();
        string setuid = Temporary("/mnt/srv/left-setuid");
        File.WriteAllText(setuid, "");
        File.SetUnixFileMode(setuid, Modes.Executable | UnixFileMode.SetUser);
        File.WriteAllText(Temporary("/etc/left-file"), "");
        File.WriteAllText(Temporary("/mnt/home/alice/left-by-root"), "");
        Directory.CreateDirectory(Temporary("/run/nshelper/left-directory"));
        Directory.CreateDirectory(Temporary("/mnt/srv/left-mount"));
        Posix.Mount("left", "/mnt/srv/left-mount", "tmpfs", 0, "");
        using RunningSession sleeper = SessionCommand.Direct("/bin/sleep", "20").Start();
        Wait.Until(() => ProcessEntry.OfTestUsers().Count > 0, () => "no sleeper");
        string differences = string.Join('\n', oracle.Differences([]));
        Posix.Unmount("/mnt/srv/left-mount");
        foreach (string word in new[] { "left-setuid", "left-file", "left-by-root", "left-directory", "left-mount", "sleep" })
        {
            Assert.Contains(word, differences, StringComparison.Ordinal);
        }
    }

    /// <summary>A child starts the command before its parent is back from the fork: without it the parent would have made none.</summary>
    [Fact]
    public void A_fork_is_where_it_began_in_a_trace()
    {
        (IReadOnlyList<SystemCall> calls, _) = TraceReader.Read(
        [
            "1 read(3, <unfinished ...>", "1 <... read resumed>\"\", 1) = 0", "1 fork( <unfinished ...>", "2 setpgid(0, 0) = 0", "2 execve(\"/bin/true\", [], []) = 0", "1 <... fork resumed>) = 2",
            "1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>", "2 exit_group(0) = ?",
        ]);
        Assert.Equal(["1 read 0", "1 fork 2", "2 setpgid 0", "2 execve 0", "1 clone ?", "2 exit_group ?"], calls.Select(call => $"{call.Pid} {call.Name} {call.Result}"));
    }

    [Fact]
    public void The_launcher_makes_the_states_it_is_asked_for()
    {
        ProbeReport probe = SessionCommand.Direct(TestHost.Probe).With("--crowd", "24", "--block", "10", "--ignore", "17", "--umask", "027", "--timer", "0:9000000", "--nice", "5")
            .Limit(7, 300, 400).WithEnvironmentBytes([0xff, 0x01]).WithArgumentBytes([0x80]).Execute().Probe;
        Assert.Equal(27, probe.Descriptors.Count);
        Assert.Equal("0000000000000200", probe.Text("SigBlk"));
        Assert.Equal("0000000000010000", probe.Text("SigIgn"));
        Assert.Equal(23, probe.Number("umask"));
        Assert.Equal("300:400", probe.Limits[7]);
        Assert.InRange(probe.Timers[0].Value, 1, 9_000_000);
        Assert.Equal(5, probe.Number("nice"));
        Assert.Equal([0x80], probe.Arguments[1]);
        Assert.Equal([0xff, 0x01], probe.Environment[0]);
    }
}
