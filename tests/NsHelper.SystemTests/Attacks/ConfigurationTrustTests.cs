using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section C. Configuration that somebody else than root could have shaped (CVE-2016-10119), found elsewhere (CVE-2025-32463), a parser that
/// falls over (CVE-2025-7519), and checkers that print files of root (CVE-2025-46804, CVE-2022-29869).
/// </summary>
public sealed class ConfigurationTrustTests : SystemTest
{
    private const string Path = TestHost.ProfileDirectory + "/t.toml";

    /// <summary>cfg-ownership: each defect by itself, and the same profile without one works before and after.</summary>
    [Theory]
    [InlineData("chown 12001 F")]
    [InlineData("chmod g+w F")]
    [InlineData("chmod o+w F")]
    [InlineData("setfacl -m u:12001:rw F")]
    [InlineData("chmod o+w D")]
    [InlineData("chmod g+w D")]
    [InlineData("chown 12001 D")]
    [InlineData("chmod o+w /etc/nshelper")]
    [InlineData("mv F /mnt/srv/real.toml; ln -s /mnt/srv/real.toml F")]
    [InlineData("ln F /mnt/srv/other 2>/dev/null || ln F D/other.txt")]
    [InlineData("rm F; mkfifo F")]
    [InlineData("rm F; mknod F c 1 5")]
    [InlineData("rm F; mkdir F")]
    [InlineData("rm F; : >F")]
    [InlineData("mkdir -m 0777 F.d")]
    [InlineData("mkdir -m 0755 F.d; echo 'schema = 1' >F.d/a.toml; chmod o+w F.d/a.toml")]
    [InlineData("mkdir -m 0755 F.d; echo 'schema = 1' >F.d/a.toml; chown 12001 F.d/a.toml")]
    [InlineData("mkdir -m 0755 F.d; ln -s F F.d/a.toml")]
    [InlineData("ln -s D F.d")]
    [InlineData("echo 'schema = 1' >F.d")]
    [InlineData("ln -sf /dev/zero F")]
    public void A_profile_others_could_have_shaped_is_refused(string defect)
    {
        Install("t");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Undo(() => RootShell.Run($"rm -rf {TestHost.ProfileDirectory} /mnt/srv/real.toml /mnt/srv/other; mkdir -m 0755 {TestHost.ProfileDirectory}; chown root:root /etc/nshelper; chmod 0755 /etc/nshelper"));
        RootShell.Run(defect.Replace("F", Path, StringComparison.Ordinal).Replace("D", TestHost.ProfileDirectory, StringComparison.Ordinal));
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.False(result.TimedOut, result.ToString());
        Assert.Empty(result.Output);
        Assert.StartsWith("nshelper: ", result.ErrorText[result.ErrorText.IndexOf("nshelper: ", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_in_a_profiles_place_is_told_as_one()
    {
        Install("t");
        RootShell.Run($"mv {Path} /mnt/srv/real.toml; ln -s /mnt/srv/real.toml {Path}");
        Undo(() => RootShell.Run($"rm -f {Path} /mnt/srv/real.toml"));
        Assert.Equal($"nshelper: cannot use the configuration: {Path} is a symbolic link\n", SessionCommand.Run("t", "/bin/true").Execute().ErrorText);
    }

    /// <summary>cfg-alt-location: the places are compiled in; no variable, directory or file of the caller is looked at.</summary>
    [Fact]
    public void Configuration_comes_from_two_places_and_no_other()
    {
        Install("t");
        string home = TestUser.Alice.Home;
        TestUser.Alice.MakeDirectory(".config");
        TestUser.Alice.Write("nshelper.toml", "schema = 1\n");
        TestUser.Alice.Write("evil.toml", "schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n");
        foreach (string directory in new[] { "profiles", ".config/nshelper/profiles", "nshelper/profiles" })
        {
            Directory.CreateDirectory($"{home}/{directory}");
            File.Copy($"{home}/evil.toml", $"{home}/{directory}/evil.toml");
        }

        RootShell.Run($"chown -R {TestUser.Alice.UserId} {home}");
        string[] variables =
        [
            $"HOME={home}", $"XDG_CONFIG_HOME={home}/.config", $"XDG_CONFIG_DIRS={home}", $"XDG_DATA_DIRS={home}",
            $"NSHELPER_CONFIG={home}/nshelper.toml", $"NSHELPER_PROFILES={home}", $"NSHELPER_PROFILE={home}/evil.toml",
        ];
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").In(home).WithEnvironment(variables).Execute().ExitStatus);

        // A profile that is not there is looked for wherever there is a place to look; components are opened one by one.
        Trace trace = Trace.Of(SessionCommand.Run("evil", "/bin/true").In(home).WithEnvironment(variables));
        Assert.Equal(125, trace.Result.ExitStatus);
        Assert.Equal(2, trace.HelperCalls.Count(call => call.Paths.Contains("evil.toml")));
        Assert.DoesNotContain(trace.HelperCalls.Skip(1).SelectMany(call => call.Paths), path => path.Split('/').Intersect(["home", "alice", ".config"]).Any());
        Assert.NotEqual(0, SessionCommand.Helper("run", "--config", "evil.toml", "t").In(home).Execute().ExitStatus);
    }

    /// <summary>cfg-parser-bomb: each a typed refusal in one piece and at once.</summary>
    [Theory]
    [InlineData("[", 60_000, "nested deeper than 16")]
    [InlineData("a.", 30_000, "more than 16 parts")]
    [InlineData("{a=", 20_000, "nested deeper than 16")]
    [InlineData("x = \"\\", 1, "")]
    [InlineData("a = 1\n", 10_000, "")]
    [InlineData("\0", 100, "NUL")]
    [InlineData("[[mount]]\n", 6_000, "")]
    [InlineData("# padding\n", 7_000, "larger than 65536 bytes")]
    public void A_bomb_is_refused_at_once(string piece, int times, string bound)
    {
        Install(new ProfileFile("bomb", "schema = 1\nz = " + string.Concat(Enumerable.Repeat(piece, times))));
        SessionResult result = SessionCommand.Run("bomb", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 2);
        Assert.Contains(bound, result.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>cfg-oracle: check reads what the caller may read; the harness fails every test in whose output the canary shows.</summary>
    [Theory]
    [InlineData(TestHost.CanaryFile)]
    [InlineData("/etc/shadow")]
    [InlineData("/proc/1/environ")]
    [InlineData("/mnt/home/alice/link")]
    public void Check_shows_nothing_the_caller_may_not_read(string file)
    {
        File.CreateSymbolicLink("/mnt/home/alice/link", TestHost.CanaryFile);
        Posix.Chown("/mnt/home/alice/link", TestUser.Alice.UserId, TestUser.Alice.GroupId);
        SessionResult result = SessionCommand.Helper("check", file).Execute();
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains("permission denied", result.ErrorText, StringComparison.Ordinal);
        Trace trace = Trace.Of(SessionCommand.Helper("check", file));
        int dropped = trace.HelperCalls.ToList().FindIndex(call => call.Name == "setresuid" && call.Line.Contains("(12001, 12001, 12001)", StringComparison.Ordinal));
        int opened = trace.HelperCalls.ToList().FindIndex(call => call.Paths.Contains(file));
        Assert.InRange(dropped, 0, opened);
    }
}
