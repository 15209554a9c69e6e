using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: "what explain prints is what happens" (promise 2) is only true if the kernel says so; nothing may be added, left out or reordered.</summary>
public sealed class PlannedCallsTests : SystemTest
{
    public static TheoryData<string> Shipped => ShippedProfileTests.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void The_traced_calls_of_a_shipped_profile_are_the_planned_ones(string name)
    {
        ExpectShare("u12001.workspace");
        Compare(InstallShipped(name));
    }

    [Fact]
    public void The_traced_calls_of_a_profile_with_everything_are_the_planned_ones()
    {
        ExpectShare("u12001.work");
        foreach (string directory in new[] { "a", "b", "c", "shared" })
        {
            Directory.CreateDirectory(Temporary($"/mnt/srv/{directory}"));
        }

        Install("t", """
            [namespaces]
            uts = "private"
            hostname = "inner"
            network = "private"
            cgroup = "private"
            [root]
            working_directory = "~"
            [protect]
            private_tmp = true
            [[mount]]
            source = "/mnt/srv/a"
            target = "/mnt/srv/b"
            options = ["ro", "noexec"]
            [[mount]]
            source = "/mnt/srv/absent"
            target = "/mnt/srv/a"
            optional = true
            [[mount]]
            type = "tmpfs"
            target = "/mnt/srv/c"
            [[share]]
            name = "work"
            target = "/mnt/srv/shared"
            scope = "user"
            source = "tmpfs"
            """);
        Compare(new ShippedSession("t"));
    }

    private static void Compare(ShippedSession session)
    {
        // A share's backing stands from the second session on: the plan of a start is asked for in the state it will find.
        Assert.Equal(0, session.Run("/bin/true").Execute().ExitStatus);
        SessionResult explained = SessionCommand.Helper(["explain", "--calls", .. session.Options, session.Name, "--", "/bin/true"]).Execute();
        Assert.True(explained.ExitStatus == 0, explained.ToString());
        IReadOnlyList<PlannedCall> planned = PlannedCall.Parse(explained.OutputText);
        Trace trace = Trace.Of(session.Run("/bin/true"), ["-X", "raw"]);
        Assert.True(trace.Result.ExitStatus == 0, trace.ToString());
        IReadOnlyList<SystemCall> calls = [.. trace.PlannedCalls];

        // The record of the session comes before the plan: with rights that are given back.
        int record = calls.ToList().FindIndex(call => call.Name == "symlinkat");
        int first = calls.ToList().FindIndex(calls.ToList().FindIndex(record, call => call.Name == "capset") + 1, call => call.Name == "capset");
        Assert.True(planned.Count > 20 && first >= 0, "no plan or no start");
        int next = first;
        long shift = (trace.HelperCalls.FirstOrDefault(call => call.Name == "socketpair")?.Arguments[3] is string pair ? pair[1] - '0' : 3) - 3;
        var descriptors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (PlannedCall call in planned)
        {
            if (call.OnlyWith is string needed && !descriptors.ContainsKey(needed))
            {
                continue;
            }

            Assert.True(next < calls.Count, $"planned {call.Line}, but the trace ends");
            string? difference = call.DifferenceTo(calls[next], descriptors, shift);
            Assert.True(difference is null, difference);
            if (call.Slot is string slot && calls[next].Value >= 0)
            {
                descriptors[slot] = calls[next].Value;
            }

            next++;
        }

        Assert.Equal(calls.Count, next);
    }
}
