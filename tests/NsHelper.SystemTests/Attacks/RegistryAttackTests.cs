using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section J. What tells a privileged program which process is a session is what it enters and signals: so it must be nobody's to write, and
/// must never mean another process (CVE-2022-31214, CVE-2025-46805).
/// </summary>
public sealed class RegistryAttackTests : SystemTest
{
    private const string All = "/run/nshelper/sessions";
    private const string Records = $"{All}/12001";
    private const string None = "you have no such session";

    public RegistryAttackTests()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        Install("in-place", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");
    }

    /// <summary>reg-perms-race.</summary>
    [Fact]
    public void The_directories_are_roots_from_the_first_moment_and_two_starts_at_once_are_two_sessions()
    {
        SessionCommand start = SessionCommand.Run("in-place", "/bin/sleep", "60");
        foreach (string call in new[] { "mkdirat", "symlinkat" })
        {
            Directory.Delete(All, recursive: true);
            Directory.CreateDirectory(All, Modes.OwnerOnlyDirectory);
            RunningTrace held = Trace.Start(SessionCommand.Run("in-place", "/bin/true"), Injection.Delay(call, 1500, 1));
            held.WaitForCall(call);
            RunningSession beside = Start(start).WaitForCommand();
            Assert.Equal(0, held.Finish().Result.ExitStatus);
            string[] modes = RootShell.Run($"find {All} -type d -printf '%m %U %G\\n' | sort -u");
            Assert.Equal(["700 0 0"], modes);
            Assert.Equal(2, SessionCommand.Helper("sessions").Execute().OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Posix.Kill(beside.Helper, Posix.SIGTERM);
            beside.Finish();
        }

        Assert.NotEqual(0, SessionCommand.Direct("/bin/ls", Records).Execute().ExitStatus);
    }

    /// <summary>reg-corrupt: a text that is no record is no session; nothing is signalled, and the next start works.</summary>
    [Fact]
    public void A_record_that_is_none_is_ignored_and_removed()
    {
        RunningSession session = Start(SessionCommand.Run("in-place", "/bin/sleep", "60")).WaitForCommand();
        string record = Directory.GetFiles(Records).Single(file => file.Contains("in-place.", StringComparison.Ordinal));
        string id = record.Split('.')[^1];
        string text = new FileInfo(record).LinkTarget!;
        string place = RootShell.Run($"readlink {Records}/{id}")[0];
        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            string forged = random.Next(1 << 30).ToString("x8", CultureInfo.InvariantCulture) + id[8..];
            Link(Mutated(i % 2 == 0 ? text : text.Replace("-1 ", "-2 ", StringComparison.Ordinal), random), $"{Records}/in-place.{forged}");
            Link(Mutated(place, random), $"{Records}/{forged}");
        }

        // A place without a record is of a session that nobody looks after.
        string orphan = new('f', 32);
        Link(place, $"{Records}/{orphan}");
        Link(text, $"{Records}/In-Place.{id}");
        Link(text, $"{Records}/.hidden");
        File.WriteAllText($"{Records}/in-place.{new string('0', 32)}", "no link");
        SessionResult listed = SessionCommand.Helper("sessions", "-q").Execute();
        Assert.Equal((0, ""), (listed.ExitStatus, listed.ErrorText));
        Assert.Contains(id, listed.OutputText, StringComparison.Ordinal);
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Assert.Equal(0, SessionCommand.Helper("gc").Execute().ExitStatus);
        Assert.Null(new FileInfo($"{Records}/{orphan}").LinkTarget);
        Assert.NotNull(new FileInfo($"{Records}/{id}").LinkTarget);
        Assert.False(session.HasExited);
        Assert.Equal(0, SessionCommand.Helper("stop", id).Execute().ExitStatus);
        session.Finish();
    }

