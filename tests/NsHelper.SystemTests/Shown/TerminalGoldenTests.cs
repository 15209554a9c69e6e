using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// A session as a new user tries it: start, ^Z, fg, a window that changes its size, an editor, exit statuses. terminal.txt is what the
/// terminal has shown by the end, line for line; `make golden` rewrites it, and the diff is the review.
/// </summary>
public sealed class TerminalGoldenTests : SystemTest
{
    private static readonly string Golden = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Shown/terminal.txt"));

    [Fact]
    public void A_first_hour_at_the_terminal()
    {
        Install("private-tmp", "[protect]\nprivate_tmp = true");
        using TerminalSession terminal = TerminalSession.OfBash();
        terminal.SeePrompt().Type("nshelper run private-tmp -- ls -A /tmp; echo status $?").See("^status 0$").SeePrompt();
        terminal.Type("nshelper run private-tmp -- sh -c 'exit 42'; echo status $?").See("^status 42$").SeePrompt();
        terminal.Type("nshelper run private-tmp -- no-such-command; echo status $?").See("^status 127$").SeePrompt();
        terminal.Type("nshelper run private-tmp -- sh -c 'kill -KILL $$'; echo status $?").See("^status 137$").SeePrompt();
        terminal.Type("nshelper run private-tmp -- env PS1='inside$ ' sh").See(@"inside\$\z");
        terminal.Type("tty; ps -o pid,ppid,pgid,sid,comm").See(@"ps\ninside\$\z");
        terminal.Type("stty size").See("^24 80\ninside").Resize(80, 40);
        terminal.Type("stty size").See("^40 80\ninside");
        terminal.Type("vi -u NONE -c 'normal! ihello from vi' -c wq letter; cat letter").See("^hello from vi$").See(@"inside\$\z");
        terminal.Type("exit 7").SeePrompt().Type("echo status $?").See("^status 7$").SeePrompt();
        terminal.Type("nshelper run private-tmp -- sh -c 'echo go; cat'").See("^go$").Type("typed").See("^typed\ntyped$").Press("C-z").See("Stopped").SeePrompt();
        terminal.Type("jobs").See("Stopped.*\n.*jobs\n.*Stopped").SeePrompt().Type("fg").See("^nshelper run private-tmp -- sh -c 'echo go; cat'$").Type("again").See("^again\nagain$").Press("C-d").SeePrompt();
        terminal.Type("echo status $?; stty -a | grep -o ' icanon'").See("^status 0\n icanon$").SeePrompt();
        string shown = terminal.History() + "\n";
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            File.WriteAllText(Golden, shown);
        }

        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal(File.ReadAllText(Golden), shown);
    }
}
