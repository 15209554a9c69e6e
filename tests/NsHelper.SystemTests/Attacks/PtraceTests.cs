using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-ptrace (CVE-2016-8659, CVE-2026-41163: bubblewrap's low-privilege phase could be traced) and exec-stepping (the caller stops,
/// continues and ends a helper at will, and so wins every race). 17 moments, from the first file to the last call before execve.
/// </summary>
public sealed class PtraceTests : SystemTest
{
    private static readonly SessionCommand Command = SessionCommand.Run("t", "/bin/true");

    public PtraceTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        Install("in-place", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");
    }

    [Fact]
    public void At_no_moment_can_the_user_read_write_or_trace_the_helper()
    {
        // strace is the tracer, so PTRACE_SEIZE fails for that reason too; memory, environment, descriptors and pidfd_getfd ask the same kernel check alone.
        Trace normal = Trace.Of(Command);
        DumpRefusal.MustFollowEachChangeOfIds(normal);
        IReadOnlyList<(string Call, int When)> moments = HeldHelper.Phases(normal);
        Assert.True(moments.Count >= 14, $"only {moments.Count} moments");
        foreach ((string Call, int When) moment in moments)
        {
            Trace trace = HeldHelper.At(Command, moment, _ =>
            {
                IReadOnlyList<int> helpers = ProcessEntry.OfHelper();
                Assert.NotEmpty(helpers);
                foreach (int pid in helpers)
                {
                    ProbeReport attempts = SessionCommand.Direct(TestHost.Probe, "steal", HeldHelper.Text(pid)).Execute().Probe;
                    Assert.True(attempts.AttemptNames.Count > 70);
                    Assert.All(attempts.AttemptNames, name => Assert.True(attempts.Text(name) is "EPERM" or "EACCES", $"{moment.Call} {moment.When}: {name} gave {attempts.Text(name)}"));
                }
            });
            Assert.Equal(0, trace.Result.ExitStatus);
        }
    }

    [Fact]
    public void The_attempts_work_on_a_process_that_is_the_users()
    {
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        ProbeReport attempts = SessionCommand.Direct(TestHost.Probe, "steal", HeldHelper.Text(session.Pid)).Execute().Probe;
        Assert.All(new[] { "PTRACE_SEIZE", "environ", "ns/mnt", "pidfd_getfd(0)" }, name => Assert.Equal("ok", attempts.Text(name)));
    }

    [Fact]
    public void A_helper_that_nobody_traces_cannot_be_traced_by_the_user()
    {
        // Stopped by root at whatever moment it has reached; ten starts, of which most are caught before the command.
        int caught = 0;
        for (int i = 0; i < 20; i++)
        {
            using RunningSession session = SessionCommand.Run("t", "/bin/sleep", "1").Start();
            if (!Wait.Happens(() => ProcessEntry.Executable(session.Pid) == TestHost.Helper || session.HasExited, 2000))
            {
                continue;
            }

            _ = Posix.Kill(session.Pid, Posix.SIGSTOP);
            if (Wait.Happens(() => ProcessEntry.Status(session.Pid, "State")?.StartsWith('T') == true, 200) && ProcessEntry.Executable(session.Pid) == TestHost.Helper)
            {
                caught++;
                ProbeReport attempts = SessionCommand.Direct(TestHost.Probe, "steal", HeldHelper.Text(session.Pid)).Execute().Probe;
                Assert.All(attempts.AttemptNames, name => Assert.True(attempts.Text(name) is "EPERM" or "EACCES", $"{name} gave {attempts.Text(name)}"));
            }
        }

        Assert.InRange(caught, 2, 20);
    }

    [Fact]
    public void Between_parking_root_and_the_drop_the_user_cannot_stop_end_or_limit_the_helper()
    {
        SessionCommand inPlace = SessionCommand.Run("in-place", "/bin/true");
        Trace normal = Trace.Of(inPlace);
        foreach ((string Call, int When) moment in HeldHelper.Phases(normal).TakeWhile(moment => moment.Call != "capset" || moment.When == 1))
        {
            MustRefuseSignals(inPlace, moment, 1);
        }
    }

    [Fact]
    public void Nor_the_monitor_and_the_init_while_they_set_the_session_up()
    {
        foreach ((string Call, int When) moment in new[] { ("mount_setattr", 1), ("fsopen", 1), ("move_mount", 1), ("move_mount", 2) })
        {
            MustRefuseSignals(Command, moment, 2);
        }
    }

    private static void MustRefuseSignals(SessionCommand command, (string Call, int When) moment, int processes)
    {
        Trace trace = HeldHelper.At(command, moment, _ =>
        {
            IReadOnlyList<int> helpers = ProcessEntry.OfHelper();
            Assert.Equal(processes, helpers.Count);
            foreach (int pid in helpers)
            {
                ProbeReport attempts = SessionCommand.Direct(TestHost.Probe, "signals", HeldHelper.Text(pid)).Execute().Probe;
                Assert.All(attempts.AttemptNames, name => Assert.True(attempts.Text(name) == "EPERM", $"{moment.Call} {moment.When}: {name} gave {attempts.Text(name)}"));
            }
        });
        Assert.Equal(0, trace.Result.ExitStatus);
    }

    [Fact]
    public void One_user_who_stands_still_does_not_hold_up_another()
    {
        Install(ProfileFile.ForAlice("everybody") with { Text = "schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[protect]\nprivate_tmp = true\n" });
        foreach ((string Call, int When) moment in new[] { ("openat2", 2), ("unshare", 1), ("move_mount", 1), ("execve", 1) })
        {
            _ = HeldHelper.At(SessionCommand.Run("everybody", "/bin/true"), moment, _ =>
            {
                SessionResult bob = SessionCommand.Run("everybody", "/bin/true").As(TestUser.Bob).Execute();
                Assert.Equal(0, bob.ExitStatus);
                Assert.InRange(bob.Elapsed.TotalSeconds, 0, 1);
            });
        }
    }
}
