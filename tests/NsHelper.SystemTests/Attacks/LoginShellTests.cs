using System.Net.Sockets;
using System.Text;
using NsHelper.SystemTests.Harness;
using NsHelper.SystemTests.Logins;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: arg-login-shell. Restricted shells (rssh and scponly, CVE-2019-3463) fell to options in the command, to a second program that
/// looked at it, and to errors after which there was an unrestricted shell. Here the command is one argument and every error is a refusal.
/// </summary>
public sealed class LoginShellTests : LoginTest
{
    private const string Script = "readlink /proc/self/ns/mnt; id";

    /// <summary>Each would print uid= from a shell that was not to be there.</summary>
    private static readonly string[][] Forms = [["-c", Script], [], ["-l"], ["-l", "-c", Script]];

    public static TheoryData<string, string?, string?> Wrong => new()
    {
        { "there is no /etc/nshelper/login.toml", null, Good },
        { "/etc/nshelper/login.toml has no profile for this user", "schema = 1\n", Good },
        { "/etc/nshelper/login.toml has no profile for this user", "schema = 1\nfallback = \"deny\"\n[[map]]\nusers = [\"alice\"]\ngroups = [\"nsok\"]\nprofile = \"t\"\n", Good },
        { "its configuration has mistakes", "schema = 1\nfallback = \"/bin/sh\"\n", Good },
        { "its configuration has mistakes", "schema = 1\n[[map]\nusers = [\"lena\"]\nprofile = \"t\"\n", Good },
        { "its configuration has mistakes", "[[map]]\nusers = [\"lena\"]\nprofile = \"t\"\n", Good },
        { "its configuration has mistakes", "schema = 1\n[[map]]\nusers = [\"lena\"]\nprofile = \"../t\"\n", Good },
        { "no such profile, or not yours to use", "schema = 1\n[[map]]\nusers = [\"lena\"]\nprofile = \"none\"\n", Good },
        { "no such profile, or not yours to use", Mapped, null },
        { "no such profile, or not yours to use", Mapped, "schema = 1\n[allow]\nusers = [\"alice\"]\nverbs = [\"login\"]\n[login]\n" },
        { "no such profile, or not yours to use", Mapped, "schema = 1\n[allow]\nusers = [\"lena\"]\ndeny_users = [\"lena\"]\nverbs = [\"login\"]\n[login]\n" },
        { "no such profile, or not yours to use", Mapped, "schema = 1\n[allow]\nusers = [\"lena\"]\ncommands = \"any\"\n[login]\n" },
        { "no such profile, or not yours to use", Mapped, "schema = 1\nenabled = false\n[allow]\nusers = [\"lena\"]\nverbs = [\"login\"]\n[login]\n" },
        { "no such profile, or not yours to use", Mapped, "schema = 1\nabstract = true\n[allow]\nusers = [\"lena\"]\nverbs = [\"login\"]\n[login]\n" },
        { "its configuration has mistakes", Mapped, "schema = 1\n[allow]\nusers = [\"lena\"]\nverbs = [\"login\"]\n" },
        { "its configuration has mistakes", Mapped, "schema = 1\n[allow]\nusers = [\"lena\"]\nverbs = [\"login\"]\n[login]\nshel = \"/bin/bash\"\n" },
        { "session.scope is not available in this version", Mapped, $"{Good}[session]\nscope = \"user\"\n" },
        { "does not exist", Mapped, $"{Good}[[mount]]\nsource = \"/mnt/none\"\ntarget = \"/mnt/srv\"\n" },
    };

    private const string Mapped = "schema = 1\n[[map]]\nusers = [\"lena\"]\nprofile = \"t\"\n";
    private const string Good = "schema = 1\n[allow]\nusers = [\"lena\"]\nverbs = [\"login\"]\n[login]\n";

