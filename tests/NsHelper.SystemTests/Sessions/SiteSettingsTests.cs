using System.Net.Sockets;
using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: what the site decides for all profiles must hold for real users, and tell them no more than a profile that is not there.</summary>
public sealed class SiteSettingsTests : SystemTest
{
    private const string File = "/etc/nshelper/nshelper.toml";
    private const string NotYours = "nshelper: cannot run NAME: no such profile, or not yours to use\n";

    public SiteSettingsTests() => Undo(() => RootShell.Run($"rm -rf {File} {File}.d"));

    [Fact]
    public void Whom_the_gate_shuts_out_every_profile_is_unknown()
    {
        Install("t");
        Install(new ProfileFile("talking", "schema = 1\nmessage = \"come in\"\n[allow]\ncommands = \"any\"\n"));
        Install(new ProfileFile("broken", "nonsense\n"));
        Install(new ProfileFile("writable", "schema = 1\n") { Mode = Modes.PublicFile | UnixFileMode.OtherWrite });
        Site("[log]\nlevel = \"all\"\n[allow]\nusers = [\"bob\"]\n");
        foreach (string profile in (string[])["t", "talking", "broken", "writable", "unknown"])
        {
            Assert.Equal((125, NotYours), Answer(profile));
        }

        Assert.Empty(SessionCommand.Helper("profiles").Execute().Output);
        Assert.NotEqual(0, SessionCommand.Helper("explain", "t", "--", "/bin/true").Execute().ExitStatus);
        DropIn("10-alice", "allow.users = { add = [\"alice\"] }\n");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Assert.Equal("t\n", SessionCommand.Helper("profiles", "-q").Execute().OutputText);
        Assert.Contains("its configuration has mistakes", SessionCommand.Run("broken", "/bin/true").Execute().ErrorText, StringComparison.Ordinal);
        DropIn("20-nobody", "allow.users = []\n");
        Assert.Equal((125, NotYours), Answer("t"));
    }

    [Fact]
    public void The_log_has_the_line_of_the_gate()
    {
        using var log = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 2000 };
        log.Bind(new UnixDomainSocketEndPoint(Temporary("/dev/log")));
        System.IO.File.SetUnixFileMode("/dev/log", (UnixFileMode)0b110_110_110);
        Install("t");
        Site("# one\n[allow]\nusers = [\"*\"]\ndeny_groups = [\"nsok\"]\n");
        Assert.Equal((125, NotYours), Answer("t"));
        byte[] buffer = new byte[4096];
        string record = Encoding.ASCII.GetString(buffer, 0, log.Receive(buffer));
        Assert.Contains($"rule=\"{File}:4\"", record, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_in_every_session_and_explained_by_their_line()
    {
        Install("t");
        Site("[defaults.protect]\nprivate_tmp = true\n[defaults.environment.set]\nSITE = \"yes\"\n");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).Execute().Probe;
        Assert.Contains("SITE=yes", probe.EnvironmentText);
        Assert.Contains(probe.Mounts, mount => mount.Target == "/tmp");
        Assert.Contains($"{File}:2", SessionCommand.Helper("explain", "t", "--", "/bin/true").Execute().OutputText, StringComparison.Ordinal);
        Install("own", "[protect]\nprivate_tmp = false");
        Assert.DoesNotContain(SessionCommand.Run("own", TestHost.Probe).Execute().Probe.Mounts, mount => mount.Target == "/tmp");
    }

    [Fact]
    public void A_profile_beyond_the_ceiling_is_refused_with_both_lines()
    {
        Install("t", "[namespaces]\nnetwork = \"host\"");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Site("[ceiling]\nnamespaces.network = \"private\"\n");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains($"{TestHost.ProfileDirectory}/t.toml:7:11: error: namespaces.network is \"host\", which the ceiling of the site ({File}:2) forbids", result.ErrorText, StringComparison.Ordinal);
        Install("t", "[namespaces]\nnetwork = \"private\"");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    /// <summary>The user's link must not lead out of the directories that the site allows.</summary>
    [Fact]
    public void A_source_lies_below_the_ceiling_and_no_link_leads_out_of_it()
    {
        Install("home", "[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"%h/data\"");
        Install("other", "[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"/etc\"");
        string data = TestUser.Alice.MakeDirectory("data");
        Site("[ceiling]\nmount_sources_below = [\"/mnt/home\"]\n");
        Assert.Equal(0, SessionCommand.Run("home", "/bin/true").Execute().ExitStatus);
        SessionResult refused = SessionCommand.Run("other", "/bin/true").Execute();
        string fault = $"{TestHost.ProfileDirectory}/other.toml:8:10: error: mount source \"/etc\" lies where the ceiling of the site ({File}:2) allows none [ceiling]\n";
        Assert.StartsWith(fault, refused.ErrorText, StringComparison.Ordinal);
        Assert.Contains(fault, SessionCommand.Helper("check").Execute().ErrorText, StringComparison.Ordinal);
        Directory.Delete(data);
        System.IO.File.CreateSymbolicLink(data, "/etc");
        Posix.Chown(data, TestUser.Alice.UserId, TestUser.Alice.GroupId);
        Assert.Equal(125, SessionCommand.Run("home", "/bin/true").Execute().ExitStatus);
        RootShell.Run($"rm {File}");
        Assert.Equal(0, SessionCommand.Run("home", "/bin/true").Execute().ExitStatus);
    }

    [Fact]
    public void A_bound_on_sessions_is_kept()
    {
        Install("t");
        Site("[sessions]\nmax_total = 1\n");
        RunningSession other = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot run t: there are as many sessions as this host allows (1)\n"), (result.ExitStatus, result.ErrorText));
        Posix.Kill(other.Helper, Posix.SIGTERM);
        other.Finish();
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
    }

    [Fact]
    public void Check_knows_the_files_of_the_site()
    {
        Site("[allow]\nusers = [\"alice\"]\n");
        DropIn("10", "allow.users = { remove = [\"alice\"] }\n");
        Assert.Equal(0, SessionCommand.Helper("check", File, $"{File}.d/10.toml").Execute().ExitStatus);
        DropIn("20", "schema = 1\n");
        SessionResult result = SessionCommand.Helper("check", $"{File}.d/20.toml").Execute();
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains("unknown key \"schema\"", result.ErrorText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chmod o+w F")]
    [InlineData("chown 12001 F")]
    [InlineData("mkdir -m 0777 F.d")]
    [InlineData("mkdir -m 0755 F.d; echo >F.d/a.toml; chmod g+w F.d/a.toml")]
    public void Settings_others_could_have_shaped_start_nothing(string defect)
    {
        Install("t");
        Site("[log]\nlevel = \"all\"\n");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        RootShell.Run(defect.Replace("F", File, StringComparison.Ordinal));
        Assert.Equal(125, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Assert.NotEqual(0, SessionCommand.Helper("profiles").Execute().ExitStatus);
    }

    private static (int? Status, string Message) Answer(string profile)
    {
        SessionResult result = SessionCommand.Run(profile, "/bin/true").Execute();
        return (result.ExitStatus, result.ErrorText.Replace($"run {profile}:", "run NAME:", StringComparison.Ordinal));
    }

    private static void Site(string text) => System.IO.File.WriteAllText(File, text);

    private static void DropIn(string name, string text)
    {
        Directory.CreateDirectory(File + ".d");
        System.IO.File.WriteAllText($"{File}.d/{name}.toml", text);
    }
}
