using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: the making of a share is the one thing on the host that a start leaves behind; a start that is killed, or fails, in the middle must not be what the next one stumbles over.</summary>
public sealed class ShareCrashTests : SystemTest
{
    private const string Target = "/mnt/srv/shared";

    /// <summary>mnt-partial-failure: SIGKILL at each call between the first and the last that acts as root on files.</summary>
    [Theory]
    [InlineData("source = \"tmpfs\"", "g12010.work")]
    [InlineData("source = \"tmpfs\"\nlifetime = \"last-session\"", "last.g12010.work")]
    [InlineData("source = \"disk\"", "disk.g12010.work")]
    public void A_start_killed_at_any_call_leaves_nothing_that_breaks_the_next(string source, string key)
    {
        Directory.CreateDirectory(Temporary(Target));
        ExpectShare(key);
        Undo(() => RootShell.Run("rm -rf /var/lib/nshelper/share/.*.new"));
        Install("t", $"[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"group\"\ngroup = \"nsok\"\n{source}");
        SessionCommand command = SessionCommand.Run("t", "/bin/stat", "-c", "%a %u %g", Target);
        Forget(key);
        int killed = 0;
        foreach ((string call, int when) in MakingOf(Trace.Of(command)))
        {
            Forget(key);
            Trace trace = Trace.Of(command, Injection.Signal(call, "KILL", when));
            Assert.False(trace.CommandStarted);
            SessionResult next = command.Execute();
            Assert.True(next.OutputText == "2770 0 12010\n", $"after a kill at {call} {when}: {next}");
            Assert.Empty(Directory.GetFileSystemEntries("/var/lib/nshelper/share", ".*"));
            killed++;
        }

        Assert.InRange(killed, 40, 120);
    }

    /// <summary>res-wait-unbounded: ^Z is a signal that asks for no permission; who stops here would hold up everybody who has the share.</summary>
    [Fact]
    public void Who_holds_the_lock_of_a_share_cannot_be_stopped_from_a_terminal()
    {
        Directory.CreateDirectory(Temporary(Target));
        ExpectShare("last.g12010.work");
        Install("t", $"[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"group\"\ngroup = \"nsok\"\nlifetime = \"last-session\"");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.True(IsDeafAt(SessionCommand.Helper("gc"), ("fcntl", Trace.Of(SessionCommand.Helper("gc")).Counts()["fcntl"])));
        Assert.True(IsDeafAt(SessionCommand.Run("t", "/bin/true"), ("move_mount", 1)));
        ExpectShare("g12010.work");
        Install("plain", $"[namespaces]\npid = \"host\"\n[identity]\npty = \"never\"\n[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"group\"\ngroup = \"nsok\"");
        Assert.True(IsDeafAt(SessionCommand.Run("plain", "/bin/true"), ("move_mount", 1)));
        Posix.Kill(session.Helper, Posix.SIGTERM);
        _ = session.Finish();
    }

    private static bool IsDeafAt(SessionCommand command, (string Call, int When) moment)
    {
        ulong blocked = 0;
        _ = HeldHelper.At(command, moment, pid => blocked = Convert.ToUInt64(ProcessEntry.Status(pid, "SigBlk"), 16));
        int[] stops = [20, 21, 22]; // TSTP, TTIN, TTOU; what ends it lets go of the lock
        return stops.All(signal => (blocked & (1UL << (signal - 1))) != 0);
    }

    /// <summary>The calls between the two changes of the file system ids, by name and ordinal.</summary>
    private static List<(string Call, int When)> MakingOf(Trace normal)
    {
        var moments = new List<(string, int)>();
        var counts = new Dictionary<string, int>();
        bool acting = false;
        foreach (SystemCall call in normal.SetupCalls)
        {
            counts[call.Name] = counts.GetValueOrDefault(call.Name) + 1;
            acting = call.Name == "setfsuid" && call.Text(0) is "0" or "12001" ? call.Text(0) == "0" : acting;
            if (acting)
            {
                moments.Add((call.Name, counts[call.Name]));
            }
        }

        return moments;
    }

    /// <summary>As after a boot, and nothing on disk.</summary>
    private static void Forget(string key) => RootShell.Run(
        $"if mountpoint -q /run/nshelper/share; then umount -R /run/nshelper/share; fi; rm -rf /run/nshelper/share/{key} /var/lib/nshelper/share/{key}");
}
