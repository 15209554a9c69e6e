using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: a mount namespace without no_new_privs is root as soon as a path that a set-user-ID program trusts is a user's inside
/// (mnt-overlay-system, drop-nnp; CVE-2022-31214, CVE-2025-32463). A profile may ask for it; then such a program must have what it has on the host.
/// </summary>
public sealed class NewPrivilegesTests : SystemTest
{
    private const string None = "0000000000000000";
    private const string Bounding = "00000000000000e0"; // CAP_KILL, CAP_SETGID, CAP_SETUID
    private const string SetUserId = "/mnt/srv/suid";
    private const string Program = $"{SetUserId}/probe";
    private const string Switch = $"{SetUserId}/setpriv";

    private const string Effective = """
        [identity]
        no_new_privileges = false
        [namespaces]
        pid = "host"
        [capabilities]
        bounding = ["CAP_KILL", "CAP_SETGID", "CAP_SETUID"]

        """;

    public NewPrivilegesTests()
    {
        Directory.CreateDirectory(SetUserId);
        File.Copy(TestHost.Probe, Program);
        File.Copy("/usr/bin/setpriv", Switch);
        RootShell.Run($"chmod 4755 {Program} {Switch}; cp {TestHost.Probe} {SetUserId}/capable; setcap cap_kill,cap_net_raw+ep {SetUserId}/capable");
        Undo(() => Directory.Delete(SetUserId, recursive: true));
    }

