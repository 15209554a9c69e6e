using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-closed-stdio. Started without descriptor 0, 1 or 2, the next file opened takes its number, and a message meant
/// for a person lands in a record or a log (libfuse b9fc5a0f, bubblewrap 0.11.1).
/// </summary>
public sealed class ClosedStreamTests : SystemTest
{
    private static readonly string[] Openers = ["open", "openat", "openat2", "socket", "fsopen", "fsmount", "open_tree", "memfd_create", "pidfd_open", "epoll_create1", "dup"];

    /// <summary>glibc opens the three itself for a setuid start, but not for one by root: there only the helper does.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void No_file_of_the_helper_takes_the_number_of_a_closed_stream(int closed)
    {
        Install(new ProfileFile("t", "schema = 1\n[allow]\nusers = [\"alice\", \"root\"]\ncommands = \"any\"\n"));
        Attack(TestUser.Alice, closed, $"{TestUser.Alice.Home}/report");
        Attack(TestUser.Root, closed, Temporary("/mnt/srv/report"));
    }

    private static void Attack(TestUser user, int closed, string report)
    {
        SessionCommand command = SessionCommand.Run("t", TestHost.Probe, "-o", report).As(user);
        for (int number = 0; number < 3; number++)
        {
            if ((closed & (1 << number)) != 0)
            {
                command = command.With("--close", $"{number}");
            }
        }

        Trace trace = Trace.Of(command);
        Assert.True(trace.Result.ExitStatus == 0, trace.ToString());

        // What the loader and the runtime open before our first step, they close.
        Assert.DoesNotContain(
            trace.HelperCalls.SkipWhile(call => call.Name != "close_range"),
            call => Openers.Contains(call.Name) && call.Value is >= 0 and <= 2 && !call.Paths.Any(path => path is "/dev/null" or "/dev/full"));
        ProbeReport probe = ProbeReport.ParseFile(report);
        Assert.Equal([0, 1, 2], probe.Descriptors.Select(descriptor => descriptor.Number));
        Assert.All(probe.Descriptors, descriptor => Assert.True(
            (closed & (1 << descriptor.Number)) == 0 || descriptor.Target is "/dev/null" or "/dev/full", $"{descriptor.Number} is {descriptor.Target}"));
    }
}
