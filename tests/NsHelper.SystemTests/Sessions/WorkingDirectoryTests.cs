using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a command started in another directory than expected writes or deletes the wrong files.</summary>
public sealed class WorkingDirectoryTests : SystemTest
{
    public WorkingDirectoryTests() => Directory.CreateDirectory(Temporary("/mnt/srv/place"));

    [Theory]
    [InlineData("", "/mnt/srv/place")]
    [InlineData("working_directory = \"~\"", "/mnt/home/alice")]
    [InlineData("working_directory = \"/usr\"", "/usr")]
    [InlineData("working_directory = \"/absent\"\nworking_directory_fallback = \"/usr\"", "/usr")]
    [InlineData("working_directory = \"/absent\"", "/")]
    public void The_profile_says_where_the_command_starts(string settings, string expected)
    {
        Install("t", $"[root]\n{settings}");
        Assert.Equal(expected, SessionCommand.Run("t", TestHost.Probe).In("/mnt/srv/place").Execute().Probe.Text("cwd"));
    }

    [Fact]
    public void The_user_chooses_with_chdir_and_a_directory_that_is_not_there_ends_the_start()
    {
        Install("t");
        Assert.Equal("/usr/share", SessionCommand.Helper("run", "--chdir", "/usr/share", "t", "--", TestHost.Probe).Execute().Probe.Text("cwd"));
        SessionResult absent = SessionCommand.Helper("run", "--chdir", "/absent", "t", "--", TestHost.Probe).Execute();
        Assert.True(absent.IsRefusal, absent.ToString());
        Assert.Contains("/absent", absent.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void Chdir_is_done_with_the_users_rights()
    {
        Install("t");
        SessionResult result = SessionCommand.Helper("run", "--chdir", TestHost.CanaryDirectory, "t", "--", TestHost.Probe).Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains("ermission denied", result.ErrorText, StringComparison.Ordinal);
    }
}
