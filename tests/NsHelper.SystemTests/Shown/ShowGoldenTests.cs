using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// Why it exists: an administrator asks of a profile of many files which of them a value comes from. origin.txt has the answer, by a real run;
/// `make golden` rewrites it, and the diff is the review.
/// </summary>
public sealed class ShowGoldenTests : SystemTest
{
    private const string Vendor = TestHost.VendorProfileDirectory;
    private const string Administrator = TestHost.ProfileDirectory;

    public ShowGoldenTests()
    {
        Write($"{Vendor}/base.toml", """
            schema = 1
            abstract = true
            description = "what every desk has"

            [allow]
            commands = "any"
            deny_groups = ["nsdeny"]

            [protect]
            private_tmp = true

            [[mount]]
            target = "/mnt/srv"
            source = "/mnt/srv"
            options = ["ro", "nosuid", "nodev"]
            optional = true
            """);
        Write($"{Administrator}/site.toml", """
            schema = 1
            abstract = true

            [environment]
            path = ["/usr/bin", "/bin"]
            user_vars = ["EDITOR", "PAGER"]

            [environment.set]
            SITE = "here \"and\" there"
            """);

        // Replaced whole by the administrator's: nothing of it may show.
        Write($"{Vendor}/desk.toml", """
            schema = 1
            description = "as it was shipped"
            message = "nobody reads this"

            [allow]
            users = []
            commands = "any"
            """);
        Write($"{Administrator}/desk.toml", """
            schema = 1
            extends = ["base", "site"]
            description = "a desk of this site"

            [allow]
            users = ["alice", "bob"]

            [namespaces]
            ipc = "host"
            """);
        Write($"{Administrator}/desk.toml.d/10-people.toml", """
            schema = 1

            [allow]
            users = { add = ["carol"], remove = ["bob"] }
            deny_groups = []
            """);
        Write($"{Administrator}/desk.toml.d/20-mounts.toml", """
            schema = 1

            [environment]
            user_vars = { add = ["MANPAGER"] }

            [[mount]]
            target = "/mnt/srv"
            options = ["ro", "noexec"]

            [[mount]]
            target = "/mnt/scratch"
            type = "tmpfs"
            size = "16M"
            """);
        Undo(() => RootShell.Run($"rm -rf {Vendor}/base.toml {Vendor}/desk.toml {Administrator}/site.toml {Administrator}/desk.toml {Administrator}/desk.toml.d"));
    }

    [Fact]
    public void Every_value_has_the_file_and_line_it_comes_from()
    {
        SessionResult result = SessionCommand.Helper("show", "--origin", "desk").Execute();
        Assert.Equal((0, ""), (result.ExitStatus, result.ErrorText));

        // The compiler maps the tree away; the tests run from tests/PROJECT/bin/CONFIGURATION/FRAMEWORK.
        string path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Shown/origin.txt"));
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            File.WriteAllText(path, result.OutputText);
        }

        Assert.Equal(File.ReadAllText(path), result.OutputText);
        Assert.All(result.OutputText.Split('\n').Where(line => line.Length > 0 && line[0] is not ('[' or ']')), line => Assert.Matches("  # /[^ ]+[.]toml:[0-9]+$", line));
    }

    /// <summary>What was shown, installed as one file, shows the same: it is a profile of the same meaning.</summary>
    [Fact]
    public void What_is_shown_can_be_installed()
    {
        string shown = SessionCommand.Helper("show", "desk").Execute().OutputText;
        Install(new ProfileFile("again", shown));
        Assert.Equal(shown, SessionCommand.Helper("show", "again").Execute().OutputText);
        string plan = Plan("desk");
        Assert.Contains("/mnt/scratch", plan, StringComparison.Ordinal);
        Assert.Equal(plan, Plan("again"));

        static string Plan(string profile)
        {
            using var document = JsonDocument.Parse(SessionCommand.Helper("explain", "--json", profile, "--", "/bin/true").Execute().Output);
            return string.Join('\n', document.RootElement.GetProperty("steps").EnumerateArray()
                .Select(step => string.Join(' ', step.EnumerateObject().Where(member => member.Name is not ("file" or "line" or "column")))));
        }
    }

    [Fact]
    public void Json_tells_the_same()
    {
        using var document = JsonDocument.Parse(SessionCommand.Helper("show", "--json", "desk").Execute().Output);
        Assert.Equal(["alice", "carol"], document.RootElement.GetProperty("profile").GetProperty("allow").GetProperty("users").EnumerateArray().Select(user => user.GetString()));
        JsonElement origin = document.RootElement.GetProperty("origins").EnumerateArray().Single(entry => entry.GetProperty("key").GetString() == "allow.users[1]");
        Assert.Equal(($"{Administrator}/desk.toml.d/10-people.toml", 4), (origin.GetProperty("file").GetString(), origin.GetProperty("line").GetInt32()));
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.WriteAllText(path, text + "\n");
        File.SetUnixFileMode(path, Modes.PublicFile);
    }
}
