using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a directory that two sessions and the administrator share live is what mount namespaces alone do not give, and what the scopes keep apart.</summary>
public sealed class ShareTests : SystemTest
{
    public ShareTests() => Directory.CreateDirectory(Temporary("/mnt/srv/shared"));

    [Theory]
    [InlineData("scope = \"user\"", "u12001.work")]
    [InlineData("scope = \"group\"\ngroup = \"nsok\"", "g12010.work")]
    [InlineData("scope = \"global\"\nmode = \"1777\"", "all.work")]
    public void A_file_and_a_later_mount_of_the_host_appear_in_both_running_sessions_and_leave_both(string scope, string key)
    {
        ExpectShare(key);
        Install(Profile(scope));
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sh", "-c", "echo hello >/mnt/srv/shared/note; exec sleep 60"));
        Wait.Until(() => File.Exists($"/run/nshelper/share/{key}/note") || first.HasExited, () => "no note in the backing");
        _ = first.WaitForCommand();
        RunningSession second = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("hello\n", SessionCommand.Run("t", TestHost.Probe, "cat", "/mnt/srv/shared/note").Execute().OutputText);
        Assert.NotEqual(first.Namespace("mnt"), second.Namespace("mnt"));
        Assert.False(File.Exists("/mnt/srv/shared/note"));

        string below = $"/run/nshelper/share/{key}/later";
        Directory.CreateDirectory(below);
        Posix.Mount("later", below, "tmpfs", 0, "");
        foreach (RunningSession session in new[] { first, second })
        {
            Assert.True(Wait.Happens(() => HasLater(session), 1000), "the mount did not arrive");
        }

        Posix.Unmount(below);
        foreach (RunningSession session in new[] { first, second })
        {
            Assert.True(Wait.Happens(() => !HasLater(session), 1000), "the mount did not leave");
        }
    }

    [Fact]
    public void Two_users_do_not_meet_in_a_share_of_scope_user()
    {
        ExpectShare("u12001.work");
        ExpectShare("u12003.work");
        Install(Profile("scope = \"user\""));
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", "echo private >/mnt/srv/shared/note").Execute().ExitStatus);
        SessionResult other = SessionCommand.Run("t", "/bin/ls", "-A", "/mnt/srv/shared").As(TestUser.Carol).Execute();
        Assert.Equal((0, ""), (other.ExitStatus, other.OutputText));
    }

    [Fact]
    public void Two_users_meet_in_a_share_of_their_group_and_others_are_refused()
    {
        ExpectShare("g12010.work");
        Install(Profile("scope = \"group\"\ngroup = \"nsok\""));
        SessionResult written = SessionCommand.Run("t", "/bin/sh", "-c", "echo ours >/mnt/srv/shared/note; stat -c '%a %g' /mnt/srv/shared").Execute();
        Assert.Equal("2770 12010\n", written.OutputText);
        Assert.Equal("ours\n", SessionCommand.Run("t", "/bin/cat", "/mnt/srv/shared/note").As(TestUser.Carol).Execute().OutputText);
        SessionResult bob = SessionCommand.Run("t", "/bin/true").As(TestUser.Bob).Execute();
        Assert.True(bob.IsRefusal, bob.ToString());
        Assert.Contains("nsok", bob.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_can_enter_the_backing_by_its_path()
    {
        ExpectShare("u12001.work");
        Install(Profile("scope = \"user\""));
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        SessionResult listing = SessionCommand.Run("t", "/bin/ls", "/run/nshelper/share").Execute();
        Assert.NotEqual(0, listing.ExitStatus);
        Assert.Contains("Permission denied", listing.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_share_that_is_read_only_for_the_session_cannot_be_written_through_it()
    {
        ExpectShare("u12001.work");
        Install(Profile("scope = \"user\"\naccess = \"ro\""));
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo x >/mnt/srv/shared/f").Execute();
        Assert.Contains("Read-only file system", result.ErrorText, StringComparison.Ordinal);
    }

    private static bool HasLater(RunningSession session) => session.Mounts().Any(mount => mount.Target == "/mnt/srv/shared/later");

    private static ProfileFile Profile(string scope) =>
        ProfileFile.ForAlice("t") with
        {
            Text = $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[share]]\nname = \"work\"\ntarget = \"/mnt/srv/shared\"\nsource = \"tmpfs\"\n{scope}\n",
        };
}
