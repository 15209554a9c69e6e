using System.Text.Json;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Shown;

/// <summary>
/// Why it exists: `allowed` and `show` are asked by those who are denied too, and must tell them no more than `run` does; root is told everything,
/// and what root is told about another user must be what that user gets.
/// </summary>
public sealed class QuestionTests : SystemTest
{
    private const string Denied = "no such profile, or not yours to use";

    public QuestionTests() => Install(new ProfileFile("g", """
        schema = 1
        [allow]
        users = ["dave", "bob"]
        groups = ["nsok"]
        deny_groups = ["nsdeny"]
        [[command]]
        path = "/bin/true"

        """));

    [Fact]
    public void A_permission_has_its_rule_and_line()
    {
        Assert.Equal((0, "permit bob to run g\n  \"bob\" in allow.users\n  /etc/nshelper/profiles/g.toml:3\n"), Ask(TestUser.Bob, "allowed", "g"));
        Assert.Equal((0, "permit alice to run g\n  \"nsok\" in allow.groups\n  /etc/nshelper/profiles/g.toml:4\n  the command is listed\n  /etc/nshelper/profiles/g.toml:7\n"), Ask(TestUser.Alice, "allowed", "g", "--", "/bin/true"));
    }

    [Fact]
    public void Who_may_use_the_profile_is_told_of_the_command()
    {
        (int? status, string text) = Ask(TestUser.Alice, "allowed", "g", "--", "/bin/false");
        Assert.Equal((1, "deny alice to run g\n  command \"/bin/false\" is not listed in the profile\n"), (status, text));
        Assert.Equal(125, SessionCommand.Run("g", "/bin/false").Execute().ExitStatus);
    }

    /// <summary>authz-default-deny: a denied user cannot tell a profile from none by any of the verbs.</summary>
    [Theory]
    [InlineData("allowed")]
    [InlineData("allowed --json")]
    [InlineData("show")]
    [InlineData("show --origin")]
    [InlineData("show --json")]
    [InlineData("explain")]
    public void Denied_and_unknown_look_the_same(string verb)
    {
        Install(new ProfileFile("off", "schema = 1\nenabled = false\n[allow]\nusers = [\"carol\"]\ncommands = \"any\"\n"));
        Install(new ProfileFile("base", "schema = 1\nabstract = true\n[allow]\nusers = [\"carol\"]\n"));
        Install(new ProfileFile("closed", "schema = 1\n[allow]\nusers = [\"carol\"]\ncommands = \"any\"\n") { Mode = Modes.OwnerOnlyFile });
        (int?, string, string) unknown = Answer("unknown");
        Assert.Equal(1, unknown.Item1);
        Assert.Contains(Denied, unknown.Item2 + unknown.Item3, StringComparison.Ordinal);
        foreach (string profile in (string[])["g", "off", "base", "closed", "private-tmp"])
        {
            Assert.Equal(unknown, Answer(profile));
        }

        (int?, string, string) Answer(string profile)
        {
            SessionResult result = SessionCommand.Helper([.. verb.Split(' '), profile]).As(TestUser.Carol).Execute();
            return (result.ExitStatus, Anonymous(result.OutputText), Anonymous(result.ErrorText));

            string Anonymous(string text) => text.Replace($" {profile}:", " NAME:", StringComparison.Ordinal).Replace($" {profile}\n", " NAME\n", StringComparison.Ordinal)
                .Replace($"\"{profile}\"", "\"NAME\"", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("alice", "g", 0, "\"nsok\" in allow.groups", 4)]
    [InlineData("bob", "g", 0, "\"bob\" in allow.users", 3)]
    [InlineData("carol", "g", 1, "the user is denied by group \"nsdeny\"", 5)]
    [InlineData("root", "g", 1, "no rule of the profile allows this user", 2)]
    [InlineData("alice", "unknown", 1, "no such profile, or none that the user may read", 0)]
    public void Root_is_told_the_true_reason_of_anybody(string user, string profile, int status, string reason, int line)
    {
        (int? exit, string text) = Ask(TestUser.Root, "allowed", "--json", "-U", user, profile);
        Assert.Equal(status, exit);
        using var document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        Assert.Equal((1, status == 0 ? "permit" : "deny", user, profile, "run", reason), (
            root.GetProperty("version").GetInt32(), Text("decision"), Text("user"), Text("profile"), Text("verb"), Text("reason")));
        Assert.Equal(line, root.TryGetProperty("rule", out JsonElement rule) ? rule.GetProperty("line").GetInt32() : 0);

        string? Text(string name) => root.GetProperty(name).GetString();
    }

    /// <summary>The files are opened as the user: what alice may not read is not alice's, whatever it says.</summary>
    [Fact]
    public void Root_asks_with_the_rights_of_the_user()
    {
        Install(new ProfileFile("closed", "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n") { Mode = Modes.OwnerOnlyFile });
        Assert.Equal(1, Ask(TestUser.Root, "allowed", "-U", "alice", "closed").Status);
        Assert.Equal(125, SessionCommand.Run("closed", "/bin/true").Execute().ExitStatus);
        List<SystemCall> calls = [.. Trace.Of(SessionCommand.Helper("explain", "--as-user", "alice", "g", "--", "/bin/true").As(TestUser.Root)).HelperCalls];
        int groups = calls.FindIndex(call => call.Name == "setgroups" && call.Line.Contains("[12001, 12010]", StringComparison.Ordinal));
        int group = calls.FindIndex(call => call.Name == "setresgid" && call.Line.Contains("(12001, 12001, 12001)", StringComparison.Ordinal));
        int user = calls.FindIndex(call => call.Name == "setresuid" && call.Line.Contains("(12001, 12001, 12001)", StringComparison.Ordinal));
        int read = calls.FindIndex(call => call.Paths.Contains("g.toml"));
        Assert.True(groups >= 0 && groups < group && group < user && user < read, $"{groups} {group} {user} {read}");
    }

    [Fact]
    public void The_plan_of_another_user_is_that_users()
    {
        string own = WithoutSession(SessionCommand.Helper("explain", "g", "--", "/bin/true").Execute().OutputText);
        string asked = WithoutSession(SessionCommand.Helper("explain", "--as-user", "alice", "g", "--", "/bin/true").As(TestUser.Root).Execute().OutputText);
        Assert.Contains("alice, uid 12001", own, StringComparison.Ordinal);
        Assert.Equal(own, asked);
        SessionResult carol = SessionCommand.Helper("explain", "--as-user", "carol", "g", "--", "/bin/true").As(TestUser.Root).Execute();
        Assert.Equal((1, "nshelper: cannot explain g: the user is denied by group \"nsdeny\"\n  /etc/nshelper/profiles/g.toml:5\n"), (carol.ExitStatus, carol.ErrorText));

        static string WithoutSession(string text) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("  session", StringComparison.Ordinal)));
    }

