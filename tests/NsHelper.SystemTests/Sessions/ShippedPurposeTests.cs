using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: who enables a shipped profile relies on what its first lines say, and none of its readers looks whether all of its mounts are there.</summary>
public sealed class ShippedPurposeTests : SystemTest
{
    private const string Home = "/mnt/home/alice";

    public ShippedPurposeTests()
    {
        TestUser.Alice.MakeDirectory(".ssh");
        TestUser.Alice.Write(".ssh/key", "of the host");
        TestUser.Alice.Write("note", "of the host");
    }

    [Fact]
    public void An_agent_writes_to_its_project_and_sees_nothing_else_of_a_home()
    {
        OtherHomes();
        ShippedSession session = InstallShipped("agent");
        TestUser.Alice.Write("work/readme", "the project\n");
        RootShell.Run($"mkdir -m 0777 {Temporary("/mnt/srv/open")}; echo engine >{Temporary("/run/docker.sock")}; chmod 0666 /run/docker.sock");
        const string Script = "pwd; cat readme; echo made >made; ls -A ~; ls -A /home /run/user; cat ~/.ssh/key ~/note /run/docker.sock; echo x >~/left; (: >/mnt/srv/open/left) || echo refused";
        SessionResult result = session.Script(Script).In(ShippedSession.Work).Execute();
        Assert.Equal($"{Home}/work\nthe project\nwork\n/home:\n\n/run/user:\nrefused\n", result.OutputText);
        foreach (string reason in (string[])["/.ssh/key: No such file or directory", "/note: No such file or directory", "/run/docker.sock: Permission denied", "/mnt/srv/open/left: Read-only file system"])
        {
            Assert.Contains(reason, result.ErrorText, StringComparison.Ordinal);
        }

        Assert.Equal("made\n", File.ReadAllText($"{Home}/work/made"));
        Assert.Equal([$"{Home}/.ssh", $"{Home}/note", $"{Home}/work"], Directory.GetFileSystemEntries(Home).Order(StringComparer.Ordinal));
    }

