using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>Programs in a list of commands that run any other: the list is then as good as none.</summary>
internal static class InterpreterRules
{
    /// <summary>Names without version: python3.12 is python.</summary>
    private static readonly string[] Names =
    [
        "ash", "awk", "bash", "busybox", "chroot", "csh", "dash", "ed", "emacs", "env", "ex", "expect", "find", "fish", "flock", "gawk", "gdb", "git", "guile",
        "ionice", "jshell", "ksh", "less", "lua", "luajit", "make", "man", "mawk", "mksh", "more", "most", "nano", "nawk", "nice", "node", "nodejs",
        "nohup", "nsenter", "nvim", "parallel", "perl", "php", "pip", "prlimit", "python", "rbash", "rsync", "ruby", "rvim", "scp", "screen", "script", "sed",
        "setarch", "setpriv", "setsid", "sftp", "sh", "socat", "sqlite", "ssh", "stdbuf", "strace", "tar", "taskset", "tclsh", "tcsh", "time", "timeout",
        "tmux", "toybox", "unshare", "vi", "view", "vim", "watch", "wish", "xargs", "zip", "zsh",
    ];

    public static void Check(TomlTable merged, DiagnosticList diagnostics)
    {
        if (TableValues.TextOf(TableValues.TableOf(merged, "allow"), "commands") is { Value: "any" })
        {
            return;
        }

        foreach (TomlTable command in TableValues.ElementsOf(merged, "command"))
        {
            if (TableValues.TextOf(command, "path") is TomlText path && Names.AsSpan().Contains(NameOf(path.Value)) && !HasFixedArguments(command))
            {
                diagnostics.Report(
                    LintRule.Interpreter,
                    path.Span,
                    $"\"{Escaped.Shown(path.Value)}\" runs whatever its arguments or its input say: this list of commands allows every command",
                    "list the program itself, or fix the arguments with args; commands = \"any\" says what this means");
            }
        }
    }

    private static string NameOf(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        string plain = name.TrimEnd("0123456789.-".ToCharArray());
        return plain.Length == 0 ? name : plain;
    }

    /// <summary>At least one argument, and none that the user chooses.</summary>
    private static bool HasFixedArguments(TomlTable command)
    {
        List<TomlText> arguments = TableValues.TextsOf(command, "args");
        return arguments.Count > 0 && !arguments.Exists(argument => argument.Value == "..." || argument.Value.AsSpan().ContainsAny('*', '?', '{'));
    }
}
