using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a share is live between sessions of several users and the administrator, in the directions that the profile says and in no other.</summary>
public sealed class SharePropagationTests : SystemTest
{
    private const string Target = "/mnt/srv/shared";
    private const string Later = Target + "/later";
    private const string Backing = "/run/nshelper/share/g12010.work";

    public SharePropagationTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        ExpectShare("g12010.work");
    }

    [Fact]
    public void Three_sessions_of_two_users_see_the_administrators_file_and_later_mount()
    {
        Install("");
        RunningSession[] sessions = [Begin(TestUser.Alice), Begin(TestUser.Alice), Begin(TestUser.Carol)];
        Assert.Equal(3, sessions.Select(session => session.Namespace("mnt")).Distinct().Count());
        File.WriteAllText($"{Backing}/note", "of the host");
        Assert.All(sessions, session => Assert.Equal("of the host", File.ReadAllText($"/proc/{session.Pid}/root{Target}/note")));
        MountLater();
        Assert.All(sessions, session => Assert.True(Wait.Happens(() => HasLater(session), 1000), "the mount did not arrive"));
        File.WriteAllText($"{Backing}/later/inner", "on it");
        Assert.All(sessions, session => Assert.Equal("on it", File.ReadAllText($"/proc/{session.Pid}/root{Later}/inner")));
        Posix.Unmount($"{Backing}/later");
        Assert.All(sessions, session => Assert.True(Wait.Happens(() => !HasLater(session), 1000), "the mount did not leave"));
        Assert.All(sessions, session => Assert.False(File.Exists($"/proc/{session.Pid}/root{Later}/inner")));
    }

    [Fact]
    public void A_session_without_the_share_sees_neither_its_files_nor_its_later_mounts()
    {
        Install("");
        Install("plain", "");
        RunningSession with = Begin(TestUser.Alice);
        RunningSession without = Start(SessionCommand.Run("plain", "/bin/sleep", "60")).WaitForCommand();
        File.WriteAllText($"{Backing}/note", "of the host");
        MountLater();
        Assert.True(Wait.Happens(() => HasLater(with), 1000));
        Assert.Empty(Directory.GetFileSystemEntries($"/proc/{without.Pid}/root{Target}"));
        Assert.DoesNotContain(without.Mounts(), mount => mount.Target.StartsWith(Target, StringComparison.Ordinal));
        SessionResult looking = SessionCommand.Run("plain", "/bin/ls", Backing).Execute();
        Assert.Contains("Permission denied", looking.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>What is mounted in the session (by root, by way of its namespace: its user cannot) tells the directions apart.</summary>
    [Theory]
    [InlineData("shared", true, true)]
    [InlineData("slave", true, false)]
    [InlineData("private", false, false)]
    public void Propagation_has_the_directions_of_the_profile(string propagation, bool arrives, bool leaves)
    {
        Install($"propagation = \"{propagation}\"");
        RunningSession session = Begin(TestUser.Alice);
        MountLater();
        Assert.Equal(arrives, HasLater(session));
        RootShell.Run($"mkdir {Backing}/inner; nsenter -m -t {session.Pid} mount -n -t tmpfs inner {Target}/inner");
        Assert.Contains(session.Mounts(), mount => mount.Target == $"{Target}/inner");
        Assert.Equal(leaves, MountEntry.OfHost().Any(mount => mount.Target == $"{Backing}/inner"));

        // What was there when the session started is there in every case, and a file is no mount.
        Assert.Contains(Begin(TestUser.Carol).Mounts(), mount => mount.Target == Later);
        File.WriteAllText($"{Backing}/note", "");
        Assert.True(File.Exists($"/proc/{session.Pid}/root{Target}/note"));
    }

    /// <summary>The kernel gives a mount that arrives the flags it has on the host; check warns of such a profile (read-only-shared).</summary>
    [Fact]
    public void A_later_mount_in_a_read_only_share_is_as_writable_as_on_the_host()
    {
        Install("access = \"ro\"");
        RunningSession session = Begin(TestUser.Alice);
        MountLater();
        Posix.Mount("none", $"{Backing}/later", "none", 32 | 1, "");
        Assert.Contains("ro", session.Mounts().Last(mount => mount.Target == Target).Options);
        Assert.Contains("rw", session.Mounts().Last(mount => mount.Target == Later).Options);
    }

    [Fact]
    public void A_mount_of_a_profile_below_a_share_is_refused()
    {
        foreach (string target in new[] { $"{Target}/below", "/mnt/srv/link/below" })
        {
            RootShell.Run($"ln -sfn {Target} /mnt/srv/link");
            Undo(() => File.Delete("/mnt/srv/link"));
            Install($"\n[[mount]]\ntarget = \"{target}\"\ntype = \"tmpfs\"");
            SessionResult refused = SessionCommand.Run("t", "/bin/true").Execute();
            Assert.Equal(125, refused.ExitStatus);
            Assert.Matches("lies below (the share \"work\"|a share)", refused.ErrorText);
        }
    }

    [Fact]
    public void A_tmpfs_share_is_bounded_for_all_its_sessions_together()
    {
        Install("size = \"1M\"");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sh", "-c", $"head -c 2000000 /dev/zero >{Target}/first; exec sleep 60"));
        Wait.Until(() => File.Exists($"{Backing}/first") && new FileInfo($"{Backing}/first").Length == 1 << 20, () => "the share was not filled");
        SessionResult second = SessionCommand.Run("t", "/bin/sh", "-c", $"head -c 9 /dev/zero >{Target}/second").As(TestUser.Carol).Execute();
        Assert.Contains("No space left on device", second.ErrorText, StringComparison.Ordinal);
        Assert.False(first.HasExited);
        File.Delete($"{Backing}/first");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", $"echo x >{Target}/second").As(TestUser.Carol).Execute().ExitStatus);
    }

    [Fact]
    public void Fifty_sessions_that_start_at_once_have_one_share()
    {
        Install("");
        RunningSession[] sessions = [.. Enumerable.Range(0, 50).Select(i => Start(SessionCommand.Run("t", "/bin/sleep", "60").As(i % 2 == 0 ? TestUser.Alice : TestUser.Carol)))];
        Assert.All(sessions, session => session.WaitForCommand());
        IEnumerable<string> groups = sessions.Select(session => string.Join(' ', Assert.Single(session.Mounts(), mount => mount.Target == Target).Tags)).Distinct();
        Assert.Equal(Assert.Single(MountEntry.OfHost(), mount => mount.Target == Backing).Tags, [Assert.Single(groups)]);
    }

    [Fact]
    public void Explain_names_the_place_on_the_host()
    {
        Install("");
        Assert.Contains($"on {Backing}", SessionCommand.Helper("explain", "t", "--", "/bin/true").Execute().OutputText, StringComparison.Ordinal);
        Assert.Matches($"\"path\": ?\"{Backing}\"", SessionCommand.Helper("explain", "--json", "t", "--", "/bin/true").Execute().OutputText);
    }

    private static void MountLater()
    {
        Directory.CreateDirectory($"{Backing}/later");
        Posix.Mount("later", $"{Backing}/later", "tmpfs", 0, "");
    }

    private static bool HasLater(RunningSession session) => session.Mounts().Any(mount => mount.Target == Later);

    private RunningSession Begin(TestUser user) => Start(SessionCommand.Run("t", "/bin/sleep", "60").As(user)).WaitForCommand();

    private void Install(string lines) => Install(new ProfileFile(
        "t", $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nscope = \"group\"\ngroup = \"nsok\"\n{lines}\n"));
}
