using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: section E, failure. A step that fails and is passed over (pam dd62bac1, CVE-2026-76642) is a session with less than its profile says; a step that never ends must not hold others up.</summary>
public sealed class MountFailureTests : SystemTest
{
    private const string Target = "/mnt/srv/target";
    private static readonly SessionCommand Command = SessionCommand.Run("t", "/bin/true");

    public MountFailureTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        Install("t", $"[[mount]]\nsource = \"/mnt/home/alice\"\ntarget = \"{Target}\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/mnt/home\"\ntype = \"tmpfs\"");
    }

    /// <summary>mnt-partial-failure: each call that makes, changes or attaches a mount, with each error: the command never runs, and nothing is on the host.</summary>
    [Theory]
    [InlineData("EPERM")]
    [InlineData("EINVAL")]
    [InlineData("ENOENT")]
    [InlineData("ENOMEM")]
    [InlineData("EINTR")]
    [InlineData("ENOSPC")]
    public void Each_mount_call_that_fails_ends_the_start(string error)
    {
        string before = File.ReadAllText("/proc/1/mountinfo");
        IReadOnlyDictionary<string, int> counts = Trace.Of(Command).Counts();
        foreach (string call in new[] { "unshare", "open_tree", "fsopen", "fsconfig", "fsmount", "mount_setattr", "move_mount", "fstatfs" })
        {
            Assert.InRange(counts.GetValueOrDefault(call), 1, 20);
            for (int when = 1; when <= counts[call]; when++)
            {
                Trace trace = Trace.Of(Command, Injection.Fault(call, error, when));
                Assert.False(trace.CommandStarted, $"{call} {when} gave {error}, and the command ran");
                Assert.True(trace.Result.IsRefusal, trace.ToString());
                Assert.Equal(before, File.ReadAllText("/proc/1/mountinfo"));
            }
        }
    }

    /// <summary>mnt-fuse-source: a FUSE file system of the user's whose server never answers, open to all (else the kernel refuses it to who has root aside), at each place where a path leads into it.</summary>
    [Theory]
    [InlineData("source = \"/mnt/home/alice/deaf/x\"\ntarget = \"/mnt/srv/target\"")]
    [InlineData("source = \"/mnt/home/alice/deaf/x\"\ntarget = \"/mnt/srv/target\"\noptional = true\ncreate = \"no\"")]
    [InlineData("target = \"/mnt/home/alice/deaf/x\"\ntype = \"tmpfs\"")]
    [InlineData("target = \"/mnt/home/alice/deaf/x\"\ntype = \"mask\"")]
    public void A_file_server_of_the_users_that_never_answers_ends_the_start(string mount)
    {
        string place = TestUser.Alice.MakeDirectory("deaf");
        RootShell.Run("mknod -m 0666 /dev/fuse c 10 229");
        Undo(() => RootShell.Run("rm /dev/fuse"));
        using System.Diagnostics.Process server = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/mnt/probe/deaf", [place, "12001"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("mounted", server.StandardOutput.ReadLine());
        Undo(() => Posix.Unmount(place));
        Install("deaf", $"[[mount]]\n{mount}");
        Install("other", "[protect]\nprivate_tmp = true");
        RunningSession stuck = Start(SessionCommand.Run("deaf", "/bin/true"));
        Assert.Equal(0, SessionCommand.Run("other", "/bin/true").As(TestUser.Alice).Execute().ExitStatus);
        Assert.False(stuck.HasExited);

        // What wakes the monitor does not give the start more time: anybody of the same terminal may send this one.
        Assert.False(Wait.Happens(() => stuck.HasExited || !Posix.Kill(stuck.Helper, Posix.SIGCONT), 8000));
        SessionResult result = stuck.Finish(8_000);
        Assert.False(result.TimedOut, result.ToString());

        // By the alarm while paths are looked at, by the monitor where the plan itself waits.
        Assert.True(result.ExitStatus == 128 + 14 || (result.ExitStatus == 125 && result.ErrorText.Contains("its set-up took longer than 10 seconds", StringComparison.Ordinal)), result.ToString());
        Wait.Until(() => !ProcessEntry.All().Any(process => process.CommandLine.StartsWith("nshelper run deaf", StringComparison.Ordinal)), () => "a process waits for ever");
        Assert.Empty(result.Output);
        server.StandardInput.Close();
        server.WaitForExit();
    }

    /// <summary>mnt-fuse-source: a source whose lookup does not come back, as of a file system the user serves: the start ends at its deadline, and others go on.</summary>
    [Fact]
    public void A_source_that_never_answers_ends_the_start_and_holds_nobody_up()
    {
        Install("other", "[protect]\nprivate_tmp = true");
        Install("held", "[namespaces]\npid = \"host\"\n[[mount]]\nsource = \"/mnt/home/alice\"\ntarget = \"/mnt/srv/target\"");
        SessionCommand command = SessionCommand.Run("held", "/bin/true");
        int source = Trace.Of(command).WhenOf("openat2", "/mnt/home/alice");
        RunningTrace held = Trace.Start(command, Injection.Delay("openat2", 11_000, source));
        _ = held.WaitForCall("openat2");
        SessionResult other = SessionCommand.Run("other", "/bin/true").Execute();
        SessionResult again = command.Execute();
        Trace ended = held.Finish();
        Assert.Equal((0, 0), (other.ExitStatus, again.ExitStatus));
        Assert.False(ended.CommandStarted, ended.ToString());
        Assert.Equal(14, ended.Result.Signal);
    }
}
