using System.Text.RegularExpressions;

namespace NsHelper.SystemTests.Harness;

/// <summary>A user at a terminal of 80 columns and 24 lines: an interactive shell in tmux, typed into by send-keys and read by capture-pane.</summary>
internal sealed class TerminalSession : IDisposable
{
    public const string Prompt = "at-home$ ";

    private readonly string socket = $"/mnt/home/alice/tmux-{Guid.NewGuid():N}";

    public TerminalSession(params string[] shell)
    {
        // "remain-on-exit": what was shown last can be read after the shell has ended. The status line would show the time.
        Tmux("new-session", "-d", "-x", "80", "-y", "24", "-s", "t", "-c", TestUser.Alice.Home, string.Join(' ', shell), ";", "set-option", "-g", "status", "off");
    }

    /// <summary>bash with job control, without anybody's settings.</summary>
    public static TerminalSession OfBash() => new("env", $"PS1='{Prompt}'", "HISTFILE=", "bash", "--norc", "--noprofile", "-i");

    /// <summary>Types a line and Enter.</summary>
    public TerminalSession Type(string line)
    {
        Tmux("send-keys", "-t", "t", "-l", line);
        return Press("Enter");
    }

    /// <summary>Presses keys by tmux's names: "C-c", "C-z", "Enter".</summary>
    public TerminalSession Press(params string[] keys)
    {
        Tmux(["send-keys", "-t", "t", .. keys]);
        return this;
    }

    public TerminalSession Resize(int columns, int lines)
    {
        Tmux("resize-window", "-t", "t", "-x", $"{columns}", "-y", $"{lines}");
        return this;
    }

    /// <summary>What the screen shows, without blanks at the ends of lines and below.</summary>
    public string Screen() => string.Join('\n', Tmux("capture-pane", "-p", "-t", "t").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');

    /// <summary>Everything that was shown, what has scrolled away included.</summary>
    public string History() => string.Join('\n', Tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "t").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');

    /// <summary>Waits until the screen has something that the pattern matches.</summary>
    public TerminalSession See(string pattern)
    {
        string screen = "";
        Wait.Until(() => Regex.IsMatch(screen = Screen(), pattern, RegexOptions.Multiline), () => $"the terminal never showed {pattern}:\n{screen}");
        return this;
    }

    /// <summary>Waits for the shell's prompt as the last thing on the screen.</summary>
    public TerminalSession SeePrompt() => See($@"{Regex.Escape(Prompt.TrimEnd())}\z");

    public void Dispose() => Tmux("kill-server");

    private string Tmux(params string[] arguments) =>
        SessionCommand.Direct("/usr/bin/tmux", ["-S", socket, "-f", "/dev/null", .. arguments])
            .WithEnvironment("HOME=/mnt/home/alice", "PATH=/mnt/bin:/usr/bin:/bin", "SHELL=/bin/sh", "LANG=C.UTF-8", "TERM=xterm-256color").Execute().OutputText;
}
