using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: drop-groups, drop-caps, drop-regain, for what a profile takes away or gives: exactly that, whatever the caller came with.</summary>
public sealed class IdentityTests : SystemTest
{
    private const string None = "0000000000000000";
    private static readonly uint[] Many = [.. Enumerable.Range(0, 200).Select(i => 20000u + (uint)i)];

    [Theory]
    [InlineData("\"none\"", "")]
    [InlineData("[]", "")]
    [InlineData("[\"#20007\", \"#20199\"]", "20007 20199")]
    [InlineData("[\"nsok\"]", "12010")]
    public void The_session_has_the_groups_of_the_profile_and_no_other(string groups, string expected)
    {
        Install("t", $"[identity]\nsupplementary_groups = {groups}");
        TestUser user = TestUser.Alice with { Groups = [.. Many, TestUser.AllowedGroup] };
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).As(user).Execute().Probe;
        uint[] kept = [.. expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
        Attacks.Confinement.MustBeWhole(probe, user with { Groups = kept });
    }

    [Fact]
    public void A_caller_without_groups_loses_none()
    {
        Install("t", "[identity]\nsupplementary_groups = \"none\"");
        TestUser user = TestUser.Alice with { Groups = [] };
        Attacks.Confinement.MustBeWhole(SessionCommand.Run("t", TestHost.Probe).As(user).Execute().Probe, user);
    }

    [Theory]
    [InlineData("nsdeny")]
    [InlineData("#0")]
    [InlineData("#12002")]
    public void A_group_that_the_caller_lacks_is_not_given(string group)
    {
        ProfileFile profile = Install("t", $"[identity]\nsupplementary_groups = [\"nsok\", \"{group}\"]");
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).Execute();
        Assert.Equal(
            (125, $"nshelper: cannot run t: the session is to have group \"{group}\", and the caller is not in it\n  {profile.Path}:7\n"),
            (result.ExitStatus, result.ErrorText));
    }

    /// <summary>drop-groups: with the groups kept, as is the default, a deny group denies; that dropping it opens the file is what `check` warns of.</summary>
    [Fact]
    public void A_deny_group_denies_unless_the_profile_drops_it()
    {
        string file = Temporary("/mnt/srv/not-for-nsdeny");
        File.WriteAllText(file, "text");
        Posix.Chown(file, 0, TestUser.DeniedGroup);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        TestUser user = TestUser.Alice with { Groups = [TestUser.AllowedGroup, TestUser.DeniedGroup] };
        Install("t");
        Assert.NotEqual(0, SessionCommand.Run("t", "/bin/cat", file).As(user).Execute().ExitStatus);
        ProfileFile profile = Install("t", "[identity]\nsupplementary_groups = \"none\"");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/cat", file).As(user).Execute().ExitStatus);
        Assert.Contains("[dropped-groups]", SessionCommand.Helper("check", profile.Path).Execute() is var checking ? checking.OutputText + checking.ErrorText : "", StringComparison.Ordinal);
    }

    /// <summary>drop-caps: of 41 capabilities the one that is named, also for a caller who came with others.</summary>
    [Theory]
    [InlineData()]
    [InlineData("--capability", "13", "--capability", "21")]
    [InlineData("--capability", "10")]
    public void The_command_has_the_capabilities_of_the_profile_and_no_other(params string[] options)
    {
        Install("t", "[protect]\nprivate_tmp = true\n[capabilities]\nbounding = [\"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]\nambient = [\"CAP_NET_BIND_SERVICE\"]");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).With(options).Execute().Probe;
        Assert.Equal(
            ["0000000000000400", "0000000000000400", "0000000000000400", "0000000000000420", "0000000000000400"],
            new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }.Select(probe.Text));
        Assert.All(probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.Equal(("1", 0L, 0L), (probe.Text("NoNewPrivs"), probe.Number("securebits"), probe.Number("keepcaps")));
        Assert.Equal([0, 1, 2], probe.Descriptors.Select(descriptor => descriptor.Number));
    }

    /// <summary>ns-monitor-root: the init passes them on and keeps none, and the monitor never has them.</summary>
    [Fact]
    public void Nobody_but_the_command_has_what_the_profile_gives()
    {
        Install("t", "[capabilities]\nbounding = [\"CAP_KILL\"]\nambient = [\"CAP_KILL\"]");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("0000000000000020", ProcessEntry.Status(session.Pid, "CapEff"));
        foreach (int pid in new[] { session.Helper, session.Init })
        {
            Assert.Equal([None, None, None, None], new[] { "CapInh", "CapPrm", "CapEff", "CapAmb" }.Select(set => ProcessEntry.Status(pid, set)));
        }
    }

    [Fact]
    public void A_bounding_set_alone_gives_nothing()
    {
        Install("t", "[capabilities]\nbounding = [\"CAP_KILL\"]");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Equal([None, None, None, "0000000000000020", None], new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }.Select(probe.Text));
    }

    /// <summary>drop-regain: a capability that has nothing to do with ids opens no way back.</summary>
    [Fact]
    public void A_capability_brings_no_other_back()
    {
        Install("t", "[capabilities]\nbounding = [\"CAP_NET_BIND_SERVICE\"]\nambient = [\"CAP_NET_BIND_SERVICE\"]");
        ProbeReport attempts = SessionCommand.Run("t", TestHost.Probe, "regain").Execute().Probe;
        Assert.All(attempts.AttemptNames, name => Assert.True(attempts.Text(name) != "ok", $"{name} worked"));
    }

    /// <summary>Even CAP_SETUID leaves the start itself without a way back: the attempt fails, and the capability is there after execve.</summary>
    [Fact]
    public void The_start_itself_does_nothing_with_what_the_command_gets()
    {
        Install("t", "[capabilities]\nbounding = [\"CAP_SETUID\"]\nambient = [\"CAP_SETUID\"]");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Equal("0000000000000080", probe.Text("CapEff"));
        Assert.All(probe.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.Contains(Trace.Of(SessionCommand.Run("t", "/bin/true")).HelperCalls, call => call.Line.StartsWith("setresuid(-1, 0, -1)", StringComparison.Ordinal) && call.Error == "EPERM");
    }

    /// <summary>drop-order-check: each call of the way down is checked.</summary>
    [Theory]
    [InlineData("setgroups", 1)]
    [InlineData("getgroups", 1)]
    [InlineData("capset", 1)]
    [InlineData("capset", 2)]
    [InlineData("capset", 3)]
    [InlineData("capget", 1)]
    public void When_a_call_fails_the_command_never_runs(string call, int fromTheLast)
    {
        Install("t", "[identity]\nsupplementary_groups = [\"nsok\"]\n[capabilities]\nbounding = [\"CAP_KILL\"]\nambient = [\"CAP_KILL\"]");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        Trace trace = Trace.Of(command, Injection.Fault(call, "EPERM", Trace.Of(command).SetupCalls.Count(made => made.Name == call) - fromTheLast + 1));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }
}
