using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section C, cfg-expansion. A home directory that is no plain path, or nobody's, expanded into a mount (CVE-2018-10906, snapd 6b0a9b73).
/// </summary>
public sealed class ExpansionTests : SystemTest
{
    private const string Accounts = "/etc/passwd";

    public ExpansionTests()
    {
        Restore(Accounts);
        Install("t", "[[mount]]\ntarget = \"/mnt/srv\"\nsource = \"%h\"\n[[mount]]\ntarget = \"/tmp\"\ntype = \"tmpfs\"");
    }

    /// <summary>cfg-expansion: no path in normal form, the root, or a place of the kernel: no session, whatever stands in the environment.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData(".")]
    [InlineData("home/alice")]
    [InlineData("~root")]
    [InlineData("~")]
    [InlineData("$HOME")]
    [InlineData("/mnt/home/alice/")]
    [InlineData("/mnt/home//alice")]
    [InlineData("/mnt/home/./alice")]
    [InlineData("/mnt/home/alice/..")]
    [InlineData("/mnt/home/alice/../../../etc")]
    [InlineData("/mnt/home/alice\u001b[31m")]
    [InlineData("/mnt/home/alice\u0085")]
    [InlineData("/proc/1/root")]
    [InlineData("/proc/self/root/etc")]
    [InlineData("LONG")]
    public void An_evil_home_is_refused(string home)
    {
        SetHome(home == "LONG" ? "/" + new string('x', 5000) : home);
        SessionResult result = SessionCommand.Run("t", "/bin/true").WithEnvironment($"HOME={TestUser.Alice.Home}", "USER=alice").Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.All(result.Error, value => Assert.True(value is (>= 0x20 and < 0x7f) or (byte)'\n'));
    }

    /// <summary>cfg-expansion: what separates options elsewhere is part of a name here; no value is handed on with another one in a string.</summary>
    [Theory]
    [InlineData("/mnt/home/alice/a,upperdir=etc")]
    [InlineData("/mnt/home/alice/a,suid,dev")]
    [InlineData("/mnt/home/alice/a\\040b")]
    [InlineData("/mnt/home/alice/a b")]
    [InlineData("/mnt/home/alice/%h")]
    [InlineData("/mnt/home/alice/$(id)")]
    public void A_home_is_one_path_whatever_it_looks_like(string home)
    {
        Directory.CreateDirectory(home);
        Posix.Chown(home, TestUser.Alice.UserId, TestUser.Alice.GroupId);
        File.WriteAllText(home + "/mark", "");
        Posix.Chown(home + "/mark", TestUser.Alice.UserId, TestUser.Alice.GroupId);
        SetHome(home);
        Assert.Equal("mark\n", SessionCommand.Run("t", "/bin/ls", "/mnt/srv").Execute().OutputText);
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.Equal(0, trace.Result.ExitStatus);
        Assert.DoesNotContain(trace.HelperCalls, call => call.Name == "mount");
        Assert.All(trace.Named("fsconfig"), call => Assert.DoesNotContain(',', call.Text(3)));
        Assert.Contains(trace.Named("openat2"), call => call.Paths.Contains(home.Replace("\\", "\\\\", StringComparison.Ordinal)));
    }

    /// <summary>cfg-expansion: another's directory is taken with the caller's rights, and shows what the caller sees anyway.</summary>
    [Theory]
    [InlineData("/root")]
    [InlineData(TestHost.CanaryDirectory)]
    [InlineData("/mnt/home/bob")]
    public void The_home_of_another_gives_no_right_on_it(string home)
    {
        RootShell.Run($"chmod 0700 {TestUser.Bob.Home}");
        Undo(() => RootShell.Run($"chmod 0755 {TestUser.Bob.Home}"));
        SetHome(home);
        SessionResult result = SessionCommand.Run("t", "/bin/ls", "/mnt/srv").Execute();
        Assert.NotEqual(0, result.ExitStatus);
        Assert.Empty(result.Output);
    }

    private static void SetHome(string home)
    {
        string[] lines = File.ReadAllLines(Accounts);
        int alice = Array.FindIndex(lines, line => line.StartsWith("alice:", StringComparison.Ordinal));
        lines[alice] = $"alice:x:12001:12001:alice:{home}:/bin/sh";
        File.WriteAllLines(Accounts, lines);
    }
}