    /// <summary>reg-corrupt: no room, and a start that is killed at each of its calls.</summary>
    [Fact]
    public void Without_room_nothing_starts_and_says_so()
    {
        RootShell.Run($"mount -n -t tmpfs -o mode=0700,nr_inodes=2 full {All}");
        Undo(() => Posix.Unmount(All));
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("no space left on device", result.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_is_killed_leaves_nothing_that_lasts()
    {
        Trace normal = Trace.Of(SessionCommand.Run("in-place", "/bin/true"));
        foreach ((string call, int when) in new[] { ("flock", 1), ("symlinkat", 1), ("symlinkat", 2), ("readlinkat", normal.Counts()["readlinkat"]), ("execve", 1) })
        {
            HeldHelper.At(SessionCommand.Run("in-place", "/bin/true"), (call, when), pid => Posix.Kill(pid, Posix.SIGKILL));
            Assert.Equal("", SessionCommand.Helper("sessions").Execute().OutputText);
            Assert.Equal(0, SessionCommand.Run("in-place", "/bin/true").Execute().ExitStatus);
        }

        SessionCommand.Helper("gc").Execute();
        Assert.Empty(Directory.GetFiles(Records));
    }

    /// <summary>reg-squat-limit.</summary>
    [Fact]
    public void However_many_start_at_once_no_more_are_there_than_may_be_and_others_are_not_disturbed()
    {
        Install(ProfileFile.ForAlice("few") with { Text = "schema = 1\n[allow]\nusers = [\"alice\", \"bob\"]\ncommands = \"any\"\n[session]\nmax_sessions = 5\n" });
        SessionResult result = SessionCommand.Direct(
            "/bin/sh", "-c", $"for i in $(seq 40); do {TestHost.Helper} run few -- /bin/sleep 4 2>/dev/null & done; sleep 2; {TestHost.Helper} sessions -q | wc -l; wait").Execute();
        Assert.Equal("5\n", result.OutputText);
        Assert.Equal(0, SessionCommand.Run("few", "/bin/true").As(TestUser.Bob).Execute().ExitStatus);
        Assert.InRange(Directory.GetFiles(Records).Length, 0, 10);
    }

    /// <summary>reg-squat-limit: between counting and writing down nobody else of the user's counts.</summary>
    [Fact]
    public void Of_starts_that_count_at_the_same_moment_one_is_one_too_many()
    {
        Install("one", "[session]\nmax_sessions = 1\n[namespaces]\npid = \"host\"");
        RunningTrace[] starts = [.. Enumerable.Range(0, 3).Select(_ => Trace.Start(SessionCommand.Run("one", "/bin/sleep", "3"), Injection.Delay("symlinkat", 400, 1)))];
        Assert.Single(starts.Select(start => start.Finish()).ToArray(), trace => trace.Result.ExitStatus == 0);
    }

    /// <summary>reg-lock-dos: who holds up a start of his own holds up nobody else, and is told himself.</summary>
    [Fact]
    public void A_start_that_stands_still_holds_up_its_user_alone()
    {
        Install(ProfileFile.ForAlice("both") with { Text = "schema = 1\n[allow]\nusers = [\"alice\", \"bob\"]\ncommands = \"any\"\n" });
        RunningTrace held = Trace.Start(SessionCommand.Run("in-place", "/bin/true"), Injection.Delay("symlinkat", 6000, 1));
        held.WaitForCall("symlinkat");
        long start = Environment.TickCount64;
        Assert.Equal(0, SessionCommand.Run("both", "/bin/true").As(TestUser.Bob).Execute().ExitStatus);
        Assert.Equal(0, SessionCommand.Helper("sessions").As(TestUser.Bob).Execute().ExitStatus);
        Assert.InRange(Environment.TickCount64 - start, 0, 2000);
        SessionResult own = SessionCommand.Run("both", "/bin/true").Execute();
        Assert.Equal((125, "nshelper: cannot run both: another session of yours is being started, and does not get on\n"), (own.ExitStatus, own.ErrorText));
        Assert.Equal(0, held.Finish().Result.ExitStatus);
    }

    /// <summary>reg-target-data: a process chooses its name, and nothing else of it is read.</summary>
    [Theory]
    [InlineData("sessions")]
    [InlineData("stop")]
    [InlineData("join")]
    public void Of_a_process_nothing_is_read_that_it_can_write(string verb)
    {
        Start(SessionCommand.Run("in-place", "/bin/sh", "-c", "printf ') R 1 (' >/proc/self/comm; while :; do :; done")).WaitForCommand();
        Thread.Sleep(200);
        Trace trace = Trace.Of(verb == "sessions" ? SessionCommand.Helper(verb) : SessionCommand.Helper([verb, "in-place", .. verb == "join" ? new[] { "--", "/bin/true" } : []]));
        Assert.Equal(0, trace.Result.ExitStatus);
        string[] foreign = [.. trace.HelperCalls.SelectMany(call => call.Paths).Where(path => path.StartsWith("/proc/", StringComparison.Ordinal) || path is "stat" or "cmdline" or "environ" or "cwd" or "root" or "comm" or "exe")];
        Assert.Contains("stat", foreign);
        Assert.DoesNotContain(foreign, path => path.Contains("cmdline", StringComparison.Ordinal) || path.Contains("environ", StringComparison.Ordinal) || path.Contains("cwd", StringComparison.Ordinal)
            || path.Contains("root", StringComparison.Ordinal) || path.Contains("comm", StringComparison.Ordinal));
    }

    /// <summary>reg-list-leak and join-foreign: another user's session is not there, by whatever name.</summary>
    [Fact]
    public void Nobody_learns_of_anothers_session_or_reaches_it()
    {
        RunningSession session = Start(SessionCommand.Helper("run", "--name", "one", "in-place", "--", "/bin/sleep", "60")).WaitForCommand();
        string id = SessionCommand.Helper("sessions", "-q").Execute().OutputText.TrimEnd('\n');
        Trace trace = Trace.Of(SessionCommand.Helper("sessions", "--json").As(TestUser.Bob));
        Assert.Equal("{\n  \"version\": 1,\n  \"sessions\": []\n}\n", trace.Result.OutputText);
        Assert.DoesNotContain(trace.HelperCalls.SelectMany(call => call.Paths), path => path.Contains("12001", StringComparison.Ordinal));
        foreach (string word in new[] { id, "one", "in-place", "none-at-all" })
        {
            SessionResult stop = SessionCommand.Helper("stop", word).As(TestUser.Bob).Execute();
            Assert.Equal((1, $"nshelper: cannot stop {word}: {None}\n"), (stop.ExitStatus, stop.ErrorText));
            SessionResult join = SessionCommand.Helper("join", word, "--", "/bin/true").As(TestUser.Bob).Execute();
            Assert.Equal((125, $"nshelper: cannot join {word}: {None}\n"), (join.ExitStatus, join.ErrorText));
        }

        foreach (string word in new[] { $"../12001/{id}", "12001/one", $"in-place.{id}", "-1", "1", "*" })
        {
            Assert.NotEqual(0, SessionCommand.Helper("stop", "--", word).As(TestUser.Bob).Execute().ExitStatus);
            Assert.Equal(125, SessionCommand.Helper("join", word, "--", "/bin/true").As(TestUser.Bob).Execute().ExitStatus);
        }

        Assert.False(session.HasExited);
        Assert.Equal(125, SessionCommand.Helper("join", "one", "--", "/bin/true").As(TestUser.Root).Execute().ExitStatus);
    }

    private static void Link(string text, string path)
    {
        if (text.Length is > 0 and < 4096 && !text.Contains('\0', StringComparison.Ordinal) && !File.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            File.CreateSymbolicLink(path, text);
        }
    }

    private static string Mutated(string text, Random random)
    {
        char[] characters = text.ToCharArray();
        for (int i = random.Next(4) + 1; i > 0; i--)
        {
            characters[random.Next(characters.Length)] = (char)random.Next(1, 127);
        }

        string changed = new(characters);
        return random.Next(4) == 0 ? changed[..random.Next(1, changed.Length)] : changed;
    }
}