    [Fact]
    public void What_is_right_is_a_session()
    {
        Install(new ProfileFile("t", Good));
        InstallMap(Mapped);
        foreach (string[] form in Forms)
        {
            SessionResult result = Shell("nshelper-shell", form).WithInput($"{Script}\n").Execute();
            Assert.True(result.ExitStatus == 0 && result.OutputText.Contains("uid=12004(lena)", StringComparison.Ordinal), result.ToString());
            Assert.DoesNotContain(HostMounts, result.OutputText, StringComparison.Ordinal);
            Assert.Matches(@"mnt:\[\d+\]", result.OutputText);
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_missing_or_wrong_gives_one_message_and_no_shell(string reason, string? map, string? profile)
    {
        if (map is not null)
        {
            InstallMap(map);
        }

        if (profile is not null)
        {
            Install(new ProfileFile("t", profile));
        }

        foreach (string[] form in Forms)
        {
            Refused(Shell("-nshelper-shell", form), reason);
        }
    }

    [Fact]
    public void A_map_that_others_could_have_written_or_that_cannot_be_read_lets_nobody_in()
    {
        Install(new ProfileFile("t", Good));
        InstallMap(Mapped);
        File.SetUnixFileMode(Map, (UnixFileMode)0b110_110_100);
        Refused(Shell("nshelper-shell", "-c", Script), "/etc/nshelper/login.toml is writable by its group or others");
        File.SetUnixFileMode(Map, Modes.OwnerOnlyFile);
        Refused(Shell("nshelper-shell", "-c", Script), "/etc/nshelper/login.toml");
        File.SetUnixFileMode(Map, Modes.PublicFile);
        Posix.Chown(Map, TestUser.Lena.UserId, 0);
        Refused(Shell("nshelper-shell", "-c", Script), "/etc/nshelper/login.toml is not owned by root");
        File.Delete(Map);
        File.CreateSymbolicLink(Map, TestUser.Lena.Write("login.toml", Mapped));
        Refused(Shell("nshelper-shell", "-c", Script), "/etc/nshelper/login.toml is a symbolic link");
    }

    [Fact]
    public void Without_its_setuid_bit_it_is_no_shell()
    {
        Install(new ProfileFile("t", Good));
        InstallMap(Mapped);
        string copy = Temporary("/mnt/probe/nshelper-shell");
        File.Copy(TestHost.Helper, copy);
        File.SetUnixFileMode(copy, Modes.Executable);
        foreach (string[] form in Forms)
        {
            Refused(Shell("nshelper-shell", form) with { File = copy }, "no root rights");
            Refused(Shell("nshelper-shell", form).With("--no-new-privs"), "no root rights");
        }
    }

    [Theory]
    [InlineData("-i")]
    [InlineData("-s")]
    [InlineData("-f")]
    [InlineData("-lc", Script)]
    [InlineData("-c")]
    [InlineData("-c", Script, "-c", Script)]
    [InlineData("-c", Script, "x")]
    [InlineData("-c", Script, "-l")]
    [InlineData("-l", "-l")]
    [InlineData("--", "-c", Script)]
    [InlineData("--login")]
    [InlineData("--rcfile", "/mnt/home/lena/x")]
    [InlineData("-o", "allexport")]
    [InlineData("/mnt/home/lena/x")]
    [InlineData("run", "t", "--", "/usr/bin/id")]
    [InlineData("shell", "t")]
    [InlineData("--version")]
    [InlineData("")]
    public void Every_other_command_line_is_refused(params string[] words)
    {
        Install(new ProfileFile("t", Good));
        InstallMap(Mapped);
        foreach (string name in new[] { "nshelper-shell", "-nshelper-shell", "/mnt/bin/nshelper-shell" })
        {
            Refused(Shell(name, words), "nshelper-shell: ");
        }
    }

    /// <summary>What a shell, an option parser or nshelper itself could read in the command: one argument comes in, byte for byte.</summary>
    [Theory]
    [InlineData("--json-status-fd 3")]
    [InlineData("-c id; id -c")]
    [InlineData("run t -- /usr/bin/id")]
    [InlineData("'\"$(id)`id`\\\n;&&|*?~{a,b}")]
    [InlineData("--")]
    [InlineData("-l")]
    [InlineData("/usr/lib/openssh/sftp-server")]
    [InlineData(" ")]
    [InlineData("\u00e9\uff07")]
    public void The_command_is_one_argument_that_nobody_looks_into(string command)
    {
        Install(Profile("t", "shell = \"/usr/bin/printf\"\nshell_args = [\"<%s>\"]"));
        InstallMap(Mapped);
        SessionResult result = Shell("-nshelper-shell", "-c", command).Execute();
        Assert.True(result.OutputText == $"<-c><{command}>", result.ToString());
        Assert.Equal("<-c><" + command + ">", Shell("nshelper-shell", "-l", "-c", command).Execute().OutputText);
    }

    [Fact]
    public void Su_leads_into_the_session_with_a_dash_and_without()
    {
        Install(Profile("t", "shell = \"/bin/bash\""));
        InstallMap(Mapped);
        foreach ((string words, string place, string name) in new[]
        {
            ("- lena -c", TestUser.Lena.Home, "-bash"), ("lena -c", "/srv", "bash"), ("-l lena -c", TestUser.Lena.Home, "-bash"),
        })
        {
            string[] lines = RootShell.Run($"cd /srv; su {words} 'readlink /proc/self/ns/mnt; pwd; echo $0; id -un'");
            Assert.NotEqual(HostMounts, lines[0]);
            Assert.Equal([place, name, "lena"], lines[1..]);
        }

        File.Delete(Map);
        Assert.Throws<InvalidOperationException>(() => RootShell.Run("su - lena -c id 2>/dev/null"));
        File.WriteAllText(Map, Mapped);
    }

    [Fact]
    public void Login_leads_into_the_session()
    {
        Install(Profile("t", ""));
        InstallMap(Mapped);

        // login(1) records who logged in; another /var/log keeps that from the host.
        string shown = string.Join('\n', RootShell.Run("printf 'readlink /proc/self/ns/mnt; echo \"<$0>\"; exit\\n' | unshare --mount --propagation slave sh -c \"mount -n -t tmpfs none /var/log; script -qec 'login -f lena' /dev/null\""));
        Assert.Contains("<-sh>", shown, StringComparison.Ordinal);
        Assert.Matches(@"mnt:\[\d+\]", shown);
        Assert.DoesNotContain(HostMounts, shown, StringComparison.Ordinal);
    }

    /// <summary>Who administers the host finds every login and every refusal, with its reason, and no word of the command.</summary>
    [Fact]
    public void The_log_has_every_login_and_every_refusal()
    {
        using Socket log = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 2000 };
        log.Bind(new UnixDomainSocketEndPoint(Temporary("/dev/log")));
        File.SetUnixFileMode("/dev/log", (UnixFileMode)0b110_110_110);
        SessionCommand login = Shell("nshelper-shell", "-c", "true secret-word");
        Assert.Contains("deny verb=\"login\" uid=\"12004\" user=\"lena\" reason=\"there is no /etc/nshelper/login.toml", Next(login, log), StringComparison.Ordinal);
        InstallMap(Mapped);
        Assert.Contains("deny verb=\"login\" uid=\"12004\" user=\"lena\" profile=\"t\" reason=\"no such profile", Next(login, log), StringComparison.Ordinal);
        Install(new ProfileFile("t", Good));
        string permit = Next(login, log);
        Assert.Contains("permit verb=\"login\" uid=\"12004\" user=\"lena\" profile=\"t\"", permit, StringComparison.Ordinal);
        Assert.Contains("command=\"/bin/sh\"", permit, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", permit, StringComparison.Ordinal);
        File.SetUnixFileMode(Map, (UnixFileMode)0b110_110_110);
        Assert.Contains("deny verb=\"login\" uid=\"12004\" reason=\"cannot use the configuration: /etc/nshelper/login.toml is writable", Next(login, log), StringComparison.Ordinal);
        Assert.Contains("deny verb=\"login\" uid=\"12004\" reason=\"cannot start: no root rights", Next(login.With("--no-new-privs"), log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_verb_shell_is_the_profiles_too_and_a_list_of_commands_gives_none()
    {
        Install(Profile("t", "shell = \"/bin/bash\"", allow: "users = [\"alice\"]\nverbs = [\"shell\"]"));
        Install(new ProfileFile("listed", "schema = 1\n[allow]\nusers = [\"alice\"]\n[[command]]\npath = \"/bin/true\"\n"));
        SessionResult shell = SessionCommand.Helper("shell", "t").WithInput("echo $0 $SHELL; readlink /proc/self/ns/mnt; exit 4\n").Execute();
        Assert.True(shell.ExitStatus == 4 && shell.OutputText.StartsWith("bash /bin/bash\n", StringComparison.Ordinal), shell.ToString());
        Assert.DoesNotContain(HostMounts, shell.OutputText, StringComparison.Ordinal);
        Refused(SessionCommand.Helper("shell", "listed"), "the profile has no shell: it has no [login]");
        Refused(SessionCommand.Helper("shell", "t").As(TestUser.Bob), "no such profile, or not yours to use");
        Refused(SessionCommand.Run("t", "/bin/true"), "no such profile, or not yours to use");
    }

    /// <summary>A login that will be refused is found before its user finds it.</summary>
    [Fact]
    public void Check_tells_of_a_map_that_leads_nowhere()
    {
        Install(new ProfileFile("t", Good));
        Install(new ProfileFile("run", "schema = 1\n[allow]\nusers = [\"lena\"]\ncommands = \"any\"\n"));
        InstallMap($"{Mapped}[[map]]\nusers = [\"alice\"]\nprofile = \"none\"\n[[map]]\nusers = [\"nobody-here\"]\nprofile = \"run\"\n");
        foreach (string[] operands in new string[][] { [], [Map] })
        {
            SessionResult check = SessionCommand.Helper(["check", .. operands]).As(TestUser.Root).Execute();
            Assert.Equal(1, check.ExitStatus);
            Assert.Contains($"{Map}:7:11: error: there is no profile none", check.ErrorText, StringComparison.Ordinal);
            Assert.Contains($"{Map}:10:11: error: profile run does not allow login", check.ErrorText, StringComparison.Ordinal);
            Assert.Equal(operands.Length == 0, check.ErrorText.Contains("\"nobody-here\" is no user of this host", StringComparison.Ordinal));
        }

        InstallMap(Mapped);
        Assert.Equal(0, SessionCommand.Helper("check", Map).As(TestUser.Root).Execute().ExitStatus);
        InstallMap("schema = 1\nfallback = \"/bin/sh\"\n");
        SessionResult wrong = SessionCommand.Helper("check").As(TestUser.Root).Execute();
        Assert.True(wrong.ExitStatus == 1 && wrong.ErrorText.Contains($"{Map}:2:12: error: \"/bin/sh\" is no value of fallback", StringComparison.Ordinal), wrong.ToString());
    }

    private static void Refused(SessionCommand command, string reason)
    {
        SessionResult result = command.WithInput($"{Script}\n").Execute();
        Assert.True(result.ExitStatus == 125 && result.Output.Length == 0, $"{string.Join(' ', command.Arguments)}: {result}");
        Assert.Contains(reason, result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(1, result.ErrorText.Split('\n').Count(line => line.StartsWith("nshelper: ", StringComparison.Ordinal)));
    }

    private static string Next(SessionCommand command, Socket log)
    {
        _ = command.Execute();
        byte[] record = new byte[8192];
        return Encoding.ASCII.GetString(record, 0, log.Receive(record));
    }
}
