using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section I. What the standard streams are is the caller's choice: with root's rights a mere message (CVE-2012-0056), a question
/// about a terminal (CVE-2023-2002) or a changed mode of one (CVE-2025-46802) is the caller's tool.
/// </summary>
public sealed class StandardStreamPrivilegeTests : SystemTest
{
    private const string Caller = "12001";

    /// <summary>Starts that end in as many ways as there are messages; the last one in none.</summary>
    public static TheoryData<string, string, string> Starts => new()
    {
        { "", "run", "" },
        { "", "run", "t --bad-option" },
        { "", "run --bad-option", "t" },
        { "", "run", "none" },
        { "", "run --set a=b", "t" },
        { "", "run --env A=b", "t" },
        { "", "run --chdir /nowhere", "t" },
        { "", "run", "t -- /no/such/command" },
        { "", "run", "t -- /etc/passwd" },
        { "not toml", "run", "t" },
        { "[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"", "run", "t" },
        { "[[mount]]\ntarget = \"/mnt/nowhere\"", "run", "t" },
        { "[identity]\npty = \"always\"", "run", "t -- /bin/true" },
        { "", "changes --discard", "t" },
        { "", "gc", "" },
        { "", "explain", "t" },
        { "", "run", "t -- /bin/true" },
    };

    /// <summary>tty-priv-ioctl, tty-priv-write: with root's effective uid nothing is read from, written to or asked of the three.</summary>
    [Theory]
    [MemberData(nameof(Starts))]
    public void Root_neither_writes_to_the_standard_streams_nor_asks_what_they_are(string lines, string verb, string rest)
    {
        Install("t", lines);
        Trace trace = Trace.Of(SessionCommand.Helper([.. Words(verb), .. Words(rest)]));
        var effective = new Dictionary<int, string>();
        int seen = 0;
        foreach (SystemCall call in trace.Calls)
        {
            if (call.Name == "setresuid" && !call.Failed && call.Text(1) != "-1")
            {
                effective[call.Pid] = call.Text(1);
            }

            if (call.Name is "ioctl" or "read" or "write" or "readv" or "writev" or "pread64" or "pwrite64" or "sendmsg" or "recvmsg"
                && call.Text(0).Split('<')[0] is "0" or "1" or "2")
            {
                // A fork has what its parent had by then, which is not root's any more.
                string user = effective.GetValueOrDefault(call.Pid, trace.Calls[0].Pid == call.Pid ? "0" : Caller);
                Assert.True(user == Caller, $"with the effective uid {user}: {call}");
                seen++;
            }
        }

        Assert.True(seen > 0, "no call on a standard stream was seen, so this proves nothing");
    }

    /// <summary>tty-priv-write: whether anybody hears it changes nothing.</summary>
    [Theory]
    [InlineData("EPIPE")]
    [InlineData("EAGAIN")]
    [InlineData("ENOSPC")]
    [InlineData("EIO")]
    public void A_message_that_cannot_be_written_changes_no_outcome(string error)
    {
        Install("t", "[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"");
        SessionCommand command = SessionCommand.Run("t", "/bin/true");
        Assert.Equal(125, Trace.Of(command, Injection.Fault("write", error, Trace.Of(command).Counts()["write"])).Result.ExitStatus);
    }

    /// <summary>tty-mode: owner and mode of the caller's terminal are what they were, in a session, after it and after a start that failed; the session's own is the user's.</summary>
    [Fact]
    public void The_mode_of_a_terminal_is_never_changed()
    {
        Install("t", "");
        Install("fails", "[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("mesg n; state() { stat -c '%a %u %g' $tty; }; tty=$(tty); before=$(state); chmod 600 $tty; other=$(state)").SeePrompt();
        terminal.Type("nshelper run t -- sh -c \"stat -c 'own %a %u' \\$(tty); stat -c 'outer %a' $tty\"").See("^own 6[02]0 12001$").See("^outer 600$").SeePrompt();
        terminal.Type("nshelper run fails; [ \"$(state)\" = \"$other\" ] && echo un''changed").See("^unchanged$").SeePrompt();
    }

    /// <summary>fd-exit-theft: whenever all ids become the caller's, nothing is open any more that he could not open: CVE-2026-46333.</summary>
    [Theory]
    [InlineData("", "/bin/true")]
    [InlineData("[[mount]]\ntarget = \"/mnt/nowhere\"", "/bin/true")]
    [InlineData("[[share]]\nname = \"work\"\ntarget = \"/mnt/nowhere\"\nscope = \"user\"", "/bin/true")]
    public void Before_all_ids_are_the_callers_everything_else_is_closed(string lines, string file)
    {
        ExpectShare("u12001.work");
        Install("t", $"[namespaces]\npid = \"host\"\nipc = \"private\"\n{lines}");
        SessionCommand command = SessionCommand.Run("t", file);
        int[] moments = [.. Trace.Of(command).Calls.Where(call => call.Name == "setresuid").Select((call, index) => (call, When: index + 1))
            .Where(entry => entry.call.Text(0) == Caller && entry.call.Text(2) == Caller).Select(entry => entry.When)];
        Assert.NotEmpty(moments);
        foreach (int when in moments)
        {
            string[] open = [];
            _ = HeldHelper.At(command, ("setresuid", when), pid => open = [.. Directory.GetFiles($"/proc/{pid}/fd").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]);
            Assert.Equal(["0", "1", "2"], open);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
