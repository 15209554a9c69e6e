using System.Globalization;
using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: what `sessions` says must be true of the host, for whoever asks, however sessions begin and end.</summary>
public sealed class RegistryTests : SystemTest
{
    private const string Records = "/run/nshelper/sessions/12001";

    public RegistryTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        Install("in-place", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");
    }

    [Theory]
    [InlineData("t")]
    [InlineData("in-place")]
    public void A_session_is_listed_with_its_first_process_and_its_namespaces_until_it_ends(string profile)
    {
        RunningSession session = Start(SessionCommand.Helper("run", "--name", "one", profile, "--", "/bin/sleep", "60")).WaitForCommand();
        JsonElement listed = Assert.Single(Listed(TestUser.Alice));
        Assert.Equal((profile, "one", 12001, "running"), (Text(listed, "profile"), Text(listed, "name"), listed.GetProperty("uid").GetInt32(), Text(listed, "state")));
        Assert.Equal(session.Init, listed.GetProperty("pid").GetInt32());
        Assert.InRange(listed.GetProperty("started").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        foreach (string kind in new[] { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" })
        {
            Assert.Equal(session.Namespace(kind), string.Create(CultureInfo.InvariantCulture, $"{kind}:[{listed.GetProperty("namespaces").GetProperty(kind).GetUInt64()}]"));
        }

        string id = Text(listed, "session");
        Assert.Equal($"{id}\n", SessionCommand.Helper("ps", "-q").Execute().OutputText);
        string[] lines = SessionCommand.Helper("sessions").Execute().OutputText.Split('\n');
        Assert.Matches("^SESSION +PROFILE +NAME +PID +AGE$", lines[0]);
        Assert.Matches($"^{id[..12]} +{profile} +one +{session.Init} +[0-9]+s$", lines[1]);

        Posix.Kill(session.Helper, Posix.SIGTERM);
        session.Finish();
        Assert.Empty(Listed(TestUser.Alice));
    }

    [Fact]
    public void The_environment_names_the_session_that_is_listed()
    {
        string file = $"{TestUser.Alice.Home}/id";
        Start(SessionCommand.Run("t", "/bin/sh", "-c", $"echo $NSHELPER_SESSION >{file}; exec sleep 60")).WaitForCommand();
        Wait.Until(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), () => "no id");
        Assert.Equal(File.ReadAllText(file).TrimEnd('\n'), Text(Assert.Single(Listed(TestUser.Alice)), "session"));
    }

    [Fact]
    public void Of_one_profile_only_is_what_is_asked_for()
    {
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Start(SessionCommand.Run("in-place", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal(2, Listed(TestUser.Alice).Count);
        Assert.Equal("t", Text(Assert.Single(Listed(TestUser.Alice, "--profile", "t")), "profile"));
    }

    [Fact]
    public void Root_sees_those_of_all_users_and_nobody_else_does()
    {
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Empty(Listed(TestUser.Bob));
        Assert.Empty(Listed(TestUser.Root));
        Assert.Single(Listed(TestUser.Root, "--all-users"));
        Assert.Matches("alice$", SessionCommand.Helper("sessions", "--all-users").As(TestUser.Root).Execute().OutputText.TrimEnd('\n'));
        SessionResult denied = SessionCommand.Helper("sessions", "--all-users").As(TestUser.Bob).Execute();
        Assert.Equal((1, "nshelper: cannot list sessions: only root may see those of all users\n"), (denied.ExitStatus, denied.ErrorText));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[session]\nlabel = \"one\"")]
    public void There_is_one_session_of_a_name_at_a_time(string body)
    {
        Install("named", body);
        SessionCommand start = body.Length == 0 ? SessionCommand.Helper("run", "--name", "one", "named", "--", "/bin/sleep", "60") : SessionCommand.Run("named", "/bin/sleep", "60");
        RunningSession first = Start(start).WaitForCommand();
        SessionResult second = start.Execute();
        Assert.Equal((125, "nshelper: cannot run named: you have a session named one already\n"), (second.ExitStatus, second.ErrorText));
        Posix.Kill(first.Helper, Posix.SIGKILL);
        first.Finish();
        Start(start).WaitForCommand();
    }

    [Fact]
    public void A_profile_and_a_site_bound_the_sessions_of_a_user()
    {
        Install("two", "[session]\nmax_sessions = 2");
        Start(SessionCommand.Run("two", "/bin/sleep", "60")).WaitForCommand();
        RunningSession second = Start(SessionCommand.Run("two", "/bin/sleep", "60")).WaitForCommand();
        SessionResult third = SessionCommand.Run("two", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot run two: you have as many sessions of it as the profile allows (2)\n"), (third.ExitStatus, third.ErrorText));
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);

        // What was killed makes room without anybody's help.
        Posix.Kill(second.Helper, Posix.SIGKILL);
        second.Finish();
        Assert.Equal(0, SessionCommand.Run("two", "/bin/true").Execute().ExitStatus);
    }

    [Fact]
    public void What_has_ended_is_collected_by_its_user_and_by_root()
    {
        SessionCommand.Run("t", "/bin/true").Execute();
        SessionCommand.Run("in-place", "/bin/true").Execute();
        RunningSession running = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal(6, Directory.GetFiles(Records).Length);
        Assert.Equal("", SessionCommand.Helper("gc").As(TestUser.Bob).Execute().OutputText);
        Assert.Equal(2, SessionCommand.Helper("gc", "--dry-run").Execute().OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(6, Directory.GetFiles(Records).Length);
        Assert.Matches("^session [0-9a-f]{32} of (t|in-place)\nsession [0-9a-f]{32} of (t|in-place)\n$", SessionCommand.Helper("gc").As(TestUser.Root).Execute().OutputText);
        Assert.Equal(2, Directory.GetFiles(Records).Length);
        Assert.False(running.HasExited);
    }

    /// <summary>Many at once, of several users: each sees and ends its own, all of them.</summary>
    [Fact]
    public void Ninety_sessions_of_several_users_are_there_and_end()
    {
        const int each = 30;
        string go = Temporary("/mnt/srv/go");
        Install(ProfileFile.ForAlice("many") with { Text = "schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n" });
        TestUser[] users = [TestUser.Alice, TestUser.Bob, TestUser.Carol];
        RunningSession[] shells = [.. users.Select(user => Start(SessionCommand.Direct(
            "/bin/sh", "-c", $"for i in $(seq {each}); do {TestHost.Helper} run many -- /bin/sleep 60 & done; until [ -e {go} ]; do sleep 0.1; done; {TestHost.Helper} stop --all && {TestHost.Helper} sessions -q; wait").As(user)))];
        Wait.Until(() => Listed(TestUser.Root, "--all-users").Count(session => Text(session, "state") == "running") == users.Length * each, () => "not all began", 60_000);
        foreach (TestUser user in users)
        {
            Assert.Equal(each, Listed(user).Count);
        }

        File.WriteAllText(go, "");
        Assert.All(shells, shell => Assert.Equal("", shell.Finish(30_000).OutputText));
        Assert.Empty(Listed(TestUser.Root, "--all-users"));
    }

    [Fact]
    public void A_start_that_came_to_nothing_leaves_no_session()
    {
        Install("missing", "[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"/mnt/no-such-directory\"");
        Assert.Equal(125, SessionCommand.Run("missing", "/bin/true").Execute().ExitStatus);
        Assert.Empty(Listed(TestUser.Alice));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static IReadOnlyList<JsonElement> Listed(TestUser user, params string[] options)
    {
        SessionResult result = SessionCommand.Helper(["sessions", "--json", .. options]).As(user).Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));
        return [.. JsonDocument.Parse(result.OutputText).RootElement.GetProperty("sessions").EnumerateArray()];
    }
}
