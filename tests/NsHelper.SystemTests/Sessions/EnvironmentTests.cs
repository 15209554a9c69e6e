using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: what a command believes about its user and its libraries comes from its environment, which the caller writes.</summary>
public sealed class EnvironmentTests : SystemTest
{
    private static readonly string[] Hostile =
    [
        "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/evil", "PATH=/mnt/srv/evil:.", "NSHELPER_PROFILE=other", "NSHELPER_SESSION=forged", "LD_PRELOAD=/mnt/srv/x.so",
        "LD_AUDIT=/mnt/srv/x.so", "DOTNET_STARTUP_HOOKS=/mnt/srv/x.dll", "COMPlus_x=1", "BASH_ENV=/mnt/srv/x", "ENV=/mnt/srv/x", "BASH_FUNC_ls%%=() { id; }", "GLIBC_TUNABLES=a=b", "FOO=bar",
    ];

    [Fact]
    public void A_clean_environment_holds_the_identity_and_what_is_kept_and_nothing_else()
    {
        Install("t");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).WithEnvironment([.. Hostile, "TERM=xterm", "LANG=C.UTF-8", "LC_ALL=C", "TZ=UTC", "NO_COLOR=1"]).Execute().Probe;
        IReadOnlyList<string> environment = probe.EnvironmentText;
        Assert.Equal(
            ["HOME=/mnt/home/alice", "LANG=C.UTF-8", "LC_ALL=C", "LOGNAME=alice", "NO_COLOR=1", "NSHELPER_PROFILE=t", "SHELL=/bin/sh", "TERM=xterm", "TZ=UTC", "USER=alice"],
            environment.Where(entry => !entry.StartsWith("PATH=", StringComparison.Ordinal) && !entry.StartsWith("NSHELPER_SESSION=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        string path = Assert.Single(environment, entry => entry.StartsWith("PATH=", StringComparison.Ordinal))[5..];
        Assert.All(path.Split(':'), directory => Assert.StartsWith("/", directory, StringComparison.Ordinal));
        Assert.DoesNotContain("evil", path, StringComparison.Ordinal);
        Assert.Matches("^NSHELPER_SESSION=[0-9a-f]{32}$", Assert.Single(environment, entry => entry.StartsWith("NSHELPER_SESSION=", StringComparison.Ordinal)));
    }

    [Fact]
    public void With_policy_keep_names_that_load_code_are_still_left_out()
    {
        Install("t", "[environment]\npolicy = \"keep\"\nunset = [\"GONE\"]");
        IReadOnlyList<string> environment = SessionCommand.Run("t", TestHost.Probe).WithEnvironment([.. Hostile, "GONE=1"]).Execute().Probe.EnvironmentText;
        Assert.Contains("FOO=bar", environment);
        foreach (string entry in Hostile.Where(entry => entry != "FOO=bar").Append("GONE=1"))
        {
            Assert.DoesNotContain(entry, environment);
        }
    }

    [Theory]
    [InlineData("TZ=:/etc/shadow")]
    [InlineData("LANG=../../etc")]
    [InlineData("LC_ALL=%s%n")]
    [InlineData("TERM=/mnt/srv/terminfo")]
    [InlineData("COLORTERM=() { id; }")]
    public void A_kept_name_with_a_steering_value_is_left_out(string entry)
    {
        Install("t");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).WithEnvironment(entry).Execute().Probe;
        Assert.DoesNotContain(probe.EnvironmentText, found => found.StartsWith(entry.Split('=')[0] + "=", StringComparison.Ordinal));
    }

    [Fact]
    public void The_user_sets_only_what_the_profile_lists()
    {
        Install("t", "[environment]\nset = { FIXED = \"by %u\" }\nuser_vars = [\"MINE_*\"]");
        ProbeReport probe = SessionCommand.Helper("run", "--env", "MINE_A=1", "t", "--", TestHost.Probe).Execute().Probe;
        Assert.Contains("MINE_A=1", probe.EnvironmentText);
        Assert.Contains("FIXED=by alice", probe.EnvironmentText);
        foreach (string refused in new[] { "OTHER=1", "LD_PRELOAD=x", "HOME=/x", "MINE_A=() { id; }", "PATH=/x" })
        {
            SessionResult result = SessionCommand.Helper("run", "--env", refused, "t", "--", TestHost.Probe).Execute();
            Assert.True(result.IsRefusal, $"{refused}: {result}");
        }
    }

    [Fact]
    public void Of_two_entries_with_one_name_the_first_counts()
    {
        Install("t");
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).With("--env", Hex("TERM=first"), "--env", Hex("TERM=second"), "--env", Hex("=nameless"), "--env", Hex("no equals sign")).Execute().Probe;
        Assert.Equal(["TERM=first"], probe.EnvironmentText.Where(entry => entry.StartsWith("TERM", StringComparison.Ordinal)));
        Assert.All(probe.EnvironmentText, entry => Assert.True(entry.IndexOf('=', StringComparison.Ordinal) > 0, entry));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text));
}
