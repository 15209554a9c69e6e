using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-degraded (snapd cf9a7b05, bubblewrap #774, the sendmail capability bug). A start with less than setuid root gives (no_new_privs, nosuid,
/// a user namespace, a smaller bounding set, a filter that refuses or lies) must be refused with its reason, and never go on with half of the isolation.
/// </summary>
public sealed class DegradedStartTests : SystemTest
{
    private const int ENOSYS = 38;
    private static readonly SessionCommand Command = SessionCommand.Run("t", TestHost.Probe);

    public DegradedStartTests() => Install("t", "[namespaces]\nuts = \"private\"\nhostname = \"inner\"\n[protect]\nprivate_tmp = true");

    public static TheoryData<string, int> Filtered
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string call in new[]
            {
                "openat2", "open_tree", "move_mount", "mount_setattr", "fsopen", "fsconfig", "fsmount", "close_range", "unshare", "capset", "capget", "prctl", "setresuid", "setresgid",
                "getresuid", "getresgid", "getgroups", "statx", "setitimer", "umask", "rt_sigprocmask", "rt_sigaction", "sethostname", "fcntl", "fstatfs", "fchdir", "close", "chdir", "prlimit64",
            })
            {
                cases.Add(call, ENOSYS);

                // The launcher and the probe live under the filter too: with these three pretended they are wrong themselves.
                if (call is not ("setresgid" or "getgroups" or "close"))
                {
                    cases.Add(call, 0);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void With_no_new_privs_it_is_refused() => IsRefused(Command.With("--no-new-privs"), "no_new_privs");

    [Fact]
    public void From_a_nosuid_mount_it_is_refused()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/nosuid"));
        Posix.Mount("nosuid", "/mnt/srv/nosuid", "tmpfs", 2, "");
        Undo(() => Posix.Unmount("/mnt/srv/nosuid"));
        File.Copy(TestHost.Helper, "/mnt/srv/nosuid/nshelper");
        File.SetUnixFileMode("/mnt/srv/nosuid/nshelper", Modes.Executable | UnixFileMode.SetUser);
        IsRefused(Command with { File = "/mnt/srv/nosuid/nshelper" }, "setuid");
    }

    [Fact]
    public void In_a_user_namespace_it_is_refused()
    {
        IsRefused(Command.With("--userns"), "the host's user namespace");

        // Root's own, in which files and profiles are root's as before: nothing else stands in the way.
        Install(new ProfileFile("forroot", "schema = 1\n[allow]\nusers = [\"root\"]\ncommands = \"any\"\n"));
        IsRefused(SessionCommand.Run("forroot", TestHost.Probe).As(TestUser.Root).With("--userns"), "the host's user namespace");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(21)]
    [InlineData(6)]
    public void Without_a_capability_it_needs_it_is_refused(int capability) => IsRefused(Command.With("--drop-bounding", $"{capability}"), "root rights");

    /// <summary>drop-caps (CVE-2014-3215): what a privileged launcher has left there, 4 (no fixup of capabilities) above all, outlives execve and changes what a change of ids does.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(68)]
    public void With_securebits_it_is_refused_before_a_file_is_opened(int bits)
    {
        IsRefused(Command.With("--securebits", $"{bits}"), $"securebits are set for this process ({bits},");
        SessionResult check = SessionCommand.Helper("check", TestHost.CanaryFile).With("--securebits", $"{bits}").Execute();
        Assert.True(check.ExitStatus != 0 && check.Output.Length == 0, check.ToString());
        Assert.DoesNotContain(Trace.Of(Command.With("--securebits", $"{bits}")).HelperCalls, call => call.Name == "openat2");
    }

    [Fact]
    public void Without_any_other_capability_it_is_refused_or_whole()
    {
        for (int capability = 0; capability <= 40; capability++)
        {
            Confinement.MustBeWholeOrAbsent(Command.With("--drop-bounding", $"{capability}").Execute(), TestUser.Alice, $"without capability {capability}");
        }
    }

    [Theory]
    [MemberData(nameof(Filtered))]
    public void A_filter_that_refuses_a_call_or_claims_success_never_weakens_the_session(string call, int error)
    {
        SessionResult result = Command.With("--refuse", $"{SystemCallNumbers.Of(call)}:{error}").Execute();
        Assert.False(result.TimedOut, result.ToString());
        Confinement.MustBeWholeOrAbsent(result, TestUser.Alice, $"{call} gives {error}");
        if (result.Output.Length > 0)
        {
            ProbeReport probe = result.Probe;
            Assert.Contains(probe.Mounts, mount => mount.Target == "/tmp" && mount.Type == "tmpfs");
            Assert.Equal("inner", probe.Text("hostname"));
        }
    }

    private static void IsRefused(SessionCommand command, string reason)
    {
        SessionResult result = command.Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(reason, result.ErrorText, StringComparison.Ordinal);
        Assert.Single(result.ErrorText.TrimEnd('\n').Split('\n'));
    }
}
