using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section D, authz-one-object. What was authorised is not what runs: configuration read twice, arguments put together again, a search
/// after the check (CVE-2023-22809, CVE-2005-1993, CVE-2015-5602).
/// </summary>
public sealed class OneObjectTests : SystemTest
{
    private const string Profile = TestHost.ProfileDirectory + "/t.toml";
    private const string Settings = "/etc/nshelper/nshelper.toml";

    public OneObjectTests() => Undo(() => RootShell.Run($"rm -rf {Settings} {Settings}.d {Profile}.d {TestHost.ProfileDirectory}/base.toml"));

    /// <summary>authz-one-object: each file is opened once, and by nobody after the decision.</summary>
    [Fact]
    public void Every_file_of_the_configuration_is_read_once()
    {
        InstallAll();
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.Equal(0, trace.Result.ExitStatus);
        foreach (string file in (string[])["nshelper.toml", "10.toml", "t.toml", "20.toml", "base.toml"])
        {
            Assert.Single(trace.Named("openat2", "openat", "open"), call => call.Paths.Any(path => System.IO.Path.GetFileName(path) == file));
        }

        List<SystemCall> calls = [.. trace.HelperCalls];
        int decided = calls.FindIndex(call => call.Name == "sendto" || call.Name == "capset");
        Assert.DoesNotContain(calls[decided..].SelectMany(call => call.Paths), path => path.EndsWith(".toml", StringComparison.Ordinal));
    }

    /// <summary>authz-one-object: what the administrator changes while the helper stands still is for the next start.</summary>
    [Fact]
    public void What_changes_after_the_decision_changes_nothing_of_this_session()
    {
        InstallAll();
        Trace trace = HeldHelper.At(SessionCommand.Run("t", TestHost.Probe), ("unshare", 1), _ => RootShell.Run($"printf 'schema = 1\\n[allow]\\ncommands = \"any\"\\n' >{Profile}.new; mv {Profile}.new {Profile}; rm -r {Profile}.d; echo '[allow]' >{Settings}"));
        Assert.Contains("DROPIN=20", trace.Result.Probe.EnvironmentText);
        Assert.Contains("SITE=10", trace.Result.Probe.EnvironmentText);
        Assert.True(SessionCommand.Run("t", "/bin/true").Execute().IsRefusal);
    }

    /// <summary>authz-one-object: the command that is executed is the one that was decided on, word for word; a second "--" is a word of it, and a bare name is looked for among what is listed alone.</summary>
    [Fact]
    public void What_is_executed_is_what_was_decided()
    {
        RootShell.Run("mkdir -p /mnt/srv/first /mnt/srv/second; cp /bin/false /mnt/srv/first/tool; cp /bin/echo /mnt/srv/second/tool");
        Undo(() => RootShell.Run("rm -r /mnt/srv/first /mnt/srv/second"));
        Install(new ProfileFile("t", "schema = 1\n[allow]\nusers = [\"alice\"]\n[[command]]\npath = \"/mnt/srv/second/tool\"\n[environment]\npath = [\"/mnt/srv/first\", \"/mnt/srv/second\"]\n"));
        Trace trace = Trace.Of(SessionCommand.Run("t", "tool", "--", "-n", "/etc/passwd", ""));
        Assert.Equal((0, "-- -n /etc/passwd \n"), (trace.Result.ExitStatus, trace.Result.OutputText));
        Assert.DoesNotContain(trace.HelperCalls.SelectMany(call => call.Paths), path => path.StartsWith("/mnt/srv/first", StringComparison.Ordinal));
        SystemCall execution = trace.HelperCalls[^1];
        Assert.Equal("execve", execution.Name);
        Assert.Equal("/mnt/srv/second/tool", execution.Text(0));
        Assert.True(SessionCommand.Run("t", "/mnt/srv/second/../first/tool").Execute().IsRefusal);
        Assert.True(SessionCommand.Run("t", "/mnt/srv/first/tool").Execute().IsRefusal);
    }

    private void InstallAll()
    {
        Install(new ProfileFile("t", "schema = 1\nextends = \"base\"\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n"));
        RootShell.Run($"""
            printf 'schema = 1\nabstract = true\n' >{TestHost.ProfileDirectory}/base.toml
            mkdir {Profile}.d {Settings}.d
            printf 'schema = 1\nenvironment.set.DROPIN = "20"\n' >{Profile}.d/20.toml
            printf '[allow]\nusers = ["alice"]\n' >{Settings}
            printf 'defaults.environment.set.SITE = "10"\n' >{Settings}.d/10.toml
            """);
    }
}
