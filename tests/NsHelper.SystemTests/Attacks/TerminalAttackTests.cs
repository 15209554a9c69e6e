using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: what is typed into a terminal its shell executes, with the rights it has outside of the session.</summary>
public sealed class TerminalAttackTests : SystemTest
{
    /// <summary>Types a command into every terminal in reach: the standard streams and /dev/tty.</summary>
    private const string Attack =
        "perl -e 'open T, \"+<\", \"/dev/tty\"; for $f (*STDIN, *STDOUT, *STDERR, *T) { for (split //, \"touch ~/pwned\\n\") { ioctl($f, 0x5412, $_) } }'";

    private static string Pwned => $"{TestUser.Alice.Home}/pwned";

    [Theory]
    [InlineData("")]
    [InlineData("[identity]\npty = \"always\"")]
    [InlineData("[namespaces]\npid = \"host\"")]
    [InlineData("[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"")]
    public void Nothing_in_a_session_types_into_the_callers_terminal(string body) => Assert.False(IsTyped(body, ""));

    /// <summary>With no standard stream a terminal there is still /dev/tty to open.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[namespaces]\npid = \"host\"")]
    public void Nor_through_the_controlling_terminal(string body)
    {
        Assert.False(IsTyped(body, " </dev/null 2>&1 | cat"));
        Assert.False(IsTyped(body, " | cat")); // standard input is the caller's terminal, but not the session's controlling one
        Assert.False(IsTyped(body, " </dev/null"));
    }

    /// <summary>Where the profile shares the terminal the attack works, if the kernel lets it: so the tests above prove something.</summary>
    [Fact]
    public void It_bites_where_the_terminal_is_shared()
    {
        bool isAllowed = File.ReadAllText("/proc/sys/dev/tty/legacy_tiocsti").Trim() == "1";
        Assert.Equal(isAllowed, IsTyped("[identity]\npty = \"never\"", ""));
    }

    private bool IsTyped(string body, string redirection)
    {
        Install("t", body);
        File.Delete(Pwned);
        File.WriteAllText(Temporary($"{TestUser.Alice.Home}/attack"), Attack + "\n");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type($"nshelper run t -- sh ~/attack{redirection}; echo do''ne").See("^done$").SeePrompt();
        terminal.Type("echo en''d").See("^end$");
        bool isTyped = File.Exists(Pwned);
        File.Delete(Pwned);
        return isTyped;
    }
}
