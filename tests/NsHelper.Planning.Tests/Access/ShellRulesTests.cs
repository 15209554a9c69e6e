using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Tests.Sessions;

namespace NsHelper.Planning.Tests.Access;

/// <summary>What a login gets: the shell of the profile or its sftp server, with the user's words as one argument, and only by the verb login.</summary>
public sealed class ShellRulesTests
{
    private const string Allow = "schema = 1\n[allow]\nusers = [\"alice\"]\nverbs = [\"login\", \"shell\"]\n";
    private const string Server = "/usr/lib/openssh/sftp-server";

    [Theory]
    [InlineData("", false, null, "/bin/sh", "sh", "")]
    [InlineData("", true, null, "/bin/sh", "-sh", "")]
    [InlineData("", false, "id; reboot", "/bin/sh", "sh", "-c|id; reboot")]
    [InlineData("", true, "", "/bin/sh", "-sh", "-c|")]
    [InlineData("shell = \"/opt/jail/bash\"\n", true, null, "/opt/jail/bash", "-bash", "")]
    [InlineData("shell = \"/bin/bash\"\nshell_args = [\"-r\", \"\"]\n", false, null, "/bin/bash", "bash", "-r|")]
    [InlineData("shell = \"/bin/bash\"\nshell_args = [\"-r\"]\n", false, "id", "/bin/bash", "bash", "-r|-c|id")]
    [InlineData("sftp_server = \"" + Server + "\"\n", false, Server, Server, Server, "")]
    [InlineData("sftp_server = \"" + Server + "\"\nallow_command = false\nallow_interactive = false\nshell_args = [\"-r\"]\n", true, Server, Server, Server, "")]
    [InlineData("sftp_server = \"" + Server + "\"\n", false, Server + " -e", "/bin/sh", "sh", "-c|" + Server + " -e")]
    [InlineData("sftp_server = \"" + Server + "\"\n", false, Server + "\n", "/bin/sh", "sh", "-c|" + Server + "\n")]
    [InlineData("", false, Server, "/bin/sh", "sh", "-c|" + Server)]
    public void The_shell_is_the_profiles_and_the_command_is_one_argument(string login, bool isLogin, string? command, string path, string argumentZero, string rest)
    {
        RequestedCommand found = Allowed(login, Request(isLogin, command)).Command;
        CommandCandidate only = Assert.Single(found.Candidates);
        Assert.Equal((ByteString.FromText(path), ByteString.FromText(argumentZero)), (only.Path, only.ArgumentZero));
        string[] words = [path, .. rest.Length == 0 ? [] : rest.Split('|')];
        Assert.Equal(words.Select(ByteString.FromText), found.Arguments);
    }

    [Theory]
    [InlineData("allow_interactive = false\n", null, "the profile allows no interactive shell")]
    [InlineData("allow_command = false\n", "id", "the profile allows no commands")]
    [InlineData("allow_command = false\n", "", "the profile allows no commands")]
    [InlineData("allow_command = false\nsftp_server = \"" + Server + "\"\n", Server + " -e", "the profile allows no commands; it serves sftp")]
    [InlineData("allow_command = false\nsftp_server = \"" + Server + "\"\n", Server + ";id", "the profile allows no commands; it serves sftp")]
    [InlineData("allow_command = false\nsftp_server = \"" + Server + "\"\n", " " + Server, "the profile allows no commands; it serves sftp")]
    [InlineData("allow_command = false\nsftp_server = \"" + Server + "\"\n", "/usr/lib/openssh/../openssh/sftp-server", "the profile allows no commands; it serves sftp")]
    public void What_the_profile_switches_off_is_refused_with_its_reason(string login, string? command, string reason)
    {
        var denied = Assert.IsType<Decision.Denied>(Decide($"{Allow}[login]\n{login}", Request(false, command)));
        Assert.Equal(reason, denied.Reason);
        Assert.True(denied.IsAboutCommand);
    }

    /// <summary>A profile whose list of commands has no shell must not get one by the verbs that it has by default.</summary>
    [Fact]
    public void Without_the_table_there_is_no_shell()
    {
        var denied = Assert.IsType<Decision.Denied>(Decide("schema = 1\n[allow]\nusers = [\"alice\"]\n[[command]]\npath = \"/bin/true\"\n", Request(false, null) with { Verb = "shell" }));
        Assert.Equal("the profile has no shell: it has no [login]", denied.Reason);
    }