    [Fact]
    public void Root_sees_every_profile_and_what_is_wrong_with_it()
    {
        Install(new ProfileFile("broken", "schema = 1\nalow = 1\nallow.commands = \"any\"\n"));
        Install(new ProfileFile("loose", "schema = 1\n") { Owner = 12001 });
        Undo(() => RootShell.Run($"rm -f {TestHost.ProfileDirectory}/no-network.toml {TestHost.ProfileDirectory}/astray.toml"));
        RootShell.Run($"ln -s /dev/null {TestHost.ProfileDirectory}/no-network.toml; ln -s /etc/passwd {TestHost.ProfileDirectory}/astray.toml");
        using var document = JsonDocument.Parse(Ask(TestUser.Root, "profiles", "--all", "--json").Text);
        Assert.Equal(
            [
                "agent allows nobody", "astray invalid", "broken invalid", "build allows nobody", "chroot-build allows nobody", "deploy allows nobody", "g usable", "kiosk-guest allows nobody", "login-jail allows nobody", "loose invalid", "no-network masked",
                "private-tmp allows nobody", "readonly-system allows nobody", "sftp-only allows nobody", "shared-workspace allows nobody", "throwaway-home allows nobody", "vendor-toolchain allows nobody",
            ],
            document.RootElement.GetProperty("profiles").EnumerateArray().Select(profile => $"{profile.GetProperty("name").GetString()} {profile.GetProperty("state").GetString()}"));
        string text = Ask(TestUser.Root, "profiles", "--all").Text;
        Assert.Contains("unknown key \"alow\"", text, StringComparison.Ordinal);
        Assert.Contains("  /etc/nshelper/profiles/broken.toml:2\n", text, StringComparison.Ordinal);
        Assert.Contains("/etc/nshelper/profiles/loose.toml is not owned by root", text, StringComparison.Ordinal);
        Assert.Equal(0, Ask(TestUser.Root, "show", "private-tmp").Status);

        using var own = JsonDocument.Parse(SessionCommand.Helper("profiles", "--json").Execute().OutputText);
        Assert.Equal(4, own.RootElement.GetProperty("profiles")[0].GetProperty("rule").GetProperty("line").GetInt32());

        SessionResult alice = SessionCommand.Helper("profiles", "--all").Execute();
        Assert.Equal((1, "", "nshelper: cannot list all profiles: only root sees them all\n"), (alice.ExitStatus, alice.OutputText, alice.ErrorText));
        Assert.Equal("g\n", SessionCommand.Helper("profiles", "-q").Execute().OutputText);
    }

    private static (int? Status, string Text) Ask(TestUser user, params string[] arguments)
    {
        SessionResult result = SessionCommand.Helper(arguments).As(user).Execute();
        Assert.Equal("", result.ErrorText);
        return (result.ExitStatus, result.OutputText);
    }
}
