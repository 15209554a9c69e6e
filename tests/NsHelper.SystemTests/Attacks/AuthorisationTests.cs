using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section D. What is not permitted is denied and looks like what is not there (CVE-2025-46717), identity is the kernel's word
/// (CVE-2018-1116, CVE-2025-32462), names are looked up before the tree changes (CVE-2025-32463), and a failed check ends the start (smb4k).
/// </summary>
public sealed class AuthorisationTests : SystemTest
{
    /// <summary>In one process: an injection counts in each, and what comes after the decision is not looked at here.</summary>
    public AuthorisationTests() => Install("t", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");

    /// <summary>authz-default-deny: bob and every profile, and a profile that is not there: the same words.</summary>
    [Fact]
    public void Denied_and_unknown_look_the_same()
    {
        string unknown = Message("unknown");
        Assert.Equal(unknown, Message("t"));
        foreach (string profile in Directory.GetFiles(TestHost.VendorProfileDirectory, "*.toml").Select(file => Path.GetFileNameWithoutExtension(file)))
        {
            Assert.Equal(unknown, Message(profile));
        }

        Assert.Empty(SessionCommand.Helper("profiles").As(TestUser.Bob).Execute().Output);
        Assert.Equal("t\n", SessionCommand.Helper("profiles", "-q").Execute().OutputText);

        string Message(string profile)
        {
            SessionResult result = SessionCommand.Run(profile, "/bin/true").As(TestUser.Bob).Execute();
            Assert.True(result.IsRefusal, result.ToString());
            return result.ErrorText.Replace($"run {profile}:", "run NAME:", StringComparison.Ordinal);
        }
    }

    /// <summary>authz-default-deny: no account, no session; root is not among everybody.</summary>
    [Fact]
    public void Who_has_no_account_or_is_root_gets_nothing()
    {
        Install(new ProfileFile("everybody", "schema = 1\n[allow]\nusers = [\"*\"]\ngroups = [\"*\"]\ncommands = \"any\"\n"));
        Assert.Equal(0, SessionCommand.Run("everybody", "/bin/true").As(TestUser.Bob).Execute().ExitStatus);
        Assert.True(SessionCommand.Run("everybody", "/bin/true").As(new TestUser("nobody-here", 12099, 12099, 12099)).Execute().IsRefusal);
        Assert.True(SessionCommand.Run("everybody", "/bin/true").As(TestUser.Root).Execute().IsRefusal);
    }

    /// <summary>By name and by number.</summary>
    [Fact]
    public void A_denied_user_is_denied_whatever_else_allows()
    {
        Install(new ProfileFile("g", "schema = 1\n[allow]\nusers = [\"*\", \"carol\", \"#12002\"]\ngroups = [\"nsok\"]\ndeny_users = [\"carol\", \"#12002\"]\ncommands = \"any\"\n"));
        Assert.Equal(0, SessionCommand.Run("g", "/bin/true").Execute().ExitStatus);
        Assert.True(SessionCommand.Run("g", "/bin/true").As(TestUser.Carol).Execute().IsRefusal);
        Assert.True(SessionCommand.Run("g", "/bin/true").As(TestUser.Bob).Execute().IsRefusal);
    }

    /// <summary>authz-groups in part: a deny group counts by the database too, when the kernel's list lacks it.</summary>
    [Fact]
    public void A_denied_group_cannot_be_shed()
    {
        Install(new ProfileFile("g", "schema = 1\n[allow]\ngroups = [\"nsok\"]\ndeny_groups = [\"nsdeny\"]\ncommands = \"any\"\n"));
        Assert.Equal(0, SessionCommand.Run("g", "/bin/true").Execute().ExitStatus);
        Assert.True(SessionCommand.Run("g", "/bin/true").As(TestUser.Carol).Execute().IsRefusal);
        Assert.True(SessionCommand.Run("g", "/bin/true").As(TestUser.Carol with { Groups = [TestUser.AllowedGroup] }).Execute().IsRefusal);
    }

    /// <summary>authz-identity: variables say root, the kernel says alice.</summary>
    [Fact]
    public void No_variable_changes_who_the_caller_is()
    {
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe)
            .WithEnvironment("USER=root", "LOGNAME=root", "SUDO_UID=0", "SUDO_USER=root", "HOME=/root", "UID=0", "PKEXEC_UID=0").Execute().Probe;
        Confinement.MustBeWhole(probe, TestUser.Alice);
        Assert.Contains("USER=alice", probe.EnvironmentText);
        Assert.Contains("HOME=/mnt/home/alice", probe.EnvironmentText);
        Assert.True(SessionCommand.Run("t", "/bin/true").As(TestUser.Bob).WithEnvironment("USER=alice", "LOGNAME=alice", "SUDO_UID=12001").Execute().IsRefusal);
    }