    [Theory]
    [InlineData("users = [\"alice\"]\nverbs = [\"run\", \"shell\", \"join\", \"stop\"]\ncommands = \"any\"\n", "the profile does not allow login")]
    [InlineData("users = [\"alice\"]\ncommands = \"any\"\n", "the profile does not allow login")]
    [InlineData("users = [\"bob\"]\nverbs = [\"login\"]\n", "no rule of the profile allows this user")]
    [InlineData("users = [\"*\"]\ndeny_users = [\"alice\"]\nverbs = [\"login\"]\n", "the user is denied by \"alice\"")]
    public void A_login_needs_the_verb_and_the_user(string allow, string reason)
    {
        var denied = Assert.IsType<Decision.Denied>(Decide($"schema = 1\n[allow]\n{allow}[login]\n", Request(true, null)));
        Assert.Equal(reason, denied.Reason);
        Assert.False(denied.IsAboutCommand);
    }

    [Fact]
    public void A_profile_for_logins_alone_lists_no_command_and_runs_none()
    {
        Profile profile = Reading.Valid($"{Allow}[login]\n");
        Assert.Equal("the profile does not allow run", Assert.IsType<Decision.Denied>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/sh")])).Reason);
        Assert.NotEmpty(Reading.Faults("schema = 1\n[allow]\nverbs = [\"login\", \"run\"]\n[login]\n"));
        Assert.NotEmpty(Reading.Faults("schema = 1\n[allow]\nverbs = [\"login\", \"join\"]\n[login]\n"));
    }

    [Fact]
    public void SHELL_is_the_shell_of_the_session()
    {
        Assert.Contains("SHELL=/opt/x", Plan("shell = \"/opt/x\"\n", Request(true, null)).Launch.Environment.Select(entry => entry.ToString()));
        Profile without = Reading.Valid("schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n");
        var run = Assert.IsType<Decision.Allowed>(AccessRules.Decide(without, People.Alice with { Shell = Paths.AbsolutePath.Parse("/bin/zsh") }, People.Database, "run", [ByteString.FromText("/x")]));
        Assert.Contains("SHELL=/bin/zsh", Assert.IsType<PlanningResult.Valid>(Plans.Of(run.Grant)).Plan.Launch.Environment.Select(entry => entry.ToString()));
    }

    [Theory]
    [InlineData("login", true, "/srv", "/home/alice")]
    [InlineData("login", false, "/", "/home/alice")]
    [InlineData("login", false, "/home/alice", "/home/alice")]
    [InlineData("login", false, "/srv", "/srv")]
    [InlineData("shell", false, "/srv", "/srv")]
    [InlineData("shell", false, "/", "/")]
    public void A_login_starts_at_home_but_for_su_without_a_dash(string verb, bool isLogin, string from, string expected)
    {
        SessionPlan plan = Plan("", new ShellRequest(verb, isLogin, null), state => state with { WorkingDirectory = ByteString.FromText(from) });
        Assert.Equal(expected, plan.Launch.WorkingDirectories[0].ToString());
        Assert.Equal("/", plan.Launch.WorkingDirectories[^1].ToString());
    }

    [Theory]
    [InlineData("[login]\n", true)]
    [InlineData("[login]\n[protect]\nprivate_tmp = true\n", true)]
    [InlineData("[login]\n[protect]\nprivate_run_user = false\n", false)]
    public void With_a_shell_the_users_own_services_are_out_of_reach_unless_that_is_written(string tables, bool isOn) => Assert.Equal(
        isOn,
        Reading.Valid($"schema = 1\n[allow]\nverbs = [\"login\"]\n{tables}").Protect.Presets.Any(preset => preset.Preset == ProtectPreset.PrivateRunUser));

    private static ShellRequest Request(bool isLogin, string? command) => new("login", isLogin, command is null ? null : ByteString.FromText(command));

    private static Decision Decide(string profile, ShellRequest request) => AccessRules.Decide(Reading.Valid(profile), People.Alice, People.Database, request, []);

    private static Grant Allowed(string login, ShellRequest request) => Assert.IsType<Decision.Allowed>(Decide($"{Allow}[login]\n{login}", request)).Grant;

    private static SessionPlan Plan(string login, ShellRequest request, Func<CallerState, CallerState>? changed = null) =>
        Assert.IsType<PlanningResult.Valid>(Plans.Of(Allowed(login, request), Planning.Paths.PathFacts.None, changed ?? (state => state))).Plan;
}
