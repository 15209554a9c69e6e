using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: an administrator's slip must cost a session, never a restriction (CVE-2025-65105, CVE-2025-64750), and a profile that looks
/// fine and gives root away must be refused by the program, not only by who reviews it (CVE-2025-32463).
/// </summary>
public sealed class ConfigurationMistakeTests : SystemTest
{
    private const string Profile = """
        schema = 1
        [allow]
        users = ["alice"]
        deny_groups = ["nsdeny"]
        commands = "listed"
        [[command]]
        path = "/bin/true"
        [namespaces]
        network = "private"
        [root]
        read_only = true
        [protect]
        private_tmp = true
        [[mount]]
        target = "/mnt/srv"
        options = ["ro", "noexec"]

        """;

    /// <summary>cfg-fail-open: one slip each; without it the profile runs, with it neither run nor check lets it pass.</summary>
    [Theory]
    [InlineData("deny_groups", "deny_group")]
    [InlineData("deny_groups", "Deny_groups")]
    [InlineData("deny_groups", "denygroups")]
    [InlineData("deny_groups = [\"nsdeny\"]", "deny_groups = \"nsdeny\"")]
    [InlineData("deny_groups = [\"nsdeny\"]", "deny_groups = [[\"nsdeny\"]]")]
    [InlineData("deny_groups = [\"nsdeny\"]", "deny_groups = [12011]")]
    [InlineData("deny_groups = [\"nsdeny\"]", "deny_groups = { deny = [\"nsdeny\"] }")]
    [InlineData("deny_groups = [\"nsdeny\"]", "\"deny_groups:0\" = \"nsdeny\"")]
    [InlineData("commands = \"listed\"", "commands = true")]
    [InlineData("commands = \"listed\"", "commands = \"Listed\"")]
    [InlineData("commands = \"listed\"", "commands = \"\"")]
    [InlineData("commands = \"listed\"", "commands = [\"listed\"]")]
    [InlineData("commands = \"listed\"", "command = \"listed\"")]
    [InlineData("[[command]]", "[command]")]
    [InlineData("[[command]]", "[[commands]]")]
    [InlineData("path = \"/bin/true\"", "path = \"true\"")]
    [InlineData("path = \"/bin/true\"", "path = \"/bin/*\"\npath = \"/bin/true\"")]
    [InlineData("network = \"private\"", "network = true")]
    [InlineData("network = \"private\"", "network = \"none\"")]
    [InlineData("network = \"private\"", "net = \"private\"")]
    [InlineData("[namespaces]", "[namespace]")]
    [InlineData("[namespaces]", "")]
    [InlineData("read_only = true", "read_only = \"true\"")]
    [InlineData("read_only = true", "read_only = 1")]
    [InlineData("read_only = true", "readonly = true")]
    [InlineData("read_only = true", "read_only = yes")]
    [InlineData("[root]", "[[root]]")]
    [InlineData("[protect]", "[protects]")]
    [InlineData("private_tmp = true", "private_tmp = []")]
    [InlineData("private_tmp = true", "private_tmp = {}")]
    [InlineData("private_tmp = true", "PrivateTmp = true")]
    [InlineData("[[mount]]", "[mount]")]
    [InlineData("[\"ro\", \"noexec\"]", "\"ro,noexec\"")]
    [InlineData("[\"ro\", \"noexec\"]", "[\"ro,noexec\"]")]
    [InlineData("[\"ro\", \"noexec\"]", "[\"ro\", \"no-exec\"]")]
    [InlineData("[\"ro\", \"noexec\"]", "[\"ro\", \"suid\"]")]
    [InlineData("[\"ro\", \"noexec\"]", "[\"ro\", \"rw\"]")]
    [InlineData("options", "option")]
    public void A_profile_with_a_mistake_starts_no_session(string right, string wrong)
    {
        Install(new ProfileFile("t", Profile));
        Assert.Equal(0, SessionCommand.Run("t", "/bin/true").Execute().ExitStatus);
        Assert.Contains(right, Profile, StringComparison.Ordinal);
        ProfileFile broken = Install(new ProfileFile("t", Profile.Replace(right, wrong, StringComparison.Ordinal)));
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal((125, 0), (result.ExitStatus, result.Output.Length));
        Assert.Contains($"{broken.Path}:", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(1, SessionCommand.Helper("check", broken.Path).Execute().ExitStatus);
    }

    /// <summary>cfg-footgun: the user's own files over what programs with rights trust, by source, by share, by tmpfs.</summary>
    [Theory]
    [InlineData("[[mount]]\nsource = \"%h/etc\"\ntarget = \"/etc\"")]
    [InlineData("[[mount]]\nsource = \"/tmp\"\ntarget = \"/usr/lib\"\noptions = [\"ro\"]")]
    [InlineData("[[mount]]\nsource = \"/mnt/srv/%u\"\ntarget = \"/etc/pam.d\"")]
    [InlineData("[[mount]]\ntype = \"tmpfs\"\ntarget = \"/etc\"")]
    [InlineData("[[share]]\nname = \"x\"\ntarget = \"/etc\"\nscope = \"user\"")]
    public void A_profile_that_would_give_root_away_starts_no_session(string body)
    {
        TestUser.Alice.MakeDirectory("etc");
        ProfileFile profile = Install("t", body);
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("[user-writable-system-target]", result.ErrorText, StringComparison.Ordinal);
        Assert.Equal(1, SessionCommand.Helper("explain", "t", "--", "/bin/true").Execute().ExitStatus);
        Assert.Equal(1, SessionCommand.Helper("check", profile.Path).Execute().ExitStatus);
    }

    /// <summary>cfg-footgun: root's own link makes of a harmless target one that programs trust; the planner sees it.</summary>
    [Fact]
    public void A_link_of_roots_to_a_trusted_place_is_seen_through()
    {
        TestUser.Alice.MakeDirectory("etc");
        File.CreateSymbolicLink(Temporary("/mnt/srv/settings"), "/etc");
        Install("t", "[[mount]]\nsource = \"%h/etc\"\ntarget = \"/mnt/srv/settings\"");
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.Equal(125, result.ExitStatus);
        Assert.Contains("\"/etc\", which programs with rights trust", result.ErrorText, StringComparison.Ordinal);
    }
}
