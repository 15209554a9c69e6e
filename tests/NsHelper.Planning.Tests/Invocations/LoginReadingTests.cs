using NsHelper.Planning.Access;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>Why (arg-login-shell): the class of holes that ended rssh. argv[0] says one thing, -c CMD is one opaque argument, and nothing else is taken.</summary>
public sealed class LoginReadingTests
{
    [Theory]
    [InlineData(false, null, "nshelper-shell")]
    [InlineData(true, null, "-nshelper-shell")]
    [InlineData(false, null, "/usr/bin/nshelper-shell")]
    [InlineData(true, null, "-/usr/bin/nshelper-shell")]
    [InlineData(true, null, "nshelper-shell", "-l")]
    [InlineData(true, null, "-nshelper-shell", "-l")]
    [InlineData(false, "id", "nshelper-shell", "-c", "id")]
    [InlineData(true, "id", "nshelper-shell", "-l", "-c", "id")]
    [InlineData(true, "id", "-nshelper-shell", "-c", "id")]
    [InlineData(false, "", "nshelper-shell", "-c", "")]
    [InlineData(false, "-c", "nshelper-shell", "-c", "-c")]
    [InlineData(false, "--", "nshelper-shell", "-c", "--")]
    [InlineData(false, "run t -- id; --json-status-fd 3 'a b\n", "nshelper-shell", "-c", "run t -- id; --json-status-fd 3 'a b\n")]
    public void What_sshd_login_and_su_write_is_taken(bool isLogin, string? command, params string[] arguments)
    {
        var valid = Assert.IsType<ParsedInvocation.Valid>(Parsing.Of(arguments));
        ShellRequest request = Assert.IsType<Invocation.Login>(valid.Invocation).Request;
        Assert.Equal(new ShellRequest("login", isLogin, command is null ? null : ByteString.FromText(command)), request);
        Assert.Equal(-1, StatusDescriptorChoice.LeftOpen([.. arguments.Select(ByteString.FromText)]));
    }

    [Theory]
    [InlineData("-c needs a command", "-c")]
    [InlineData("-c needs a command", "-l", "-c")]
    [InlineData("unexpected argument \"-c\"", "-c", "id", "-c", "sh")]
    [InlineData("unexpected argument \"-l\"", "-c", "id", "-l")]
    [InlineData("unexpected argument \"sh\"", "-c", "id", "sh")]
    [InlineData("unexpected argument \"-l\"", "-l", "-l")]
    [InlineData("unexpected argument \"-i\"", "-i")]
    [InlineData("unexpected argument \"-lc\"", "-lc", "id")]
    [InlineData("unexpected argument \"-cid\"", "-cid")]
    [InlineData("unexpected argument \"-f\"", "-f")]
    [InlineData("unexpected argument \"--\"", "--")]
    [InlineData("unexpected argument \"--\"", "--", "-c", "id")]
    [InlineData("unexpected argument \"-\"", "-")]
    [InlineData("unexpected argument \"\"", "")]
    [InlineData("unexpected argument \"run\"", "run", "t", "--", "id")]
    [InlineData("unexpected argument \"--version\"", "--version")]
    [InlineData("unexpected argument \"--help\"", "--help")]
    [InlineData("unexpected argument \"--login\"", "--login")]
    [InlineData("unexpected argument \"/etc/passwd\"", "/etc/passwd")]
    [InlineData("unexpected argument \"-C\"", "-C", "id")]
    public void Every_other_line_is_refused(string fault, params string[] arguments)
    {
        foreach (string name in (string[])["nshelper-shell", "-nshelper-shell"])
        {
            var usage = Assert.IsType<ParsedInvocation.Usage>(Parsing.Of([name, .. arguments]));
            Assert.Equal(125, usage.ExitStatus);
            Assert.StartsWith($"nshelper-shell: {fault}; accepted: -l, -c CMD, -l -c CMD", usage.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A name that is only like it makes no login shell, and an option or a verb of nshelper none either.</summary>
    [Theory]
    [InlineData("nshelper")]
    [InlineData("-nshelper")]
    [InlineData("--nshelper-shell")]
    [InlineData("nshelper-shell ")]
    [InlineData("nshelper-shell/")]
    [InlineData("nshelper-shell/x")]
    [InlineData("Nshelper-shell")]
    [InlineData("xnshelper-shell")]
    [InlineData("nshelper-shellx")]
    [InlineData("nshelper-shell\0")]
    [InlineData("-sh")]
    public void No_other_name_is_a_login_shell(string name)
    {
        Assert.False(LoginReading.IsLogin(ByteString.FromText(name)));
        Assert.IsType<ParsedInvocation.Usage>(Parsing.Of(name, "-c", "id"));
    }

    [Fact]
    public void Bytes_of_the_command_are_kept()
    {
        ByteString command = new([0xff, 0x0a, 0x27, 0x80]);
        var valid = Assert.IsType<ParsedInvocation.Valid>(InvocationParser.Parse([ByteString.FromText("nshelper-shell"), ByteString.FromText("-c"), command]));
        Assert.Equal(command, Assert.IsType<Invocation.Login>(valid.Invocation).Request.Command);
    }

    [Fact]
    public void The_verb_shell_takes_a_profile_and_no_command()
    {
        Assert.Equal(new ShellRequest("shell", false, null), Parsing.Valid<Invocation.Run>("shell", "--chdir", "/srv", "t").Session.Shell);
        Assert.Equal("shell", Parsing.Valid<Invocation.Explain>("shell", "--dry-run", "t").Session.Verb);
        Assert.Equal(125, Parsing.Refused("shell", "t", "--", "id").Status);
        Assert.Equal(125, Parsing.Refused("shell").Status);
        Assert.Null(Parsing.Valid<Invocation.Run>("run", "t").Session.Shell);
    }
}