    /// <summary>authz-runas (CVE-2019-14287): there is no run-as, and what would be one in another program is refused, whoever is named and however.</summary>
    [Theory]
    [InlineData("root")]
    [InlineData("0")]
    [InlineData("#0")]
    [InlineData("-1")]
    [InlineData("#-1")]
    [InlineData("+0")]
    [InlineData(" root")]
    [InlineData("1e3")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    public void Nobody_becomes_another_user(string name)
    {
        bool isName = name == "root";
        foreach (string[] question in (string[][])[["allowed", "-U", name, "t"], ["explain", "--as-user", name, "t", "--", "/bin/true"]])
        {
            Trace trace = Trace.Of(SessionCommand.Helper(question));
            Assert.Equal((isName ? 1 : 2, ""), (trace.Result.ExitStatus, trace.Result.OutputText));
            Assert.Contains(isName ? "only root may ask about another user" : "is not a user name", trace.Result.ErrorText, StringComparison.Ordinal);
            Assert.DoesNotContain(trace.HelperCalls, call => call.Name == "setgroups" || call.Paths.Any(path => path.EndsWith(".toml", StringComparison.Ordinal)));
            Assert.Equal(isName ? 1 : 2, SessionCommand.Helper(question).As(TestUser.Root).Execute().ExitStatus);
        }

        Assert.True(SessionCommand.Helper("run", "-U", name, "t", "--", "/bin/true").Execute().IsRefusal);
        Assert.True(SessionCommand.Helper("run", "--as-user", name, "t", "--", "/bin/true").As(TestUser.Root).Execute().IsRefusal);
        foreach (string key in (string[])["identity.user", "identity.run_as", "identity.uid", "identity.group", "run_as", "user"])
        {
            Install(new ProfileFile("runas", $"schema = 1\n{key} = \"{name}\"\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n"));
            SessionResult result = SessionCommand.Run("runas", TestHost.Probe).Execute();
            Assert.Equal((125, ""), (result.ExitStatus, result.OutputText));
            Assert.Contains("unknown key", result.ErrorText, StringComparison.Ordinal);
        }
    }

    /// <summary>authz-nss-order: behind the first unshare no account database, no library, no locale is opened.</summary>
    [Fact]
    public void Names_are_looked_up_before_the_namespace_is_left()
    {
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        List<SystemCall> calls = [.. trace.HelperCalls];
        int left = calls.FindIndex(call => call.Name == "unshare");
        Assert.Contains(calls[..left].SelectMany(call => call.Paths), path => path == "/etc/passwd");
        Assert.DoesNotContain(
            calls[left..].Where(call => call.Name != "execve").SelectMany(call => call.Paths),
            path => path.StartsWith("/etc", StringComparison.Ordinal) || path.Contains("lib", StringComparison.Ordinal) || path.Contains("locale", StringComparison.Ordinal) || path.Contains("nscd", StringComparison.Ordinal));
    }

    /// <summary>authz-error-path: whatever call of the authorisation fails, no namespace is left and nothing runs, unless the failure changes nothing.</summary>
    [Fact]
    public void No_failed_call_before_the_decision_opens_the_way()
    {
        foreach ((SystemCall call, Trace trace) in WithEachCallFailing(SessionCommand.Run("t", TestHost.Probe)))
        {
            Confinement.MustBeWholeOrAbsent(trace.Result, TestUser.Alice, $"EIO at {call.Line}");
            Assert.False(trace.CommandStarted && call.Name is "setresuid" or "setresgid", $"{call.Line} failed, and the start went on with the ids it had");
            if (!trace.CommandStarted)
            {
                Assert.False(trace.HelperCalls.Any(other => other.Name is "unshare" or "move_mount" or "fsopen"), $"EIO at {call.Line} was found out too late: {trace}");
            }
        }
    }

    /// <summary>authz-error-path: no failure turns a refusal into a start: not a user's, not a file's that cannot be trusted, not the site's.</summary>
    [Fact]
    public void No_failed_call_turns_a_refusal_into_a_start()
    {
        Install(ProfileFile.ForAlice("alices") with { Owner = TestUser.Alice.UserId });
        MustStayRefused(SessionCommand.Run("t", TestHost.Probe).As(TestUser.Bob));
        MustStayRefused(SessionCommand.Run("alices", TestHost.Probe));

        // Nobody reads the log here.
        File.WriteAllText(Temporary("/etc/nshelper/nshelper.toml"), "[log]\nrequired = true\n");
        MustStayRefused(SessionCommand.Run("t", TestHost.Probe));
    }

    private static void MustStayRefused(SessionCommand command)
    {
        foreach ((SystemCall call, Trace trace) in WithEachCallFailing(command))
        {
            Assert.False(trace.CommandStarted, $"EIO at {call.Line}: {trace}");
            Assert.DoesNotContain(trace.HelperCalls, other => other.Name is "unshare" or "capset");
        }
    }

    /// <summary>The same start once for each call from the change of ids to the decision, with that call failing.</summary>
    private static IEnumerable<(SystemCall Call, Trace Trace)> WithEachCallFailing(SessionCommand command)
    {
        List<SystemCall> calls = [.. Trace.Of(command).HelperCalls];
        int first = calls.FindIndex(call => call.Name == "setresgid");
        int last = calls.FindIndex(call => call.Name is "capset" or "exit_group");
        var counts = new Dictionary<string, int>();
        for (int i = 1; i < last; i++)
        {
            int when = counts[calls[i].Name] = counts.GetValueOrDefault(calls[i].Name) + 1;
            if (i >= first && calls[i].Name is not ("brk" or "mmap" or "mprotect" or "madvise" or "munmap"))
            {
                yield return (calls[i], Trace.Of(command, Injection.Fault(calls[i].Name, "EIO", when)));
            }
        }
    }
}
