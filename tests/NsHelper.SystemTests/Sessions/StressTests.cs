using System.Diagnostics;
using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// Why it exists: what goes wrong once in a thousand starts (a signal between two calls, two starts that make one share, a limit in the middle of a step)
/// is a hang or a crash on somebody's host every day. stress.c has the treatments and what each allows; the host is compared afterwards.
/// </summary>
public sealed class StressTests(ITestOutputHelper output) : SystemTest
{
    /// <summary>A number of starts that every run of the tests can afford; `make stress` makes more.</summary>
    private const int Starts = 1000;

    [Fact]
    public void Of_many_starts_under_signals_and_limits_none_hangs_crashes_or_leaves_anything()
    {
        ExpectShare("u12001.work");
        foreach (string target in new[] { "/mnt/srv/shared", "/mnt/srv/private" })
        {
            Directory.CreateDirectory(Temporary(target));
        }

        Install("place", "[namespaces]\npid = \"host\"\nipc = \"host\"\n[protect]\nprivate_tmp = true");
        Install("init", "[[share]]\nname = \"work\"\ntarget = \"/mnt/srv/shared\"\nscope = \"user\"\nsource = \"tmpfs\"\n[[private]]\ntarget = \"/mnt/srv/private\"\nmethod = \"tmpfs\"\nscope = \"session\"");
        Install("tree", "[namespaces]\nuts = \"private\"\nnetwork = \"private\"\ncgroup = \"private\"\ntime = \"private\"\nhostname = \"t\"\n[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n"
            + "[protect]\nprivate_tmp = true\nprivate_devices = true\n[[mount]]\ntype = \"proc\"\ntarget = \"/proc\"\n[[mount]]\ntarget = \"/mnt/probe\"\noptions = [\"ro\"]");
        string[] cgroups = Cgroups();
        (int status, string text) = Run(Setting("STARTS", Starts), Setting("SEED", 1), Setting("FIRST", 0));
        output.WriteLine(text);
        Assert.True(status == 0, text);
        Assert.Equal(cgroups, Cgroups());
    }

    private static (int Status, string Text) Run(params string[] numbers)
    {
        using Process process = Process.Start(new ProcessStartInfo("/mnt/probe/stress", ["run", .. numbers, TestHost.Helper, "12001:12001:12010", "init", "place", "tree"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> failures = process.StandardError.ReadToEndAsync();
        string figures = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, failures.Result + figures);
    }

    private static string Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable($"NSHELPER_STRESS_{name}") is { Length: > 0 } text ? text : usual.ToString(CultureInfo.InvariantCulture);

    /// <summary>Those below the test's own: others belong to whoever else is on the host.</summary>
    private static string[] Cgroups() =>
    [
        .. MountEntry.OfHost().Where(mount => mount.Type is "cgroup" or "cgroup2")
            .SelectMany(mount => Directory.EnumerateDirectories(mount.Target, "*nshelper*", new EnumerationOptions { RecurseSubdirectories = true })).Order(StringComparer.Ordinal),
    ];
}
