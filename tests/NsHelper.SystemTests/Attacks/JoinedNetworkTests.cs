using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: a network that the administrator keeps is what a session must be in, or there is no session: on the host's network a service that is
/// meant to be out of reach is not. Who could put another file at its name would choose the network, or what root opens.
/// </summary>
public sealed class JoinedNetworkTests : SystemTest
{
    private const string Directory = "/run/netns";
    private const string Kept = $"{Directory}/blue";

    public JoinedNetworkTests()
    {
        RootShell.Run($"mkdir -m 0755 {Directory}; : >{Kept}; unshare --net={Kept} true");
        Undo(() => RootShell.Run($"for f in {Directory}*/*; do umount -q $f || true; done; rm -rf {Directory}*"));
        Install("t", $"[namespaces]\nnetwork = \"path:{Kept}\"");
        Install("in-place", $"[namespaces]\npid = \"host\"\nnetwork = \"path:{Kept}\"");
    }

    [Theory]
    [InlineData("t")]
    [InlineData("in-place")]
    public void The_session_is_in_the_network_that_is_kept_and_the_caller_is_not(string profile)
    {
        string before = new FileInfo("/proc/self/ns/net").LinkTarget!;
        ProbeReport probe = SessionCommand.Run(profile, TestHost.Probe).Execute().Probe;
        Assert.Contains(RootShell.Run($"stat -c %i {Kept}")[0], probe.Text("net"), StringComparison.Ordinal);
        Assert.NotEqual(before, probe.Text("net"));
        Assert.Contains($"joined        net kept at {Kept}", SessionCommand.Helper("explain", profile, "--", "/bin/true").Execute().OutputText, StringComparison.Ordinal);
    }

    /// <summary>ns-joined-network: another file, another kind of namespace, a way that a user could change; and a FIFO holds nobody up.</summary>
    [Theory]
    [InlineData($"umount {Kept}")]
    [InlineData($"umount {Kept}; rm {Kept}; mkfifo {Kept}")]
    [InlineData($"umount {Kept}; rm {Kept}")]
    [InlineData($"umount {Kept}; mount -n --bind /proc/self/ns/uts {Kept}")]
    [InlineData($"chown 12001 {Directory}")]
    [InlineData($"chmod 0777 {Directory}")]
    [InlineData($"mv {Directory} {Directory}.real; ln -s netns.real {Directory}")]
    [InlineData($"umount {Kept}; mv {Kept} {Kept}.real; unshare --net={Kept}.real true; ln -s blue.real {Kept}")]
    [InlineData($"umount {Kept}; rm {Kept}; ln -s /proc/1/ns/net {Kept}")]
    public void Nothing_else_is_joined(string change)
    {
        RootShell.Run(change);
        SessionResult result = SessionCommand.Run("t", "/bin/echo", "started").Execute();
        Assert.Equal((125, ""), (result.ExitStatus, result.OutputText));
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 3);
    }

    /// <summary>ns-joined-network: a filter of the caller's that only claims success leaves no session on the host's network.</summary>
    [Theory]
    [InlineData("setns")]
    [InlineData("statx")]
    public void A_call_that_only_seems_to_work_starts_nothing(string call)
    {
        SessionCommand command = SessionCommand.Run("in-place", "/bin/echo", "started");
        Trace normal = Trace.Of(command);
        int joined = normal.HelperCalls.ToList().FindIndex(other => other.Name == "setns");
        int when = call == "setns" ? 1 : normal.HelperCalls.Take(joined).Count(other => other.Name == "statx") + 1;
        Trace trace = Trace.Of(command, Injection.Pretend(call, when));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }
}
