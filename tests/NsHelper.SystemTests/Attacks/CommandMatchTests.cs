using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>Why it exists: an allowed command was reached, or another one, by a relative path, a link, an interpreter or other arguments (CVE-1999-0958, restricted shells).</summary>
public sealed class CommandMatchTests : SystemTest
{
    private const string Tool = "/mnt/srv/tool";

    /// <summary>Sixty ways to write a path that leads to the tool, or nearly.</summary>
    private static readonly string[] Spellings =
    [
        "tool", "./tool", "../tool", "srv/tool", "mnt/srv/tool", "./mnt/srv/tool", "/mnt/srv/./tool", "/mnt/./srv/tool", "/./mnt/srv/tool", "/mnt//srv/tool", "//mnt/srv/tool", "/mnt/srv//tool", "///mnt/srv/tool",
        "/mnt/srv/tool/", "/mnt/srv/tool/.", "/mnt/srv/../srv/tool", "/mnt/../mnt/srv/tool", "/../mnt/srv/tool", "/mnt/srv/x/../tool", "/mnt/srv/tool/../tool", "/mnt/srv/link", "/mnt/srv/chain", "/mnt/srv/hard",
        "/mnt/srv/way/tool", "/mnt/srv/way/../tool", "/proc/self/root/mnt/srv/tool", "/proc/self/cwd/tool", "/proc/self/cwd/mnt/srv/tool", "/proc/1/root/mnt/srv/tool", "/dev/fd/../root/mnt/srv/tool", "/proc/thread-self/root/mnt/srv/tool",
        "/MNT/srv/tool", "/mnt/SRV/tool", "/mnt/srv/Tool", "/mnt/srv/TOOL", "/mnt/srv/too", "/mnt/srv/tool2", "/mnt/srv/tool.", "/mnt/srv/tool ", " /mnt/srv/tool", "/mnt/srv/tool\n", "\n/mnt/srv/tool", "/mnt/srv/tool\t",
        "/mnt/srv/tool;", "/mnt/srv/tool|id", "/mnt/srv/t*", "/mnt/srv/*", "/mnt/srv/too?", "/mnt/srv/{tool}", "$PWD/tool", "~/../../srv/tool", "\\/mnt/srv/tool", "/mnt/srv\\/tool", "\"/mnt/srv/tool\"", "'/mnt/srv/tool'",
        "file:///mnt/srv/tool", "/mnt/srv/tool%", "/mnt/srv/tool\u00a0", "/mnt/srv/t\u043eol", "/mnt/srv/\u200btool",
    ];

    public CommandMatchTests()
    {
        File.Copy(TestHost.Probe, Temporary(Tool), overwrite: true);
        File.SetUnixFileMode(Tool, (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Temporary("/mnt/srv/link"), Tool);
        File.CreateSymbolicLink(Temporary("/mnt/srv/chain"), "link");
        File.CreateSymbolicLink(Temporary("/mnt/srv/way"), "/mnt/srv");
        Install(new ProfileFile("t", $"schema = 1\n[allow]\nusers = [\"alice\"]\n[parameters.word]\ntype = \"string\"\ndefault = \"w\"\n[[command]]\npath = \"{Tool}\"\nargs = [\"cat\", \"/mnt/srv/{{word}}.txt\"]\n[[command]]\npath = \"{Tool}\"\nargs = [\"state\"]\nargv0 = \"-tool\"\n"));
    }

    /// <summary>authz-cmd-match.</summary>
    [Fact]
    public void Only_the_listed_spelling_with_the_listed_arguments_runs()
    {
        Assert.Equal(60, Spellings.Distinct().Count());
        SessionResult hard = SessionCommand.Direct("/bin/ln", Tool, Temporary("/mnt/srv/hard")).As(TestUser.Root).Execute();
        Assert.Equal(0, hard.ExitStatus);
        File.WriteAllText(Temporary("/mnt/srv/w.txt"), "content");
        ProbeReport probe = SessionCommand.Run("t", Tool, "state").Execute().Probe;
        Confinement.MustBeWhole(probe, TestUser.Alice);
        Assert.Equal("-tool", System.Text.Encoding.UTF8.GetString(probe.Arguments[0]));
        Assert.Equal("content", SessionCommand.Run("t", Tool, "cat", "/mnt/srv/w.txt").Execute().OutputText);
        foreach (string spelling in Spellings)
        {
            Refused(SessionCommand.Run("t", spelling, "state").In("/mnt/srv").WithEnvironment("PATH=/mnt/srv:.", "PWD=/mnt/srv"));
        }

        foreach (string[] command in (string[][])
            [
                [Tool], [Tool, "state", ""], [Tool, "state", "x"], [Tool, "", "state"], [Tool, "State"], [Tool, "state "], [Tool, "--", "state"], [Tool, "cat"], [Tool, "/mnt/srv/w.txt", "cat"],
                [Tool, "cat", "/mnt/srv/w.txt", "/etc/passwd"], [Tool, "cat", "/mnt/srv/../srv/w.txt"], [Tool, "cat", "/mnt/srv/{word}.txt"], [Tool, "cat", "/mnt/srv/x.txt"], [Tool, "cat /mnt/srv/w.txt"],
                ["/bin/sh", Tool, "state"], ["/bin/sh", "-c", $"{Tool} state"], ["/usr/bin/env", Tool, "state"], ["/lib64/ld-linux-x86-64.so.2", Tool, "state"],
            ])
        {
            Refused(SessionCommand.Run("t", command));
        }
    }

    private static void Refused(SessionCommand command)
    {
        SessionResult result = command.Execute();
        Assert.True(result.ExitStatus == 125 && result.Output.Length == 0, $"{string.Join(' ', command.Arguments)}: {result}");
    }
}
