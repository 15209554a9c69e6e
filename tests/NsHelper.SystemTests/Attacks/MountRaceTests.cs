using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, races. The user exchanges a directory of a target's path for a link in a tight loop while sessions start (CVE-2021-30465,
/// CVE-2026-27456, CVE-2026-87766), and once before each call that looks a path up: the mount stands where the profile says or nowhere, and nothing is made elsewhere.
/// </summary>
public sealed class MountRaceTests : SystemTest
{
    private const string Home = "/mnt/home/alice";
    private const string Elsewhere = "/mnt/srv/elsewhere";
    private const int Starts = 250;
    private const int Term = 15;

    public MountRaceTests()
    {
        RootShell.Run($"mkdir -p {Elsewhere}/c");
        Undo(() => RootShell.Run($"rm -rf {Elsewhere}"));
    }

    /// <summary>mnt-target-symlink, mnt-mid-symlink: the last and the middle component.</summary>
    [Theory]
    [InlineData("t", "t", $"{Elsewhere}/c")]
    [InlineData("a/b/c", "a/b", Elsewhere)]
    public void A_target_whose_path_is_exchanged_all_the_time_never_gets_its_mount_elsewhere(string target, string exchanged, string link)
    {
        RootShell.Run($"mkdir -p {Home}/{target}; ln -s {link} {Home}/link; chown -hR 12001:12001 {Home}");
        Install("t", $"[[mount]]\ntarget = \"{Home}/{target}\"\ntype = \"tmpfs\"\ncreate = \"no\"");
        (int mounted, int refused) = (0, 0);
        foreach (SessionResult result in WhileExchanging($"{Home}/{exchanged}", $"{Home}/link"))
        {
            if (result.ExitStatus == 125)
            {
                Assert.Empty(result.Output);
                refused++;
                continue;
            }

            Assert.True(result.ExitStatus == 0, result.ToString());
            string[] own = [.. MountEntry.Parse(result.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Where(mount => mount is { Source: "none", Type: "tmpfs" }).Select(mount => mount.Target)];
            Assert.All(own, place => Assert.StartsWith($"{Home}/", place, StringComparison.Ordinal));
            mounted += own.Length;
        }

        // Without both there was no race.
        Assert.True(mounted > 0 && refused > 0, $"{mounted} mounted, {refused} refused");
    }

    /// <summary>mnt-mkdir-race: where what is missing is made: as the caller, below the home or not at all.</summary>
    [Fact]
    public void What_is_missing_is_never_made_where_the_path_leads_meanwhile()
    {
        RootShell.Run($"mkdir {Home}/d; ln -s {Elsewhere} {Home}/link; chown -hR 12001:12001 {Home}");
        Install("t", $"[[mount]]\ntarget = \"{Home}/d/x/y\"\ntype = \"tmpfs\"");
        int mounted = 0;
        foreach (SessionResult result in WhileExchanging($"{Home}/d", $"{Home}/link"))
        {
            mounted += result.ExitStatus == 0 ? 1 : 0;
            Assert.False(Directory.Exists($"{Elsewhere}/x"));
            RootShell.Run($"rm -rf {Home}/d/x {Home}/link/x || :"); // it races too
        }

        Assert.InRange(mounted, 1, Starts - 1);
        Assert.Empty(RootShell.Run($"find {Home} -mindepth 1 ! -user alice"));
    }

    /// <summary>mnt-mid-symlink: the same exchange, once, before each single look-up and before the mount.</summary>
    [Fact]
    public void A_component_that_is_exchanged_before_any_call_never_moves_the_mount()
    {
        const string Target = $"{Home}/a/b/c";
        Install("t", $"[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"{Target}\"\ntype = \"tmpfs\"\ncreate = \"no\"");
        SessionCommand command = SessionCommand.Run("t", "/bin/cat", "/proc/self/mountinfo");
        Arrange();
        IReadOnlyDictionary<string, int> counts = Trace.Of(command).Counts();
        (string Call, int When)[] moments = [.. Enumerable.Range(1, counts["openat2"]).Select(when => ("openat2", when)), ("move_mount", 1), ("statx", counts["statx"])];
        int refused = 0;
        foreach ((string Call, int When) moment in moments)
        {
            Arrange();
            Trace trace = HeldHelper.At(command, moment, _ => RootShell.Run($"mv {Home}/a/b {Home}/a/old; ln -s {Elsewhere} {Home}/a/b; chown -h 12001 {Home}/a/b"));
            refused += trace.Result.ExitStatus == 125 ? 1 : 0;
            Assert.True(trace.Result.ExitStatus == 125 || !trace.Result.OutputText.Contains(Elsewhere, StringComparison.Ordinal), $"{moment}: {trace}");
        }

        Assert.InRange(refused, 1, moments.Length);

        static void Arrange() => RootShell.Run($"rm -rf {Home}/a; mkdir -p {Target}; chown -R 12001:12001 {Home}/a");
    }

    /// <summary>mnt-propagation: a hundred sessions, twenty at a time, each with mounts of its own, in a shared tree: the host's table is the same line for line.</summary>
    [Fact]
    public void A_hundred_sessions_leave_the_hosts_table_as_it_was()
    {
        foreach (string mount in (string[])["/", "/mnt"])
        {
            Posix.Mount("none", mount, "none", Posix.MS_SHARED, "");
            Undo(() => Posix.Mount("none", mount, "none", Posix.MS_PRIVATE, ""));
        }

        Install("t", $"[protect]\nprivate_tmp = true\nprotect_system = \"full\"\nprotect_proc = \"invisible\"\n[[mount]]\nsource = \"{Home}\"\ntarget = \"{Elsewhere}/c\"\npropagation = \"shared\"");
        string before = File.ReadAllText("/proc/1/mountinfo");
        for (int round = 0; round < 5; round++)
        {
            RunningSession[] sessions = [.. Enumerable.Range(0, 20).Select(_ => SessionCommand.Run("t", "/bin/sleep", "60").Start())];
            try
            {
                Assert.All(sessions, session => Assert.Contains(session.WaitForCommand().Mounts(), mount => mount.Target == $"{Elsewhere}/c"));
                Assert.Equal(before, File.ReadAllText("/proc/1/mountinfo"));
            }
            finally
            {
                Array.ForEach(sessions, session => session.Dispose());
            }
        }

        Assert.Equal(before, File.ReadAllText("/proc/1/mountinfo"));
    }

    private IEnumerable<SessionResult> WhileExchanging(string first, string second)
    {
        RunningSession attacker = Start(SessionCommand.Direct("/mnt/probe/flip", first, second));
        for (int i = 0; i < Starts; i++)
        {
            yield return SessionCommand.Run("t", "/bin/cat", "/proc/self/mountinfo").Execute();
        }

        Assert.True(Posix.Kill(attacker.Pid, Term));
        SessionResult ended = attacker.Finish();
        Assert.True(ended.ExitStatus == 0 && long.Parse(ended.OutputText, System.Globalization.CultureInfo.InvariantCulture) > 10_000, ended.ToString());
    }
}
