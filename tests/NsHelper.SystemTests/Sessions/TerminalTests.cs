using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// Why: a session at a terminal must behave as the command would without nshelper, and what runs in it must not reach the shell that started
/// it. Typed by tmux as a user types.
/// </summary>
public sealed class TerminalTests : SystemTest
{
    private const string Sleeping = "sh -c 'echo st''arted; sleep 60; echo do''ne'";

    [Fact]
    public void Control_c_ends_the_command_and_the_terminal_is_as_before()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("stty -g >before").SeePrompt().Type($"nshelper run t -- {Sleeping}").See("^started$").Press("C-c").SeePrompt();
        terminal.Type("echo status $?").See("^status 130$").Type("stty -g >after; cmp before after && echo sa''me").See("^same$");
    }

    [Fact]
    public void Control_z_stops_it_and_fg_and_bg_go_on_with_it()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type($"nshelper run t -- {Sleeping}").See("^started$").Press("C-z").See("Stopped").SeePrompt();
        terminal.Type("stty -a | grep -o ' icanon'").See("^ icanon$");
        string stopped = Assert.Single(ProcessEntry.OfTestUsers(), process => process.CommandLine == "sleep 60 ") is var sleeping ? ProcessEntry.Status(sleeping.Pid, "State")! : "";
        Assert.StartsWith("T", stopped, StringComparison.Ordinal);
        terminal.Type("bg").See("&$").Type("jobs").See("Running").Type("fg").See("nshelper run t").Press("C-c").SeePrompt();
        terminal.Type("echo status $?").See("^status 130$");
    }

    /// <summary>A shell in the session has job control of its own, and the shell outside does not see it.</summary>
    [Theory]
    [InlineData("/bin/bash --norc --noprofile -i", "")]
    [InlineData("/usr/bin/zsh -f -i", "")]
    [InlineData("/usr/bin/fish --no-config -i", "")]
    public void Shells_have_job_control_inside(string shell, string none)
    {
        Assert.Empty(none);
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type($"nshelper run t -- {shell}").Type("echo in-$NSHELPER_PROFILE").See("^in-t$");
        terminal.Type("sleep 61").See("sleep 61$");
        Wait.Until(() => ProcessEntry.OfTestUsers().Any(process => process.CommandLine == "sleep 61 "), () => terminal.Screen());
        terminal.Press("C-z").See("(?i)stopped|suspended");
        terminal.Type("jobs").See("(?i)(stopped|suspended).*sleep 61|sleep 61.*(stopped|suspended)|stopped +sleep 61").Type("fg");
        Wait.Until(() => ProcessEntry.OfTestUsers().Any(process => process.CommandLine == "sleep 61 " && ProcessEntry.Status(process.Pid, "State")!.StartsWith('S')), () => terminal.Screen());
        terminal.Press("C-c").Type("exit 7").SeePrompt().Type("echo status $?").See("^status 7$");
    }

    [Fact]
    public void The_size_of_the_window_is_the_sessions_too()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run t -- sh -c 'stty size; trap \"stty size\" WINCH; echo re''ady; while :; do sleep 0.1; done'").See("^24 80$").See("^ready$");
        terminal.Resize(100, 30).See("^30 100$").Press("C-c");
    }

    [Fact]
    public void The_terminal_has_a_name_in_the_session()
    {
        Install("host");
        Install("own", "[root]\nmode = \"host\"\n[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("tty; nshelper run host -- tty; nshelper run own -- sh -c 'tty; ls /dev/pts'").See("^/dev/pts/0\nptmx$|^/dev/pts/0\n0  ptmx$");
        string[] names = [.. terminal.Screen().Split('\n').Where(line => line.StartsWith("/dev/pts/", StringComparison.Ordinal))];
        Assert.Equal(3, names.Length);
        Assert.NotEqual(names[0], names[1]);
    }

    /// <summary>Who joins has a terminal of its own too, with a name in the session where that has terminals, and job control.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[protect]\nprivate_devices = true")]
    public void Who_joins_has_one_too(string body)
    {
        Install("t", body);
        Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("stty -g >before").SeePrompt().Type($"nshelper join t -- sh -c 'tty; stty size; test -e $(tty) && echo na''med; {Sleeping[7..^1]}'");
        terminal.See("^/dev/pts/[0-9]+\n24 80\nnamed\nstarted$").Press("C-z").See("Stopped").SeePrompt().Type("fg").See("nshelper join").Press("C-c").SeePrompt();
        terminal.Type("echo status $?").See("^status 130$").Type("stty -g >after; cmp before after && echo sa''me").See("^same$");
    }

    [Fact]
    public void Sessions_are_watched_until_that_is_interrupted()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper sessions --watch; echo en''d");
        Thread.Sleep(1500);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        terminal.See("^[0-9a-f]{12}  t ");

        // Root is gone while it waits.
        ProcessEntry watching = ProcessEntry.OfTestUsers().Single(process => process.CommandLine.Contains("--watch", StringComparison.Ordinal));
        Assert.Equal("12001\t12001\t12001\t12001", ProcessEntry.Status(watching.Pid, "Uid"));
        Posix.Kill(session.Helper, Posix.SIGTERM);
        session.Finish();
        Wait.Until(() => !terminal.Screen().Contains("  t ", StringComparison.Ordinal), () => terminal.Screen());
        terminal.Press("C-c").SeePrompt();
        SessionResult noTerminal = SessionCommand.Helper("sessions", "--watch").Execute();
        Assert.Equal((1, "nshelper: cannot watch sessions: standard output is no terminal\n"), (noTerminal.ExitStatus, noTerminal.ErrorText));
    }

    [Fact]
    public void Pipes_and_files_stay_what_they_are()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("printf 'a\\r\\n\\004b' | nshelper run t -- cat | od -An -c").See(@"a  \\r  \\n 004   b");
        terminal.Type("nshelper run t -- sh -c 'for n in 0 1 2; do test -t $n && echo te''rminal $n; done' 2>err | cat; cat err").SeePrompt();
        Assert.DoesNotContain("terminal 1", terminal.Screen(), StringComparison.Ordinal);
        Assert.Contains("terminal 0", terminal.Screen(), StringComparison.Ordinal);
        terminal.Type("clear; seq 100000 | nshelper run t -- tail -n 1").See("^100000$");
    }

    /// <summary>The terminal is the pager's to read, and neither side takes a key from the other.</summary>
    [Fact]
    public void On_the_left_of_a_pager_the_terminal_is_the_pagers()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run t -- seq 5000 | less").See("^23$");
        terminal.Press("G").See("^5000$").Press("g").See("^1$").Press("q").SeePrompt();
        terminal.Type("stty -a | grep -o ' icanon'").See("^ icanon$");
        terminal.Type("clear; nshelper run t -- sh -c 'read line; echo got $line' | cat").Type("typed").See("^got typed$").SeePrompt();
        terminal.Type("nshelper run t -- sleep 60 | cat").Press("C-c").SeePrompt();
    }

    [Fact]
    public void Nothing_of_a_long_output_is_lost()
    {
        Install("t");
        SessionResult result = SessionCommand.Direct("/usr/bin/script", "-qec", "nshelper run t -- seq 200000", "/dev/null").WithEnvironment("PATH=/mnt/bin:/usr/bin:/bin", "SHELL=/bin/sh").Execute();
        Assert.Equal((0, 200_000), (result.ExitStatus, result.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.EndsWith("199999\r\n200000\r\n", result.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void Always_gives_a_terminal_where_there_is_none()
    {
        Install("t", "[identity]\npty = \"always\"");
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "test -t 0 && test -t 1 && test -t 2 && cat").WithInput("typed\n").Execute();
        Assert.Equal((0, "typed\r\ntyped\r\n"), (result.ExitStatus, result.OutputText));
    }

    [Fact]
    public void Editor_and_pager_work()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run t -- vi -u NONE written").See("^~").Type("ione two").Press("Escape").Type(":wq").SeePrompt();
        terminal.Type("cat written").See("^one two$").Type("seq 500 >numbers; nshelper run t -- less numbers").See("^23$").Press("G").See("^500$").Press("q").SeePrompt();
    }

    [Fact]
    public void A_terminal_multiplexer_runs_inside()
    {
        Install("t", "[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run t -- tmux -f /dev/null -S ~/inner new-session sh").See("\\[0\\] 0:sh").Type("echo in''ner").See("^inner$").Type("exit").See("^\\[exited\\]");
    }

    [Fact]
    public void A_session_in_the_background_shows_its_output_and_waits_with_its_input()
    {
        Install("t");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run t -- sh -c 'echo from-be''hind; read line; echo got $line' &").See("from-behind");
        terminal.Type("jobs").See("nshelper run t").Type("fg").See("^nshelper run t").Type("hello").See("^got hello$").SeePrompt();
    }
}
