using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section G of the attack matrix. A drop in the wrong order, unchecked, or one that can be undone has been root in sudo
/// (CVE-2026-35535), apptainer and runc (CVE-2022-29162); groups that leak or get lost in shadow and podman (CVE-2018-7169, CVE-2022-2989).
/// </summary>
public sealed class PrivilegeDropTests : SystemTest
{
    private static readonly SessionCommand Command = SessionCommand.Run("t", TestHost.Probe);

    public PrivilegeDropTests() => Install("t", "[protect]\nprivate_tmp = true");

    public static TheoryData<string, string> CredentialCalls
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string call in new[] { "setresuid", "setresgid", "capset", "close_range", "getresuid", "getresgid", "getgroups", "capget", "setfsuid", "setfsgid" })
            {
                cases.Add(call, "EPERM");
                cases.Add(call, "EAGAIN");
                cases.Add(call, "EINVAL");
            }

            return cases;
        }
    }

    /// <summary>drop-order-check: each credential call of the executor is checked, the last of its name being the one of the drop.</summary>
    [Theory]
    [MemberData(nameof(CredentialCalls))]
    public void When_a_call_of_the_drop_fails_the_command_never_runs(string call, string error)
    {
        // The last setresuid is the attempt to get root back, which must fail: the one before it is the drop.
        int count = Trace.Of(Command).SetupCalls.Count(made => made.Name == call) - (call == "setresuid" ? 1 : 0);
        Trace trace = Trace.Of(Command, Injection.Fault(call, error, count));
        Assert.False(trace.CommandStarted, trace.ToString());
        Assert.Equal(125, trace.Result.ExitStatus);
    }

    /// <summary>drop-order-check: descriptors, bounding set, gid, uid, no_new_privs, capabilities, then the reading back, in this order.</summary>
    [Fact]
    public void The_order_is_descriptors_groups_user_no_new_privs_capabilities()
    {
        string[] order = [.. Trace.Of(Command).SetupCalls.Select(Kind).OfType<string>()];
        string[] drop = order[^7..];
        Assert.Equal(["close_range", "bounding", "setresgid", "setresuid", "no_new_privs", "capset", "regain"], drop);
    }

    /// <summary>drop-regain: saved ids, file system ids or capabilities must not lead back.</summary>
    [Fact]
    public void Nothing_brings_root_back()
    {
        ProbeReport attempts = SessionCommand.Run("t", TestHost.Probe, "regain").Execute().Probe;
        Assert.NotEmpty(attempts.AttemptNames);
        Assert.All(attempts.AttemptNames, name => Assert.True(attempts.Text(name) != "ok", $"{name} worked"));
        Confinement.MustBeWhole(Command.Execute().Probe, TestUser.Alice);
    }

    /// <summary>drop-groups: the kernel's list exactly, with none and with two hundred; a deny group is not shed.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void The_supplementary_groups_are_kept_exactly(int count)
    {
        TestUser user = TestUser.Alice with { Groups = [.. Enumerable.Range(0, count).Select(i => 20000u + (uint)i)] };
        Assert.Equal(user.Groups.Order(), Command.As(user).Execute().Probe.Groups.Order());
    }

    /// <summary>drop-caps, ns-userns-caps: what the caller had in inheritable and ambient sets ends here too.</summary>
    [Fact]
    public void Capabilities_the_caller_came_with_are_gone()
    {
        SessionResult result = Command.With("--capability", "13", "--capability", "21").Execute();
        Confinement.MustBeWhole(result.Probe, TestUser.Alice);
    }

    /// <summary>ns-userns-caps: no user namespace, no capability: what needs one is refused by the kernel.</summary>
    [Fact]
    public void The_session_may_not_mount_enter_namespaces_or_make_devices()
    {
        ProbeReport attempts = SessionCommand.Run("t", TestHost.Probe, "namespaces").Execute().Probe;
        Assert.NotEmpty(attempts.AttemptNames);
        Assert.All(
            attempts.AttemptNames.Where(name => !name.Contains("NEWUSER", StringComparison.OrdinalIgnoreCase)),
            name => Assert.True(attempts.Text(name) != "ok", $"{name} worked"));
    }

    /// <summary>drop-nnp: a setuid file of root in reach of the session changes nothing, by no_new_privs and by nosuid.</summary>
    [Fact]
    public void A_setuid_file_of_root_stays_the_users()
    {
        string file = Temporary("/mnt/srv/suid-probe");
        File.Copy(TestHost.Probe, file, overwrite: true);
        File.SetUnixFileMode(file, Modes.Executable | UnixFileMode.SetUser);
        Assert.Equal(0u, SessionCommand.Direct(file).Execute().Probe.UserIds[1]);
        ProbeReport inside = SessionCommand.Run("t", file).Execute().Probe;
        Assert.Equal("1", inside.Text("NoNewPrivs"));
        Assert.All(inside.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.All(inside.Mounts, mount => Assert.Contains("nosuid", mount.Options));
        File.Delete(file);
    }

    /// <summary>drop-bracket: after start-up the effective user is never root again, so no path of the caller is looked at with root's rights.</summary>
    [Fact]
    public void The_effective_user_is_the_callers_from_the_first_file_on()
    {
        (SystemCall Call, uint EffectiveUserId)[] calls = [.. Trace.Of(Command).WithEffectiveUser()];
        int parked = Array.FindIndex(calls, entry => entry.Call.Name == "setresuid");
        Assert.True(parked > 0);

        // But for nshelper's own directory, which is opened from the root and then below itself.
        Assert.All(calls[(parked + 1)..], entry => Assert.True(
            entry.EffectiveUserId == TestUser.Alice.UserId || entry.Call.Paths.All(path => path == "/run/nshelper" || (!path.StartsWith('/') && !entry.Call.Line.Contains("AT_FDCWD", StringComparison.Ordinal))),
            entry.Call.Line));
        Assert.DoesNotContain(
            calls[..parked].SelectMany(entry => entry.Call.Paths),
            path => path.StartsWith("/mnt/home", StringComparison.Ordinal) || path.StartsWith("/tmp", StringComparison.Ordinal) || path.StartsWith("/run/user", StringComparison.Ordinal));
    }

    private static string? Kind(SystemCall call) => call.Name switch
    {
        "close_range" => "close_range",
        "prctl" when call.Line.Contains("PR_CAPBSET_DROP, CAP_CHECKPOINT_RESTORE", StringComparison.Ordinal) => "bounding",
        "prctl" when call.Line.Contains("PR_SET_NO_NEW_PRIVS", StringComparison.Ordinal) => "no_new_privs",
        "setresgid" => "setresgid",
        "setresuid" when call.Line.Contains("(-1, 0, -1)", StringComparison.Ordinal) => "regain",
        "setresuid" => "setresuid",
        "capset" => "capset",
        _ => null,
    };
}
