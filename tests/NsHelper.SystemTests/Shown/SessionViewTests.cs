using System.Globalization;
using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// Why it exists: who wonders where a mount of a session comes from must find the line of the profile in one command, as the user who has the session, and be
/// told no line that the user may not see or that did not make it.
/// </summary>
public sealed class SessionViewTests : SystemTest
{
    private const string Profile = """
        [protect]
        private_tmp = true
        protect_proc = "invisible"
        protect_kernel_tunables = true
        [parameters.name]
        type = "enum"
        values = ["one", "two"]
        [[mount]]
        target = "/mnt/srv/{name}"
        type = "tmpfs"
        create = "no"
        [[mount]]
        target = "/mnt/srv/tree"
        source = "/mnt/srv/source"
        options = ["ro", "rbind"]
        [[mount]]
        target = "/mnt/srv/never"
        source = "/mnt/srv/missing"
        optional = true
        """;

    private readonly RunningSession session;

    public SessionViewTests()
    {
        RootShell.Run("mkdir -p /mnt/srv/two /mnt/srv/tree /mnt/srv/source/sub /mnt/srv/never; mount -t tmpfs sub /mnt/srv/source/sub; mount -t tmpfs host /mnt/srv/never");
        Undo(() => RootShell.Run("umount /mnt/srv/source/sub /mnt/srv/never; rm -r /mnt/srv/two /mnt/srv/tree /mnt/srv/source /mnt/srv/never"));
        Install("t", Profile);
        session = Start(SessionCommand.Helper("run", "--set", "name=two", "t", "--", "/bin/sleep", "60")).WaitForCommand();
    }

    private string Pid => session.Pid.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Each_mount_of_a_session_has_the_line_that_made_it()
    {
        Dictionary<string, int> lines = LinesOf(TestUser.Alice);
        Assert.Equal(
            new Dictionary<string, int>
            {
                ["/tmp"] = 7, ["/var/tmp"] = 7, ["/proc"] = 8, ["/proc/sys"] = 9, ["/mnt/srv/two"] = 13, ["/mnt/srv/tree"] = 17, ["/mnt/srv/tree/sub"] = 17,
            },
            lines.Where(line => !line.Key.StartsWith("/proc/", StringComparison.Ordinal) && !line.Key.StartsWith("/sys", StringComparison.Ordinal) || line.Key == "/proc/sys")
                .ToDictionary(line => line.Key, line => line.Value));
        Assert.Equal(9, lines["/sys"]);
    }

