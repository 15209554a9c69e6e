using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Logins;

/// <summary>
/// Why it exists: a login shell is used by programs that speak protocols through it. What sshd, scp, sftp, rsync and git do must work as with any
/// shell, and every one of them must be inside.
/// </summary>
public sealed class OpenSshTests : LoginTest
{
    private const string Inside = "readlink /proc/self/ns/mnt";

    [Fact]
    public void A_command_is_run_inside_and_its_status_comes_back()
    {
        Install(Profile("t", "shell = \"/bin/bash\""));
        MapTo("t");
        SshServer server = StartServer();
        foreach (string[] options in new string[][] { [], ["-tt"] })
        {
            SessionResult result = server.Ssh(options, $"{Inside}; pwd; id -un; echo $0 $SHELL; exit 7");
            string[] lines = result.OutputText.ReplaceLineEndings("\n").Split('\n');
            Assert.True(result.ExitStatus == 7, result.ToString());
            Assert.Matches(@"^mnt:\[\d+\]$", lines[0]);
            Assert.NotEqual(server.Mounts, lines[0]);
            Assert.Equal([TestUser.Lena.Home, "lena", "bash /bin/bash"], lines[1..4]);
        }
    }

    [Fact]
    public void Without_a_command_there_is_a_login_shell_at_a_terminal()
    {
        Install(Profile("t", "shell = \"/bin/sh\""));
        MapTo("t");
        SshServer server = StartServer();
        SessionResult result = server.Ssh(Encoding.ASCII.GetBytes($"{Inside}; echo \"[$0]\"; tty; exit 5\n"), ["-tt"]);
        Assert.True(result.ExitStatus == 5, result.ToString());
        Assert.Contains("[-sh]", result.OutputText, StringComparison.Ordinal);
        Assert.Contains("/dev/pts/", result.OutputText, StringComparison.Ordinal);
        Assert.Matches(@"mnt:\[\d+\]", result.OutputText);
        Assert.DoesNotContain(server.Mounts, result.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shell_without_a_terminal_reads_its_input()
    {
        Install(Profile("t", ""));
        MapTo("t");
        SshServer server = StartServer();
        SessionResult result = server.Ssh(Encoding.ASCII.GetBytes("echo one\nexit 3\n"), ["-T"]);
        Assert.True(result.ExitStatus == 3 && result.OutputText == "one\n" && result.Error.Length == 0, result.ToString());
    }

    [Fact]
    public void Bytes_go_through_unchanged_both_ways()
    {
        Install(Profile("t", ""));
        MapTo("t");
        SshServer server = StartServer();
        byte[] sent = RandomNumberGenerator.GetBytes(5_000_000);
        SessionResult result = server.Ssh(sent, [], "cat; echo told >&2");
        Assert.True(result.ExitStatus == 0 && result.ErrorText == "told\n", result.ErrorText);
        Assert.True(sent.AsSpan().SequenceEqual(result.Output), $"{result.Output.Length} bytes came back");
    }

    [Theory]
    [InlineData("-O")]
    [InlineData("-s")]
    public void Scp_copies_in_its_old_and_its_new_protocol(string protocol)
    {
        InstallShippedForLena("login-jail");
        SshServer server = StartServer();
        (string file, byte[] content) = Source();
        Must(server.Client(null, "scp", protocol, file, "HOST:there"));
        Must(server.Client(null, "scp", protocol, "HOST:there", $"{file}.back"));
        Assert.Equal(content, File.ReadAllBytes($"{file}.back"));
        Assert.Equal(TestUser.Lena.UserId, OwnerOf($"{TestUser.Lena.Home}/there"));
    }

    [Fact]
    public void Rsync_goes_both_ways_and_git_clones_and_pushes()
    {
        InstallShippedForLena("login-jail");
        SshServer server = StartServer();
        (string file, byte[] content) = Source();
        Must(server.Through("rsync", "-a", "--no-owner", "--no-group", file, "HOST:there"));
        Must(server.Through("rsync", "-a", "--no-owner", "--no-group", "HOST:there", $"{file}.back"));
        Assert.Equal(content, File.ReadAllBytes($"{file}.back"));

        Must(server.Ssh([], "git init -q r && cd r && git -c user.name=a -c user.email=b commit -q --allow-empty -m first"));
        string clone = Temporary("/mnt/probe/clone");
        Must(server.Through("git", "clone", "-q", "HOST:r", clone));
        RootShell.Run($"cd {clone} && git -c user.name=a -c user.email=b commit -q --allow-empty -m second");
        Must(server.Through("git", "-C", clone, "push", "-q", "origin", "HEAD:refs/heads/pushed"));
        Assert.Equal("second\n", server.Ssh([], "git -C r log -1 --format=%s pushed").OutputText);
    }

    [Fact]
    public void Sftp_only_serves_files_and_nothing_else()
    {
        InstallShippedForLena("sftp-only");
        SshServer server = StartServer();
        (string file, byte[] content) = Source();
        TestUser.Alice.Write("secret", "not hers");
        SessionResult result = server.Client(Encoding.ASCII.GetBytes($"pwd\nput {file} there\nget there {file}.back\nls /\nls /mnt/home\n"), "sftp", "-b", "-", $"HOST:");
        Must(result);
        Assert.Equal(content, File.ReadAllBytes($"{file}.back"));
        Assert.Contains($"directory: {TestUser.Lena.Home}", result.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("/srv", result.OutputText, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", result.OutputText, StringComparison.Ordinal);

        foreach (string word in new[] { "id", $"{SshServer.SftpServer} -e", $"{SshServer.SftpServer};id", $"{SshServer.SftpServer}\nid", "sh", "scp -t /tmp", "rsync --server . .", "git-upload-pack 'r'" })
        {
            MustBeRefused(server.Ssh([], word), "the profile allows no commands; it serves sftp");
        }

        MustBeRefused(server.Ssh(Encoding.ASCII.GetBytes("id\n"), ["-tt"]), "the profile allows no interactive shell; it serves sftp");
        MustBeRefused(server.Ssh(Encoding.ASCII.GetBytes("id\n"), ["-T"]), "the profile allows no interactive shell; it serves sftp");
    }

    [Fact]
    public void A_forced_command_is_run_inside_and_sees_what_was_asked_for_where_the_profile_says_so()
    {
        Install(Profile("t", "", "[environment]\nkeep = [\"SSH_ORIGINAL_COMMAND\"]"));
        MapTo("t");
        SshServer server = StartServer($"ForceCommand {Inside}; echo \"<$SSH_ORIGINAL_COMMAND>\"; echo \"<$SSH_CONNECTION>\"");
        SessionResult result = server.Ssh([], "rm -rf '$(x)'");
        string[] lines = result.OutputText.Split('\n');
        Assert.Equal(["<rm -rf '$(x)'>", "<>"], lines[1..3]);
        Assert.NotEqual(server.Mounts, lines[0]);
    }

    [Fact]
    public void What_a_client_sends_as_environment_does_not_come_in()
    {
        Install(Profile("t", "shell = \"/bin/bash\"", "[environment]\nkeep = [\"SSH_*\", \"GOOD\"]"));
        MapTo("t");
        SshServer server = StartServer();
        string[] hostile =
        [
            "BASH_ENV=/mnt/probe/x", "ENV=/mnt/probe/x", "LD_PRELOAD=/mnt/probe/x.so", "LD_AUDIT=/x", "PATH=/mnt/probe", "SHELL=/mnt/probe/x", "IFS=x", "PS4=$(id)", "HOME=/mnt/probe",
            "DOTNET_STARTUP_HOOKS=/x", "NSHELPER_PROFILE=other", "BASH_FUNC_id%%=() { echo owned; }", "SHELLOPTS=xtrace", "PERL5LIB=/x", "GOOD=yes",
        ];
        SessionResult result = server.Ssh(["-o", $"SetEnv={string.Join(' ', hostile.Select(entry => $"\"{entry}\""))}"], "env");
        Must(result);
        string[] found = [.. result.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["GOOD", "HOME", "LOGNAME", "NSHELPER_PROFILE", "NSHELPER_SESSION", "PATH", "PWD", "SHELL", "SHLVL", "SSH_CLIENT", "SSH_CONNECTION", "USER", "_"],
            found);
        Assert.Contains("NSHELPER_PROFILE=t\n", result.OutputText, StringComparison.Ordinal);
        Assert.Contains($"HOME={TestUser.Lena.Home}\n", result.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_connection_is_gone_the_session_ends()
    {
        Install(Profile("t", ""));
        MapTo("t");
        SshServer server = StartServer();
        using Process client = server.Begin(["-tt"], "echo there; sleep 1000 & sleep 1001");
        byte[] there = new byte[5];
        client.StandardOutput.BaseStream.ReadExactly(there);
        Assert.Contains(ProcessEntry.OfTestUsers(), process => process.CommandLine.Contains("sleep 1001", StringComparison.Ordinal));
        client.Kill();
        client.WaitForExit();
        Wait.Until(() => ProcessEntry.OfTestUsers().Count == 0, () => string.Join('\n', ProcessEntry.OfTestUsers().Select(process => process.CommandLine)));
    }

    [Fact]
    public void A_refusal_reaches_the_client_and_starts_nothing()
    {
        SshServer server = StartServer();
        MustBeRefused(server.Ssh([], "id"), "there is no /etc/nshelper/login.toml");
        MustBeRefused(server.Ssh(Encoding.ASCII.GetBytes("id\n"), ["-tt"]), "there is no /etc/nshelper/login.toml");
        InstallMap("schema = 1\n[[map]]\nusers = [\"alice\"]\nprofile = \"t\"\n");
        MustBeRefused(server.Ssh([], "id"), "/etc/nshelper/login.toml has no profile for this user");
        Assert.NotEqual(0, server.Client(null, "sftp", "-b", "/dev/null", "HOST:").ExitStatus);
    }

    internal static void MustBeRefused(SessionResult result, string reason)
    {
        Assert.True(result.ExitStatus == 125, result.ToString());
        Assert.Contains($"{reason}", result.OutputText + result.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain("uid=", result.OutputText, StringComparison.Ordinal);
    }

    private static void Must(SessionResult result) => Assert.True(result.ExitStatus == 0, result.ToString());

    private static uint OwnerOf(string path) => uint.Parse(RootShell.Run($"stat -c %u {path}")[0], CultureInfo.InvariantCulture);

    private (string File, byte[] Content) Source()
    {
        string file = Temporary("/mnt/probe/source");
        Temporary($"{file}.back");
        byte[] content = RandomNumberGenerator.GetBytes(3_000_000);
        File.WriteAllBytes(file, content);
        return (file, content);
    }
}
