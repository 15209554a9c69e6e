using System.Text;
using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: root makes these, so where they may be made is the whole question: never on the host, and never where others had a hand.</summary>
public sealed class EntryPlannerTests
{
    private const string Head = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n";
    private const string OwnRoot = "[root]\nmode = \"tmpfs\"\n";
    private const string Run = "[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\n";

    [Fact]
    public void Each_lies_on_the_nearest_file_system_of_the_session() => Assert.Equal(
        ["/etc/mtab on /", "/srv/a/b on /srv", "/srv/a/b/note on /srv"],
        Entries(OwnRoot + File("/srv/a/b/note", "content = \"x\"") + Entry("/srv/a/b", "directory", "") + Entry("/etc/mtab", "symlink", "source = \"/proc/self/mounts\"") + Run)
            .Select(entry => $"{entry.Target} on {entry.CreatedOn}"));

    [Fact]
    public void A_directory_comes_before_what_is_in_it()
    {
        SetupStep[] steps = [.. Valid(OwnRoot + File("/a/b/c", "") + Entry("/a/b", "directory", "") + Run).StepsButProc()];
        Assert.Equal(["TmpfsMount", "NewDirectory", "NewFile"], steps.Select(step => step.GetType().Name));
    }

    [Fact]
    public void They_are_roots_and_a_file_is_0644_a_directory_0755()
    {
        SetupStep.Entry[] entries = [.. Entries(OwnRoot + File("/a", "content = \"é\\n\"") + Entry("/b", "directory", ""))];
        SetupStep.NewFile file = Assert.IsType<SetupStep.NewFile>(entries[0]);
        SetupStep.NewDirectory directory = Assert.IsType<SetupStep.NewDirectory>(entries[1]);
        Assert.Equal((0u, 0u, 0x1a4, "é\n"), (file.Owner.Value, file.Group.Value, file.Mode, Encoding.UTF8.GetString(file.Content.Span)));
        Assert.Equal((0u, 0u, 0x1ed), (directory.Owner.Value, directory.Group.Value, directory.Mode));
    }

    [Theory]
    [InlineData("owner = \"%u\"\ngroup = \"%g\"", 1000u, 100u)]
    [InlineData("owner = \"alice\"", 1000u, 0u)]
    [InlineData("owner = \"#7\"\ngroup = \"#8\"", 7u, 8u)]
    public void Or_of_whom_the_profile_names(string keys, uint owner, uint group)
    {
        SetupStep.NewFile file = Assert.IsType<SetupStep.NewFile>(Assert.Single(Entries(OwnRoot + File("/a", keys))));
        SetupStep.NewDirectory directory = Assert.IsType<SetupStep.NewDirectory>(Assert.Single(Entries(OwnRoot + Entry("/a", "directory", keys))));
        Assert.Equal((owner, group, owner, group), (file.Owner.Value, file.Group.Value, directory.Owner.Value, directory.Group.Value));
    }

    [Theory]
    [InlineData("owner = \"nobody-here\"", "something in the session is to belong to user \"nobody-here\", and there is no such user on this host")]
    [InlineData("group = \"nobody-here\"", "something in the session is to belong to group \"nobody-here\", and there is no such group on this host")]
    public void A_name_that_nobody_has_starts_no_session(string keys, string refusal)
    {
        Assert.Equal(refusal, Refused(OwnRoot + File("/a", keys)));
        Assert.Equal(refusal, Refused(Entry("/srv", "tmpfs", keys)));
    }

    [Theory]
    [InlineData("/elsewhere/%u", "/elsewhere/alice")]
    [InlineData("../%n/x", "../test/x")]
    [InlineData("/proc/self/fd", "/proc/self/fd")]
    [InlineData("a{{b}}%%", "a{b}%")]
    public void The_text_of_a_link_may_be_any_path(string source, string text) =>
        Assert.Equal(text, Assert.IsType<SetupStep.Symlink>(Assert.Single(Entries(OwnRoot + Entry("/link", "symlink", $"source = \"{source}\"")))).Text);

    [Theory]
    [InlineData("", "/srv/x", "/srv/x would be made on the host's tree; mount a tmpfs above it, or make it on the host")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\n", "/srv/x", "/srv/x would be made on /srv, which is not of the session alone; mount a tmpfs above it, or make it on the host")]
    [InlineData("[[private]]\ntarget = \"/srv\"\nscope = \"user\"\n", "/srv/x", "/srv/x would be made on /srv, which is not of the session alone; mount a tmpfs above it, or make it on the host")]
    [InlineData("[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\noptions = [\"ro\"]\n", "/srv/x", "/srv/x would be made on /srv, which is read-only; mount a tmpfs above it, or make it on the host")]
    [InlineData(OwnRoot + "[[mount]]\ntarget = \"/srv\"\n", "/srv/x", "/srv/x would be made on /srv, which is not of the session alone; mount a tmpfs above it, or make it on the host")]
    public void Elsewhere_nothing_is_made(string body, string target, string refusal)
    {
        foreach (string entry in (string[])[Entry(target, "directory", ""), File(target, ""), Entry(target, "symlink", "source = \"x\"")])
        {
            Assert.Equal(refusal, Refused(body + entry));
        }
    }

    [Theory]
    [InlineData("file", "", "/a/b lies below /a, which is no directory")]
    [InlineData("symlink", "source = \"x\"", "/a/b lies below /a, which is no directory")]
    public void Only_a_directory_has_anything_in_it(string type, string keys, string refusal)
    {
        Assert.Equal(refusal, Refused(OwnRoot + Entry("/a", type, keys) + Entry("/a/b", "directory", "")));
        Assert.Equal(refusal, Refused(OwnRoot + Entry("/a", type, keys) + "[[mount]]\ntarget = \"/a/b\"\ntype = \"tmpfs\"\n"));
    }

    /// <summary>What a link leads to is found where the link is.</summary>
    [Theory]
    [InlineData("../home/alice/evil")]
    [InlineData("/x/../tmp/evil")]
    public void A_link_to_what_users_write_does_not_stand_where_programs_trust(string source) =>
        Assert.StartsWith("what users can write must not stand at \"/etc/x\"", Refused(OwnRoot + Entry("/etc/x", "symlink", $"source = \"{source}\"")), StringComparison.Ordinal);

    private static string Entry(string target, string type, string keys) => $"[[mount]]\ntarget = \"{target}\"\ntype = \"{type}\"\n{keys}\n";

    private static string File(string target, string keys) => Entry(target, "file", keys);

    private static IEnumerable<SetupStep.Entry> Entries(string body) => Valid(body).StepsButProc().OfType<SetupStep.Entry>();

    private static string Refused(string body) => Assert.IsType<PlanningResult.Refused>(Plan(body)).Message;

    private static SessionPlan Valid(string body) => Assert.IsType<PlanningResult.Valid>(Plan(body)).Plan;

    private static PlanningResult Plan(string body)
    {
        Profile profile = Reading.Valid(Head + body);
        return Plans.Of(Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")])).Grant);
    }
}