    /// <summary>drop-nnp: exactly what is written, for the programs of the host.</summary>
    [Fact]
    public void A_program_of_roots_has_the_bounding_set_and_the_command_nothing()
    {
        Install("t", Effective);
        ProbeReport command = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Equal([None, None, None, Bounding, None], Sets(command));
        Assert.All(command.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        ProbeReport program = SessionCommand.Run("t", Program).Execute().Probe;
        Assert.Equal([TestUser.Alice.UserId, 0, 0, 0], program.UserIds);
        Assert.Equal([None, Bounding, Bounding, Bounding, None], Sets(program));
        Assert.Equal(("0", 0L, 1L), (program.Text("NoNewPrivs"), program.Number("securebits"), program.Number("secure")));
        Assert.Equal([0, 1, 2], program.Descriptors.Select(descriptor => descriptor.Number));
    }

    [Fact]
    public void What_the_command_is_given_a_program_of_roots_has_as_its_own_and_passes_on_to_nobody()
    {
        Install("t", Effective + "ambient = [\"CAP_KILL\"]\n");
        ProbeReport program = SessionCommand.Run("t", Program).Execute().Probe;
        Assert.Equal(["0000000000000020", Bounding, Bounding, Bounding, None], Sets(program));
    }

    [Fact]
    public void A_file_with_capabilities_has_those_of_the_bounding_set_or_does_not_start()
    {
        Install("t", Effective.Replace("\"CAP_KILL\", ", "\"CAP_KILL\", \"CAP_NET_RAW\", ", StringComparison.Ordinal));
        Assert.Equal("0000000000002020", SessionCommand.Run("t", $"{SetUserId}/capable").Execute().Probe.Text("CapEff"));
        Install("less", Effective);
        Assert.Equal(126, SessionCommand.Run("less", $"{SetUserId}/capable").Execute().ExitStatus);
    }

    /// <summary>drop-nnp: without the key nothing of it.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[identity]\nno_new_privileges = true\n[namespaces]\npid = \"host\"\n[capabilities]\nbounding = [\"CAP_SETUID\", \"CAP_SETGID\"]\n")]
    public void Without_the_key_no_file_has_effect(string body)
    {
        Install("t", body);
        foreach (string file in new[] { Program, $"{SetUserId}/capable" })
        {
            ProbeReport program = SessionCommand.Run("t", file).Execute().Probe;
            Assert.All(program.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
            Assert.Equal((None, "1"), (program.Text("CapEff"), program.Text("NoNewPrivs")));
            Assert.All(program.Mounts, mount => Assert.Contains("nosuid", mount.Options));
        }
    }

    /// <summary>mnt-overlay-system: what the profile brings is without effect, wherever it comes from.</summary>
    [Theory]
    [InlineData("[[mount]]\nsource = \"/mnt/srv/suid\"\ntarget = \"/mnt/srv/brought\"\n")]
    [InlineData("[[mount]]\nsource = \"/mnt/srv/suid\"\ntarget = \"/mnt/srv/brought\"\nsource_as = \"root\"\n")]
    [InlineData("[[share]]\nname = \"brought\"\nscope = \"global\"\ntarget = \"/mnt/srv/brought\"\nsource = \"/mnt/srv/suid\"\naccess = \"ro\"\npropagation = \"private\"\n")]
    public void What_the_profile_mounts_has_no_effect(string mount)
    {
        const string place = "/mnt/srv/brought";
        ExpectShare("path.all.brought");
        Directory.CreateDirectory(Temporary(place));
        Install("t", Effective + mount);
        ProbeReport brought = SessionCommand.Run("t", $"{place}/probe").Execute().Probe;
        Assert.All(brought.UserIds, id => Assert.Equal(TestUser.Alice.UserId, id));
        Assert.Equal((None, "0"), (brought.Text("CapEff"), brought.Text("NoNewPrivs")));
        Assert.Equal(0u, SessionCommand.Run("t", Program).Execute().Probe.UserIds[1]);
    }

    /// <summary>mnt-overlay-system: the tree is the host's with the host's own flags, and every other mount of the session is nosuid.</summary>
    [Fact]
    public void The_tree_is_the_hosts_and_what_comes_besides_is_nosuid()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/place"));
        Install("t", Effective + "[protect]\nprivate_tmp = true\nread_only_paths = [\"/mnt/bin\"]\nprivate_run_user = true\n[[mount]]\ntarget = \"%h\"\ntype = \"tmpfs\"\n[[mount]]\nsource = \"/mnt/srv/suid\"\ntarget = \"/mnt/srv/place\"\n");
        IReadOnlyList<MountEntry> host = MountEntry.OfHost();
        IReadOnlyList<MountEntry> session = SessionCommand.Run("t", TestHost.Probe).Execute().Probe.Mounts;
        Dictionary<string, bool> setUserId = host.GroupBy(mount => mount.Target).ToDictionary(mounts => mounts.Key, mounts => !mounts.Last().Options.Contains("nosuid"));
        Assert.Contains(setUserId, mount => mount.Key == "/mnt" && mount.Value);
        string[] added = [.. session.Select(mount => mount.Target).Except(setUserId.Keys)];
        Assert.All(["/mnt/home/alice", "/mnt/srv/place", "/run/nshelper", "/mnt/bin"], target => Assert.Contains(target, added));
        foreach (MountEntry mount in session.GroupBy(mount => mount.Target).Select(mounts => mounts.Last()))
        {
            // Read-only in its place is nothing brought: /mnt/bin is as it was.
            bool expected = mount.Target == "/mnt/bin" || (setUserId.TryGetValue(mount.Target, out bool hosts) && hosts && mount.Target is not ("/tmp" or "/var/tmp"));
            Assert.True(expected == !mount.Options.Contains("nosuid"), mount.ToString());
        }
    }

    /// <summary>A /tmp in which users cannot exchange what programs with rights make: root's, and sticky.</summary>
    [Fact]
    public void In_a_private_tmp_the_user_cannot_take_away_what_root_made()
    {
        Install("t", Effective + "[protect]\nprivate_tmp = true\n");
        string asRoot = $"{Switch} --ruid 0 --clear-groups touch /tmp/roots";
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", $"stat -c '%a %u' /tmp /var/tmp; {asRoot}; stat -c %u /tmp/roots; mv /tmp/roots /tmp/x; rm -f /tmp/roots; ls /tmp").Execute();
        Assert.Equal("1777 0\n1777 0\n0\nroots\n", result.OutputText);
        Assert.Equal(2, result.ErrorText.Split("not permitted").Length - 1);
    }

    /// <summary>A profile that would mislead such a program starts nothing; NewPrivilegesRulesTests has all of them.</summary>
    [Theory]
    [InlineData("[root]\nmode = \"tmpfs\"\n")]
    [InlineData("[root]\nread_only = true\n")]
    [InlineData("[[mount]]\ntarget = \"/etc\"\ntype = \"overlay\"\nlower = [\"/etc\"]\n")]
    [InlineData("[[mount]]\ntarget = \"/etc/hosts\"\nsource = \"/mnt/srv/suid/probe\"\n")]
    [InlineData("[[mount]]\ntarget = \"/etc/shells\"\ntype = \"mask\"\n")]
    [InlineData("[[mount]]\ntarget = \"/tmp\"\ntype = \"tmpfs\"\nsize = \"1M\"\n")]
    [InlineData("[[mount]]\ntarget = \"/mnt/srv/suid\"\nsource = \"%h\"\n")]
    [InlineData("[[private]]\ntarget = \"/mnt/srv/suid\"\n")]
    [InlineData("[protect]\ninaccessible_paths = [\"-/etc/nologin\"]\n")]
    [InlineData("[protect]\nprivate_devices = true\n")]
    public void A_profile_that_would_mislead_one_starts_no_session(string body)
    {
        ProfileFile profile = Install("t", Effective + body);
        SessionResult result = SessionCommand.Run("t", Program).Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.Contains($"{profile.Path}:", result.ErrorText, StringComparison.Ordinal);
        Assert.Contains("set-user-ID programs", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>A link of root's to a place that is believed is seen through when there is a caller.</summary>
    [Fact]
    public void A_link_of_roots_to_what_is_believed_is_seen_through()
    {
        string link = Temporary("/mnt/srv/link");
        File.CreateSymbolicLink(link, "/etc");
        Install("t", Effective + $"[[mount]]\ntarget = \"{link}/alternatives\"\nsource = \"/mnt/srv/suid\"\n");
        SessionResult result = SessionCommand.Run("t", Program).Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("must be what it is on the host", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>ns-monitor-root: nobody ends a program of root's by ending the session; that its terminal goes is what the program would notice on the host.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public void Who_ends_the_session_does_not_end_what_is_roots(string signal)
    {
        Install("t", Effective.Replace("no_new_privileges = false", "no_new_privileges = false\npty = \"always\"", StringComparison.Ordinal));
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sh", "-c", $"trap '' HUP; {Switch} --ruid 0 --clear-groups sleep 47 & exec sleep 48")).WaitForCommand();
        int program = 0;
        Assert.True(Wait.Happens(() => (program = ProcessEntry.All().FirstOrDefault(process => process.CommandLine.StartsWith("sleep 47", StringComparison.Ordinal))?.Pid ?? 0) != 0, 5000));
        Undo(() => Posix.Kill(program, Posix.SIGKILL));
        Assert.Equal("0\t0\t0\t0", ProcessEntry.Status(program, "Uid"));
        SessionCommand.Direct("/bin/kill", $"-{signal}", $"{session.Helper}", $"{session.Init}").Execute();
        Assert.True(Wait.Happens(() => session.HasExited, 8000));
        Assert.NotEqual(0, SessionCommand.Direct("/bin/kill", "-KILL", $"{program}").Execute().ExitStatus);
        Assert.Equal("0\t0\t0\t0", ProcessEntry.Status(program, "Uid"));
    }

    /// <summary>nshelper once more, with root's rights and in the session's tree: what it makes there is right, what would not be is refused.</summary>
    [Fact]
    public void Nested_it_starts_nothing_and_says_why()
    {
        Install("t", Effective.Replace("[\"CAP_KILL\", ", "[\"CAP_CHOWN\", \"CAP_DAC_OVERRIDE\", \"CAP_FOWNER\", \"CAP_FSETID\", \"CAP_NET_ADMIN\", \"CAP_SETPCAP\", \"CAP_SYS_ADMIN\", \"CAP_KILL\", ", StringComparison.Ordinal)
            + "[protect]\nprivate_tmp = true\n");
        Install("inner", "[protect]\nprivate_tmp = true\n");
        Install("less", Effective);
        Install("sharing", "[[share]]\nname = \"x\"\nscope = \"user\"\ntarget = \"/mnt/srv/suid\"\n");
        Install("rooted", "[root]\nmode = \"tmpfs\"\n[[mount]]\ntarget = \"/usr\"\n[[mount]]\ntarget = \"/lib64\"\noptional = true\n");
        foreach (string profile in new[] { "inner", "sharing", "rooted" })
        {
            SessionResult refused = Nested("t", profile, "/bin/true").Execute();
            Assert.Equal(125, refused.ExitStatus);
            Assert.Contains("start this one on the host", refused.ErrorText, StringComparison.Ordinal);
        }

        SessionResult weak = Nested("less", "inner", "/bin/true").Execute();
        Assert.Equal(125, weak.ExitStatus);
        Assert.Contains("no full root rights", weak.ErrorText, StringComparison.Ordinal);
    }

    private static SessionCommand Nested(string outer, string inner, string command) => SessionCommand.Run(outer, TestHost.Helper, "run", inner, "--", command);

    private static IEnumerable<string> Sets(ProbeReport probe) => new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }.Select(probe.Text);
}