    [Fact]
    public void The_table_names_profile_and_lines_and_root_sees_them_too()
    {
        SessionResult result = SessionCommand.Helper("mounts", Pid).WithEnvironment("LANG=C.UTF-8").Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
        string[] lines = result.OutputText.Split('\n');
        int bind = Array.FindIndex(lines, line => line.Contains("/mnt/srv/tree ", StringComparison.Ordinal));
        Assert.EndsWith("   /etc/nshelper/profiles/t.toml:17", lines[bind + 1], StringComparison.Ordinal);
        Assert.All(lines.Where(line => line.EndsWith(".toml:17", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, 80));
        Assert.Single(lines, line => line.EndsWith(".toml:17", StringComparison.Ordinal));
        Assert.Matches("^profile t, session [0-9a-f]{32}$", lines[^2]);
        Assert.Equal(LinesOf(TestUser.Alice), LinesOf(TestUser.Root));
        Assert.DoesNotContain(".toml", SessionCommand.Helper("mounts", "-q", Pid).Execute().OutputText, StringComparison.Ordinal);
    }

    /// <summary>With a root of the session's own: root's line, and what the tree brings.</summary>
    [Fact]
    public void A_root_of_the_sessions_own_has_its_line()
    {
        Install("r", "[root]\nmode = \"tmpfs\"\n[[mount]]\ntarget = \"/usr\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/lib64\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/lib\"\noptions = [\"ro\"]\n[[mount]]\ntarget = \"/bin\"\noptions = [\"ro\"]\n");
        RunningSession own = Start(SessionCommand.Run("r", "/bin/sleep", "60")).WaitForCommand();
        Dictionary<string, int> lines = LinesOf(TestUser.Alice, own.Pid.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((6, 8), (lines["/"], lines["/usr"]));
    }

    /// <summary>The name of the profile is what the user's own process says: it may say what it likes.</summary>
    [Theory]
    [InlineData("../../../mnt/home/alice/evil", null)]
    [InlineData("nobody", "no such profile, or not yours to use")]
    [InlineData("bobs", "no such profile, or not yours to use")]
    [InlineData("broken", "no such profile, or not yours to use")]
    public void A_forged_name_shows_nothing_of_a_profile_that_is_not_the_callers(string name, string? reason)
    {
        Install(new ProfileFile("bobs", "schema = 1\n[allow]\nusers = [\"bob\"]\ncommands = \"any\"\n[protect]\nprivate_tmp = true\n"));
        Install(new ProfileFile("broken", "schema = 1\nalow = 1\n"));
        SessionResult result = SessionCommand.Helper("mounts").WithEnvironment($"NSHELPER_PROFILE={name}").Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
        Assert.DoesNotContain(".toml", result.OutputText, StringComparison.Ordinal);
        Assert.Equal(reason is not null, result.OutputText.EndsWith($"\nwhich lines of the profile made the mounts is not known: {reason}\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_else_sees_the_profile_of_a_session()
    {
        SessionResult bob = SessionCommand.Helper("mounts", Pid).As(TestUser.Bob).Execute();
        Assert.DoesNotContain("profile", bob.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain(".toml", bob.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void Ns_names_the_session_and_what_differs()
    {
        string[] lines = SessionCommand.Helper("ns", Pid).Execute().OutputText.Split('\n');
        Assert.StartsWith($"KIND    SESSION {Pid} ", lines[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.EndsWith(" session", lines.Single(line => line.StartsWith("mnt ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("profile t, session ", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(SessionCommand.Helper("ns", "--json", Pid).As(TestUser.Root).Execute().Output);
        Assert.Equal("t", document.RootElement.GetProperty("profile").GetString());
        JsonElement mount = document.RootElement.GetProperty("namespaces").EnumerateArray().Single(entry => entry.GetProperty("kind").GetString() == "mnt");
        Assert.Equal(["process"], mount.GetProperty("differing").EnumerateArray().Select(name => name.GetString()));
        Assert.True(mount.GetProperty("host").GetUInt64() == mount.GetProperty("caller").GetUInt64());
    }

    /// <summary>The session by its profile, its label or its id: what its first process is, which no environment can forge, is what is shown.</summary>
    [Fact]
    public void A_session_can_be_named_instead_of_a_process()
    {
        string id = SessionCommand.Helper("sessions", "-q").Execute().OutputText.TrimEnd('\n');
        Assert.Equal(LinesOf(TestUser.Alice), LinesOf(TestUser.Alice, "t"));
        Assert.Equal(LinesOf(TestUser.Alice), LinesOf(TestUser.Root, id));
        string[] lines = SessionCommand.Helper("ns", "t").Execute().OutputText.Split('\n');
        Assert.StartsWith($"KIND    SESSION {session.Init} ", lines[0], StringComparison.Ordinal);
        Assert.Contains($" {session.Namespace("pid")} ", lines.Single(line => line.StartsWith("pid ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"profile t, session {id}", lines);
        SessionResult difference = SessionCommand.Helper("diff", id[..6]).Execute();
        Assert.Equal((1, $"+++ session {id[..12]} (process {session.Init})"), (difference.ExitStatus, difference.OutputText.Split('\n')[1]));
        Assert.Contains("\n+ /mnt/srv/two", difference.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ns", 1)]
    [InlineData("mounts", 1)]
    [InlineData("diff", 2)]
    public void A_session_of_somebody_else_is_none(string verb, int status)
    {
        SessionResult bob = SessionCommand.Helper(verb, "t").As(TestUser.Bob).Execute();
        Assert.Equal((status, ""), (bob.ExitStatus, bob.OutputText));
        Assert.EndsWith(" t: you have no such session\n", bob.ErrorText, StringComparison.Ordinal);
    }

    private Dictionary<string, int> LinesOf(TestUser user) => LinesOf(user, Pid);

    private static Dictionary<string, int> LinesOf(TestUser user, string pid)
    {
        using var document = JsonDocument.Parse(SessionCommand.Helper("mounts", "--json", pid).As(user).Execute().Output);
        var lines = new Dictionary<string, int>();
        foreach (JsonElement mount in document.RootElement.GetProperty("mounts").EnumerateArray().Where(mount => mount.GetProperty("made_by").ValueKind == JsonValueKind.Object))
        {
            JsonElement line = mount.GetProperty("made_by");
            Assert.StartsWith("/etc/nshelper/profiles/", line.GetProperty("file").GetString(), StringComparison.Ordinal);
            lines[mount.GetProperty("target").GetString()!] = line.GetProperty("line").GetInt32();
        }

        return lines;
    }
}