    /// <summary>What an agent can read it can send.</summary>
    [Fact]
    public void An_agent_gets_the_variables_of_the_list_and_no_others()
    {
        string[] environment =
        [
            .. InstallShipped("agent").Run(TestHost.ProbeOutsideMnt).WithEnvironment("SSH_AUTH_SOCK=/run/agent", "AWS_SECRET_ACCESS_KEY=x", "DBUS_SESSION_BUS_ADDRESS=x", "https_proxy=http://proxy", "LANG=C")
                .Execute().Probe.EnvironmentText.Select(entry => entry.Split('=')[0]).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(["HOME", "LANG", "LOGNAME", "NSHELPER_PROFILE", "NSHELPER_SESSION", "PATH", "SHELL", "USER", "https_proxy"], environment);
    }

    /// <summary>cfg-prefix-match: the home itself would bring all of it, and so would a link.</summary>
    [Theory]
    [InlineData(Home, $"mount target {Home} is named twice")]
    [InlineData("/mnt/home/bob", "is no value of parameter project; accepted: /mnt/home/alice or an absolute path below it")]
    [InlineData("/mnt/home", "is no value of parameter project")]
    [InlineData("/mnt/home/alice2", "is no value of parameter project")]
    [InlineData($"{Home}/../bob", "is no value of parameter project")]
    [InlineData("/", "is no value of parameter project")]
    [InlineData($"{Home}/out", "a symbolic link is in the way")]
    [InlineData($"{Home}/out/srv", "a symbolic link is in the way")]
    public void A_project_outside_of_the_home_is_refused(string project, string reason)
    {
        InstallShipped("agent");
        Assert.Equal(0, SessionCommand.Direct("/bin/ln", "-s", "/mnt", $"{Home}/out").Execute().ExitStatus);
        SessionResult result = SessionCommand.Helper("run", "--set", $"project={project}", "agent", "--", "/bin/ls").Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(reason, result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_to_a_throwaway_home_is_gone_on_the_host_and_in_the_next_session()
    {
        OtherHomes();
        ShippedSession session = InstallShipped("throwaway-home");
        const string Script = "pwd; ls -A ~ /run/user/12001; mkdir .ssh; for d in ~ ~/.ssh /run/user/12001 /tmp /var/tmp; do echo x >$d/left; done; cat ~/.ssh/left";
        const string Seen = $"{Home}\n/mnt/home/alice:\n\n/run/user/12001:\nx\n";
        Start(session.Script($"{Script}; exec sleep 60")).WaitForCommand();
        Assert.Equal(Seen, session.Script(Script).Execute().OutputText);
        Assert.Equal(Seen, session.Script(Script).Execute().OutputText);
        Assert.Equal([$"{Home}/.ssh", $"{Home}/note"], Directory.GetFileSystemEntries(Home).Order(StringComparer.Ordinal));
        Assert.Equal([$"{Home}/.ssh/key"], Directory.GetFileSystemEntries($"{Home}/.ssh"));
        Assert.Empty(Directory.GetFileSystemEntries("/run/user/12001"));
    }

    /// <summary>Looked for from the root: a place that nobody thought of is one in which a guest leaves something.</summary>
    [Fact]
    public void A_guest_can_write_to_places_of_the_session_alone()
    {
        OtherHomes();
        ShippedSession session = InstallShipped("kiosk-guest");
        const string Places = "/dev/shm\n/mnt/home/alice\n/run/user/12001\n/tmp\n/var/tmp\n";
        Assert.Equal(Places, session.Script("find / -path /proc -prune -o -type d -writable -print 2>/dev/null | sort").Execute().OutputText);
        string script = $"pwd; umask; for d in {Places.Replace('\n', ' ')}; do ls -A $d; echo x >$d/left; done; ls -A /home";
        Assert.Equal($"{Home}\n0077\n", session.Script(script).Execute().OutputText);
        Assert.Equal($"{Home}\n0077\n", session.Script(script).Execute().OutputText);
        foreach (string place in Places.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.False(File.Exists($"{place}/left"), place);
        }
    }

    [Fact]
    public void What_a_guest_leaves_running_is_killed_at_the_end()
    {
        SessionResult result = InstallShipped("kiosk-guest").Script("setsid sleep 600 >/dev/null 2>&1 & nohup sleep 601 >/dev/null 2>&1 & echo started").Execute();
        Assert.Equal((0, "started\n"), (result.ExitStatus, result.OutputText));
        Assert.Empty(ProcessEntry.OfTestUsers());
    }

    [Fact]
    public void A_build_has_the_tree_and_a_directory_of_the_user_and_leaves_nothing_else()
    {
        ShippedSession session = InstallShipped("chroot-build");
        const string Script = "pwd; cat /etc/issue; ls /mnt /srv /home/alice 2>/dev/null; ls -A ~ /var/cache/build; for d in ~ /build /tmp /var/cache/build; do echo x >$d/made; done; (: >/etc/x) 2>&- || echo refused; id -un; read pid rest </proc/self/stat; echo $pid; ls /dev/sd* /dev/vd* 2>/dev/null";
        const string Seen = $"/build\nof the tree\n/mnt:\nhome\n{Home}:\n\n/var/cache/build:\nrefused\nalice\n2\n";
        string[] before = Directory.GetFileSystemEntries(ShippedSession.Tree, "*", SearchOption.AllDirectories);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(Seen, session.Script(Script).Execute().OutputText);
        }

        Assert.Equal("x\n", File.ReadAllText($"{ShippedSession.Work}/made"));
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(ShippedSession.Tree, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_build_without_its_tree_says_what_is_missing()
    {
        ShippedSession session = InstallShipped("chroot-build");
        Directory.Delete(ShippedSession.Tree, recursive: true);
        SessionResult result = session.Run("/bin/true").Execute();
        int line = session.File().Text.Split('\n').ToList().IndexOf("[root]") + 1;
        Assert.Equal((125, $"nshelper: cannot run chroot-build: the lower directory \"{ShippedSession.Tree}\" does not exist\n  /etc/nshelper/profiles/chroot-build.toml:{line}\n"), (result.ExitStatus, result.ErrorText));
    }

    /// <summary>By rsync itself, as a key that is held to the profile starts it.</summary>
    [Fact]
    public void A_deployment_changes_the_files_of_the_site_and_sees_nothing_else()
    {
        InstallShipped("deploy");
        TestUser.Alice.Write("public", "new\n");
        string remote = TestUser.Alice.Write("remote", $"#!/bin/sh\nshift\nexec {TestHost.Helper} run deploy -- $*\n");
        RootShell.Run($"chmod 755 {remote}; echo old >{ShippedSession.Site}/gone; chown alice {ShippedSession.Site}/gone");
        SessionResult result = SessionCommand.Direct("/usr/bin/rsync", "-r", "--delete", "-e", remote, $"{Home}/public", $"www:{ShippedSession.Site}/").Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
        Assert.Equal("new\n", File.ReadAllText($"{ShippedSession.Site}/public"));
        string script = $"ls -A / /mnt /mnt/srv /etc; (: >/usr/x) 2>&- || echo refused; cat {Home}/note";
        SessionResult seen = SessionCommand.Run("deploy", "/bin/sh", "-c", script).Execute();
        Assert.Contains("\n/mnt:\nsrv\n\n/mnt/srv:\nwww\n", seen.OutputText, StringComparison.Ordinal);
        Assert.EndsWith("\nrefused\n", seen.OutputText, StringComparison.Ordinal);
        Assert.Contains("/note: No such file or directory", seen.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_toolchain_is_the_version_that_was_chosen_at_its_one_place()
    {
        InstallShipped("vendor-toolchain");
        Assert.Equal("version 1\n", SessionCommand.Run("vendor-toolchain", "tool").Execute().OutputText);
        SessionCommand second = SessionCommand.Helper("run", "--set", "version=2", "vendor-toolchain", "--", "/bin/sh", "-c", $"{ShippedSession.Toolchain}/bin/tool; (: >{ShippedSession.Toolchain}/x) 2>&- || echo refused");
        Assert.Equal("version 2\nrefused\n", second.Execute().OutputText);
        Assert.Empty(Directory.GetFileSystemEntries(ShippedSession.Toolchain));
        Assert.True(SessionCommand.Helper("run", "--set", "version=../../etc", "vendor-toolchain", "--", "tool").Execute().IsRefusal);
    }

    /// <summary>A /home with somebody else in it, and a /run/user, as most hosts have them.</summary>
    private void OtherHomes()
    {
        Posix.Mount("homes", "/home", "tmpfs", 0, "mode=0755");
        Undo(() => Posix.Unmount("/home"));
        Directory.CreateDirectory("/home/other");
        Directory.CreateDirectory(Temporary("/run/user"));
        Directory.CreateDirectory("/run/user/12001");
        Posix.Chown("/run/user/12001", 12001, 12001);
    }
}
