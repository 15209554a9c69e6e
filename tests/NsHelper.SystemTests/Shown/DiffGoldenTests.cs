using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// Why it exists: what a session changes of the host's mounts must be what its profile says, and a user must see it at a glance. The files
/// diff-PROFILE.txt have the answer by real sessions; `make golden` rewrites them, and the diff is the review.
/// </summary>
public sealed partial class DiffGoldenTests : SystemTest
{
    private static readonly string Directory = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Shown"));

    public static TheoryData<string> Shipped =>
        [.. System.IO.Directory.GetFiles(TestHost.VendorProfileDirectory, "*.toml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_session_of_a_shipped_profile_differs_from_the_host_as_the_file_says(string name)
    {
        ExpectShare("u12001.workspace");
        RunningSession session = Start(InstallShipped(name).Run("/bin/sleep", "60")).WaitForCommand();
        SessionResult result = Diff(Pid(session), "1");
        Assert.Equal((1, ""), (result.ExitStatus, result.ErrorText));
        Assert.All(result.OutputText.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        string text = Normalised(result.OutputText, session.Pid);
        string path = Path.Combine(Directory, $"diff-{name}.txt");
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void Two_sessions_of_one_profile_are_alike_and_so_is_a_session_with_itself()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession second = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.NotEqual(first.Namespace("mnt"), second.Namespace("mnt"));
        foreach (SessionResult result in new[] { Diff(Pid(first), Pid(second)), Diff("--propagation", Pid(first), Pid(first)), Diff() })
        {
            Assert.Equal((0, "", ""), (result.ExitStatus, result.OutputText, result.ErrorText));
        }
    }

    /// <summary>Without operands in a session, the host is what it is compared with; with one outside, the caller is.</summary>
    [Fact]
    public void The_host_cannot_be_seen_from_a_session_with_processes_of_its_own()
    {
        Install("t", "[protect]\nprivate_tmp = true");
        SessionResult inside = SessionCommand.Run("t", TestHost.Helper, "diff").Execute();
        Assert.Equal((2, ""), (inside.ExitStatus, inside.OutputText));
        Assert.StartsWith("nshelper: cannot compare with the host: it cannot be seen from a session with processes of its own", inside.ErrorText, StringComparison.Ordinal);
    }

    [Fact]
    public void The_caller_and_the_host_are_what_is_meant_by_nothing()
    {
        Install("t", "[protect]\nprivate_tmp = true\n[namespaces]\npid = \"host\"");
        SessionResult inside = SessionCommand.Run("t", TestHost.Helper, "diff").Execute();
        Assert.Equal((1, ""), (inside.ExitStatus, inside.ErrorText));
        Assert.StartsWith("--- process 1 (the host)\n+++ the caller\n", inside.OutputText, StringComparison.Ordinal);
        Assert.Contains("\n+ /tmp ", inside.OutputText, StringComparison.Ordinal);
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        string outside = Diff(Pid(session)).OutputText;
        Assert.Equal(inside.OutputText.Split('\n')[2..], outside.Split('\n')[2..]);
        Assert.StartsWith($"--- the caller\n+++ process {session.Pid}\n", outside, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(Diff("--json", Pid(session), "1").Output);
        Assert.Contains(document.RootElement.GetProperty("differences").EnumerateArray(), entry => entry.GetProperty("target").GetString() == "/tmp" && entry.GetProperty("change").GetString() == "added");
        Assert.Equal((1, ""), (Diff("-q", Pid(session)).ExitStatus, Diff("-q", Pid(session)).OutputText));
    }

    [Fact]
    public void A_table_that_cannot_be_read_is_trouble_and_not_an_answer()
    {
        SessionResult absent = Diff("4194303");
        Assert.Equal((2, "", "nshelper: cannot read the mount table of process 4194303: no such process, or /proc hides it (hidepid)\n"), (absent.ExitStatus, absent.OutputText, absent.ErrorText));

        // As hosts have it whose administrators hide processes.
        SessionResult hidden = SessionCommand.Direct("/usr/bin/unshare", "-m", "/bin/sh", "-c", $"mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 12001 --regid 12001 --clear-groups {TestHost.Helper} diff")
            .As(TestUser.Root).Execute();
        Assert.Equal((2, "", "nshelper: cannot read the mount table of process 1 (the host): /proc hides it (hidepid)\n"), (hidden.ExitStatus, hidden.OutputText, hidden.ErrorText));
    }

    private static SessionResult Diff(params string[] arguments) => SessionCommand.Helper(["diff", .. arguments]).Execute();

    private static string Pid(RunningSession session) => session.Pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hosts have other numbers of mounts, and some have one at /tmp already; the rest is the session's.</summary>
    private static string Normalised(string text, int pid)
    {
        text = text.Replace($"process {pid}", "process PID", StringComparison.Ordinal);
        text = Counts().Replace(text, "and N mounts below it");
        text = Covered().Replace(text, "");

        // What the machine has and a root of the session's own does not is the machine's, as is what it has below /sys and, in a profile that takes single files of it, in /etc; and so are the width that it takes and the disk.
        bool isWide = Gone().IsMatch(text) || text.Contains("\n+ /sys ", StringComparison.Ordinal);
        return !isWide ? text : Disk().Replace(Gaps().Replace(Gone().Replace(text, ""), "  "), "DISK");
    }

    [GeneratedRegex("^(- |~ /sys/|[+] /etc/(?!passwd |group )).*\n( .*\n)*", RegexOptions.Multiline)]
    private static partial Regex Gone();

    [GeneratedRegex("(\n| ) +")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"\w+ +/dev/\w+")]
    private static partial Regex Disk();

    [GeneratedRegex("and [0-9]+ mounts? below it")]
    private static partial Regex Counts();

    [GeneratedRegex("(?<=[+] /(var/)?tmp .*)  over .*")]
    private static partial Regex Covered();
}
