using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: the promise of the program is that a session is elsewhere in exactly the ways its profile says, and in no other.</summary>
public sealed class NamespaceTests : SystemTest
{
    private static readonly string[] Kinds = ["mnt", "uts", "ipc", "net", "cgroup", "pid", "user", "time"];

    [Theory]
    [InlineData("", "mnt ipc pid")]
    [InlineData("ipc = \"host\"", "mnt pid")]
    [InlineData("ipc = \"host\"\npid = \"host\"", "mnt")]
    [InlineData("ipc = \"host\"\npid = \"host\"\ntime = \"private\"", "mnt time")]
    [InlineData("ipc = \"host\"\nuts = \"private\"", "mnt pid uts")]
    [InlineData("ipc = \"host\"\nnetwork = \"private\"", "mnt net pid")]
    [InlineData("ipc = \"host\"\ncgroup = \"private\"", "mnt cgroup pid")]
    [InlineData("ipc = \"private\"\nuts = \"private\"\nnetwork = \"private\"\ncgroup = \"private\"", "mnt uts ipc net cgroup pid")]
    public void Only_the_namespaces_of_the_profile_differ_from_the_hosts(string settings, string expected)
    {
        Install("t", $"[namespaces]\n{settings}");
        ProbeReport host = SessionCommand.Direct(TestHost.Probe).Execute().Probe;
        ProbeReport session = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Equal(expected.Split(' ').Order(), Kinds.Where(kind => host.Text(kind) != session.Text(kind)).Order());
    }

    [Fact]
    public void Two_sessions_are_in_different_mount_namespaces()
    {
        Install("t");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession second = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.NotEqual(first.Namespace("mnt"), second.Namespace("mnt"));
    }

    [Fact]
    public void The_hostname_is_the_profiles_inside_and_the_hosts_outside()
    {
        Install("t", "[namespaces]\nuts = \"private\"\nhostname = \"inner-name\"");
        string before = File.ReadAllText("/proc/sys/kernel/hostname");
        Assert.Equal("inner-name", SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Text("hostname"));
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/hostname"));
    }

    [Fact]
    public void A_private_network_has_loopback_up_and_no_other_interface()
    {
        Install("t", "[namespaces]\nnetwork = \"private\"");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        string[] interfaces = [.. probe.Lines("netdev").Skip(2).Select(line => line.Split(':')[0].Trim())];
        Assert.Equal("lo", interfaces[0]);

        // The kernel may give each network namespace fallback tunnels of its own; they are down and lead nowhere.
        SessionResult flags = SessionCommand.Run("t", "/bin/sh", "-c", "ip -o link show up 2>/dev/null | cut -d: -f2; ip route").Execute();
        Assert.Equal("lo", flags.OutputText.Trim());
    }
}
