using NsHelper.Planning.Access;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: of what an overlay is made decides whether it is root for somebody, so nothing of it is the caller's choice.</summary>
public sealed class OverlayPlannerTests
{
    private static LowerFact Good { get; } = new(AbsolutePath.Parse("/srv/tree")) { FileSystemType = 0xef53, Mode = 0x1ed };

    [Fact]
    public void The_merged_directory_is_as_the_topmost_lower_and_is_nosuid_and_nodev()
    {
        var top = new LowerFact(AbsolutePath.Parse("/srv/top")) { FileSystemType = 0x58465342, Mode = 0x1c9, Group = new(50) };
        SetupStep.OverlayMount step = Planned("lower = [\"/srv/top\", \"/srv/tree\"]\nsize = \"1M\"\ninodes = 7", top, Good);
        Assert.Equal((0x1c9, 50u), (step.Mode, step.Group.Value));
        Assert.Equal(["/srv/top 1481003842", "/srv/tree 61267"], step.Lowers.Select(lower => $"{lower.Path} {lower.FileSystemType}"));
        Assert.Equal(MountAttributes.NoSuid | MountAttributes.NoDev, step.Attributes);
        Assert.Equal(Propagation.Private, step.Propagation);
        Assert.Equal(new OverlayUpper.Tmpfs(1 << 20, 7), step.Upper);
    }

    [Fact]
    public void Kept_changes_lie_where_user_session_profile_and_target_say()
    {
        Assert.Equal("/var/lib/nshelper/overlay/session/1000/00000000000000000000000000000000/test.data", Assert.IsType<OverlayUpper.Kept>(Planned("lower = [\"/srv/tree\"]\nupper = \"session\"", Good).Upper).Place);
        Assert.Equal("/var/lib/nshelper/overlay/user/1000/test.data", Assert.IsType<OverlayUpper.Kept>(Planned("lower = [\"/srv/tree\"]\nupper = \"user\"", Good).Upper).Place);
    }

    [Fact]
    public void A_lower_that_breaks_a_rule_or_is_unknown_is_refused_with_its_line()
    {
        PlanningResult.Refused nosuid = Assert.IsType<PlanningResult.Refused>(Plan("lower = [\"/srv/tree\"]", Good with { IsNoSuid = true }));
        Assert.StartsWith("the lower directory \"/srv/tree\" lies on a file system that is mounted nosuid", nosuid.Message, StringComparison.Ordinal);
        Assert.Equal(8, nosuid.Location!.Value.Line);
        Assert.IsType<PlanningResult.Refused>(Plan("lower = [\"/srv/tree\"]", Good with { Defect = "does not exist" }));
        Assert.IsType<PlanningResult.Refused>(Plan("lower = [\"/srv/tree\"]"));
        Assert.IsType<PlanningResult.Refused>(Plan("lower = [\"/srv/tree\", \"/srv/other\"]", Good));
    }

    [Fact]
    public void What_is_kept_for_a_user_must_not_depend_on_a_parameter()
    {
        const string parameter = "[parameters.x]\ntype = \"enum\"\nvalues = [\"a\", \"b\"]\n";
        string mount = "[[mount]]\ntype = \"overlay\"\ntarget = \"/data/{x}\"\nlower = [\"/srv/tree\"]\nupper = ";
        Assert.IsType<ProfileReading.Invalid>(Reading.Of($"{Reading.Minimal}{parameter}{mount}\"user\"\n"));
        Assert.IsType<ProfileReading.Valid>(Reading.Of($"{Reading.Minimal}{parameter}{mount}\"session\"\n"));
    }

    private static SetupStep.OverlayMount Planned(string lines, params LowerFact[] facts) =>
        Assert.IsType<SetupStep.OverlayMount>(Assert.Single(Assert.IsType<PlanningResult.Valid>(Plan(lines, facts)).Plan.StepsButProc()));

    private static PlanningResult Plan(string lines, params LowerFact[] facts)
    {
        string text = $"schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n[[mount]]\ntype = \"overlay\"\ntarget = \"/data\"\n{lines}\n";
        var profile = Assert.IsType<ProfileReading.Valid>(Reading.Of(text)).Profile;
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Plans.Of(allowed.Grant, PathFacts.None with { Lowers = [.. facts] });
    }
}
