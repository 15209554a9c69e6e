using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: what the reader cannot know, because it depends on the caller, the planner must refuse.</summary>
public sealed class MountPlacesTests
{
    [Theory]
    [InlineData("target = \"%h\"", "/proc/1", "mount target \"/proc/1\" lies in a file system of the kernel, which programs trust")]
    [InlineData("target = \"%h/x\"", "/sys", "mount target \"/sys/x\" lies in a file system of the kernel, which programs trust")]
    [InlineData("target = \"/srv\"\nsource = \"%h\"", "/proc/self/root", "mount source \"/proc/self/root\" lies in /proc, whose links lead into other processes")]
    [InlineData("target = \"/srv/a\"\n[[mount]]\ntarget = \"%h\"", "/srv/a", "mount target /srv/a is named twice (the other: test.toml:5)")]
    [InlineData("target = \"%h\"\ntype = \"tmpfs\"\n[[mount]]\ntarget = \"/srv/a\"\ntype = \"directory\"", "/srv/a", "mount target /srv/a is named twice (the other: test.toml:5)")]
    [InlineData("target = \"/tmp\"\ntype = \"tmpfs\"\n[[mount]]\ntarget = \"/tmp/x\"\ntype = \"directory\"\n[[mount]]\ntarget = \"%h\"\ntype = \"file\"", "/tmp/x", "mount target /tmp/x is named twice (the other: test.toml:8)")]
    public void A_home_in_a_place_that_is_closed_is_refused(string mount, string home, string message)
    {
        Caller caller = People.Alice with { Home = AbsolutePath.Parse(home) };
        Decision decision = AccessRules.Decide(
            Reading.Valid($"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[mount]]\n{mount}\n"), caller, People.Database, "run", [ByteString.FromText("/bin/true")]);
        var refused = Assert.IsType<PlanningResult.Refused>(Plans.Of(Assert.IsType<Decision.Allowed>(decision).Grant));
        Assert.Equal(message, refused.Message);
        Assert.NotNull(refused.Location);
    }

    [Fact]
    public void Private_tmp_has_the_size_of_the_site()
    {
        Decision decision = AccessRules.Decide(
            Reading.Valid("schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[protect]\nprivate_tmp = true\n") is var profile
                ? profile with { Protect = profile.Protect with { PrivateTmpSize = 12345 } } : profile,
            People.Alice,
            People.Database,
            "run",
            [ByteString.FromText("/bin/true")]);
        SessionPlan plan = Assert.IsType<PlanningResult.Valid>(Plans.Of(Assert.IsType<Decision.Allowed>(decision).Grant)).Plan;
        Assert.Equal([("/tmp", 12345L), ("/var/tmp", 12345L)], plan.StepsButProc().Cast<SetupStep.TmpfsMount>().Select(mount => (mount.Target.Text, mount.Size)));
    }
}
