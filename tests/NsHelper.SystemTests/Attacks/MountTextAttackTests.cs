using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: mountinfo is text in which names and sources of mounts stand, and users choose some of them (CVE-2021-3995, CVE-2021-3996). Nothing may be
/// decided by it, and what is shown of it must be what is there: no name makes a second mount, a line of a profile, or a move of the terminal's cursor.
/// </summary>
public sealed class MountTextAttackTests : SystemTest
{
    private const string Place = "/mnt/srv/names";

    public static TheoryData<string> Names =>
    [
        "a\nb", "x (deleted)", "\u001b[2Jx", "a\\040b", "a\\012b", " - tmpfs none rw", "99 1 0:1 / / rw - tmpfs none rw\n98 1 0:1 ", "upperdir=/upper,", new string('n', 255), "\t\\", "#",
    ];

    /// <summary>mnt-mountinfo-parse: names of mount points, sources and options as a user's file server could choose them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_shown_as_it_is_and_nothing_else(string name)
    {
        Directory.CreateDirectory($"{Place}/{name}");
        Undo(() => Directory.Delete(Place, recursive: true));
        Posix.Mount(name, $"{Place}/{name}", "tmpfs", 0, "");
        Undo(() => Posix.Unmount($"{Place}/{name}"));
        Install("t", "[protect]\nprivate_tmp = true");
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string pid = HeldHelper.Text(session.Pid);
        SessionResult text = SessionCommand.Helper("mounts", "-q", pid).Execute();
        Assert.Equal((0, ""), (text.ExitStatus, text.ErrorText));
        Assert.All(text.OutputText, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.Equal(File.ReadAllLines($"/proc/{pid}/mountinfo").Length, text.OutputText.Count(c => c == '\n'));
        using var document = JsonDocument.Parse(SessionCommand.Helper("mounts", "--json", pid).Execute().Output);
        JsonElement[] mounts = [.. document.RootElement.GetProperty("mounts").EnumerateArray()];
        JsonElement found = mounts.Single(mount => mount.GetProperty("target").GetString() == $"{Place}/{name}");
        Assert.Equal(name, found.GetProperty("source").GetString());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("made_by").ValueKind);
        Assert.Equal(3, mounts.Count(mount => mount.GetProperty("made_by").ValueKind == JsonValueKind.Object));
        SessionResult difference = SessionCommand.Helper("diff", pid).Execute();
        Assert.Equal((1, ""), (difference.ExitStatus, difference.ErrorText));
        Assert.All(difference.OutputText, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.DoesNotContain("names", difference.OutputText, StringComparison.Ordinal);
        Assert.Equal((0, ""), (SessionCommand.Helper("changes").Execute().ExitStatus, SessionCommand.Helper("changes").Execute().ErrorText));
    }

    /// <summary>mnt-mountinfo-parse: a start opens no table of mounts, neither before root is put aside nor after.</summary>
    [Fact]
    public void No_start_reads_the_table()
    {
        Install("t", "[protect]\nprivate_tmp = true\nprotect_system = \"strict\"\nprotect_proc = \"invisible\"\n[[share]]\nname = \"w\"\ntarget = \"/mnt/srv\"\nscope = \"user\"");
        ExpectShare("u12001.w");
        Trace trace = Trace.Of(SessionCommand.Run("t", "/bin/true"));
        Assert.True(trace.CommandStarted);
        Assert.DoesNotContain(trace.HelperCalls.SelectMany(call => call.Paths), path => path.Contains("mountinfo", StringComparison.Ordinal) || path.EndsWith("/mounts", StringComparison.Ordinal) || path.EndsWith("mtab", StringComparison.Ordinal));
    }
}
