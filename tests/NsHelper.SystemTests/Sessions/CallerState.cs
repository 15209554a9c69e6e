using System.Text;
using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// A state a process can be in when it starts nshelper, made by launch.c, and what of it is not in the session as it is in the caller: what
/// no entry here or in <see cref="ProbeField"/> excuses must be equal.
/// </summary>
internal sealed record CallerState(string Name, params string[] Options)
{
    /// <summary>A directory that is in every root of the shipped profiles.</summary>
    public const string Directory = "/usr";

    private const string Infinity = "18446744073709551615";

    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Of the environment, what the command still has.</summary>
    public IReadOnlyList<string> KeptEnvironment { get; init; } = [];

    public string ArgumentZero { get; init; } = "nshelper";

    /// <summary>A controlling terminal, though the output goes elsewhere: the session is below an init then, whatever its profile says of processes.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>Standard streams that are replaced, by number: as <see cref="ProbeField"/> writes a descriptor.</summary>
    public IReadOnlyDictionary<int, string> Streams { get; init; } = new Dictionary<int, string>();

    /// <summary>Fields that are neither the caller's nor as ever, with the reason in a comment where it stands.</summary>
    public IReadOnlyDictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>> Changed { get; init; } =
        new Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>>();

    /// <summary>What the message says of a start that cannot be.</summary>
    public string? Refusal { get; init; }

    /// <summary>Without a name of the program no verb is read, so it is no failure of `run`.</summary>
    public int RefusalStatus { get; init; } = 125;

    /// <summary>The signal by which the start ends, for what was pending when it began.</summary>
    public int? EndsBy { get; init; }

    public static IReadOnlyList<CallerState> All { get; } =
    [
        new("plain"),
        new("signals ignored", "--ignore", "1", "--ignore", "2", "--ignore", "3", "--ignore", "15", "--ignore", "10", "--ignore", "34"),
        new("every signal ignored", "--ignore", "0"),
        new("signals blocked", "--block", "2", "--block", "15", "--block", "17", "--block", "40"),
        new("every signal blocked", "--block", "0"),
        new("SIGCHLD ignored", "--ignore", "17"),
        new("SIGPIPE ignored", "--ignore", "13"),
        new("SIGSEGV ignored and blocked", "--ignore", "11", "--block", "11"),
        new("an alarm pending", "--timer", "0:500000000"),
        new("three timers armed", "--timer", "0:500000000", "--timer", "1:500000000", "--timer", "2:500000000"),
        new("100 descriptors", "--crowd", "100", "--open", "700:r:/etc/passwd"),
        new("standard input closed", "--close", "0") { Streams = Replaced("0 character 1 0 0 /dev/full") },
        new("standard input and error closed", "--close", "0", "--close", "2") { Streams = Replaced("0 character 1 0 0 /dev/full", "2 character 0 0 0 /dev/null") },
        new("/dev/null as streams", "--open", "0:r:/dev/null", "--open", "2:w:/dev/null"),
        new("a file as standard input", "--open", "0:r:/usr/share/nshelper/profiles/build.toml"),
        new("a directory as standard input", "--open", "0:d:/usr") { Streams = Replaced("0 character 2 0 0 /dev/null") },
        new("few descriptors allowed", "--limit", "7:12:64"),
        new("short of processor time and file size", "--limit", "0:100:200", "--limit", "1:4096:8192"),
        new("core files without limit", "--limit", "4:-1:-1"),

        // execve(2) of a set-id program takes what is above 8 MiB down to that, and a limit that the kernel has changed is unknown to who starts later.
        new("a stack without limit", "--limit", "3:-1:-1") { Changed = Limit("stack", $"{8 << 20}:{Infinity}") },
        new("a small stack", "--limit", "3:1048576:2097152"),
        new("other limits", "--limit", "2:1000000000:2000000000", "--limit", "6:500:600", "--limit", "8:65536:65536", "--limit", "9:4000000000:8000000000", "--limit", "11:5:5", "--limit", "12:7:9", "--limit", "15:100000:200000"),
        new("nice 10", "--nice", "10"),
        new("SCHED_IDLE", "--policy", "5"),
        new("SCHED_BATCH", "--policy", "3", "--nice", "3"),
        new("one processor", "--cpu", "0"),
        new("idle disk priority", "--io-priority", "24576"),
        new("a coarse timer, no huge pages, a dump filter", "--timer-slack", "1000000", "--no-huge-pages", "--dump-filter", "0x7f"),
        new("addresses not at random", "--personality", "262144"),
        new("another personality", "--personality", "67108864"),
        new("umask 000", "--umask", "000"),
        new("umask 777", "--umask", "777"),
        new("a deleted directory", "--chdir-deleted", "/mnt/home/alice/gone"),
        new("a session of its own", "--setsid"),
        new("a process group of its own", "--setpgid"),
        new("at a terminal, output elsewhere", "--own-terminal") { HasTerminal = true },
        new("capabilities from a privileged launcher", "--capability", "10", "--capability", "13", "--capability", "21"),
        new("a smaller bounding set", "--drop-bounding", "16", "--drop-bounding", "25"),
        new("securebits: noroot", "--securebits", "1") { Refusal = "securebits are set for this process (1," },
        new("securebits: no setuid fixup", "--securebits", "4") { Refusal = "securebits are set for this process (4," },
        new("securebits: no ambient raise", "--securebits", "64") { Refusal = "securebits are set for this process (64," },
        new("no_new_privs", "--no-new-privs") { Refusal = "no_new_privs is set for this process" },
        new("a parent that cannot be dumped", "--closed-parent"),
        new("a traced parent", "--traced-parent"),
        new("a signal when the parent ends", "--death-signal", "10"),
        new("a subreaper", "--subreaper"),
        new("argument zero empty") { ArgumentZero = "", Refusal = "started without a program name", RefusalStatus = 2 },
        new("argument zero odd") { ArgumentZero = "-\n%s../../x" },
        new("arguments of any bytes", "--arg", "ff", "--arg", "", "--arg", "0a25732e2e2f"),
        new("no environment"),
        new("an environment of any bytes", "--env", "ff3d41", "--env", Hex("TERM=first"), "--env", Hex("TERM=second"), "--env", Hex("=x"), "--env", Hex("none"), "--env", Hex("LC_TIME=") + "fffe")
        {
            Environment = ["LD_PRELOAD=/x", "LANG=C.UTF-8", "TZ=:/etc/shadow", "NO_COLOR=", "HOME=/x", "PATH=/x", "FOO=bar"],
            KeptEnvironment = ["LANG=C.UTF-8", "LC_TIME=\\xff\\xfe", "NO_COLOR=", "TERM=first"],
        },
        new("first to be killed for memory", "--oom", "500"),
        new("a signal pending", "--pend", "15") { EndsBy = 15 },
    ];

    /// <summary>A start by alice in this state.</summary>
    /// <param name="pidFile">Gets the number of the process that starts the helper, and of its parent.</param>
    public SessionCommand Of(SessionCommand command, string pidFile) =>
        command.WithEnvironment([.. Environment]).In(Directory).With([.. HasTerminal ? Array.Empty<string>() : ["--own-session"], "--pid-file", pidFile, .. Options]);

    public override string ToString() => Name;

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static Dictionary<int, string> Replaced(params string[] streams) =>
        streams.ToDictionary(stream => int.Parse(stream.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    private static Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>> Limit(string name, string value) =>
        new() { ["limits"] = limits => [.. limits.Select(limit => limit.StartsWith($"{name} ", StringComparison.Ordinal) ? $"{name} {value}" : limit)] };
}
