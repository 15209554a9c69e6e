using System.Text.Json;
using System.Text.RegularExpressions;
using NsHelper.Planning.Access;
using NsHelper.Planning.Output;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: a group that the caller does not have, or a capability that the profile does not name, is a right that nobody gave (drop-groups, drop-caps).</summary>
public sealed class CredentialPlanTests
{
    [Theory]
    [InlineData("", "27 500", false)]
    [InlineData("supplementary_groups = \"keep\"", "27 500", false)]
    [InlineData("supplementary_groups = \"none\"", "", true)]
    [InlineData("supplementary_groups = []", "", true)]
    [InlineData("supplementary_groups = [\"sudo\"]", "27", true)]
    [InlineData("supplementary_groups = [\"#500\"]", "500", true)]
    [InlineData("supplementary_groups = [\"#500\", \"sudo\"]", "27 500", false)]
    [InlineData("supplementary_groups = [\"users\"]", "", true)] // the primary group stays what it is, in no list
    public void Groups_are_a_part_of_the_callers(string line, string groups, bool areSet)
    {
        Credentials credentials = Valid($"[identity]\n{line}").Credentials;
        Assert.Equal((groups, areSet), (string.Join(' ', credentials.SupplementaryGroups), credentials.SetsGroups));
    }

    [Theory]
    [InlineData("staff")]
    [InlineData("#0")]
    [InlineData("left")] // in the database, not with the kernel
    [InlineData("nowhere")]
    public void A_group_that_the_caller_lacks_is_never_given(string group)
    {
        PlanningResult.Refused refused = Assert.IsType<PlanningResult.Refused>(Plan($"[identity]\nsupplementary_groups = [\"sudo\", \"{group}\"]"));
        Assert.Equal(($"the session is to have group \"{group}\", and the caller is not in it", 5), (refused.Message, refused.Location!.Value.Line));
    }

    [Fact]
    public void Capabilities_are_those_of_the_profile_in_both_views()
    {
        SessionPlan plan = Valid("[capabilities]\nbounding = [\"CAP_KILL\", \"CAP_NET_RAW\"]\nambient = [\"CAP_NET_RAW\"]");
        Assert.Equal((0x2020ul, 0x2000ul), (plan.Credentials.Bounding, plan.Credentials.Ambient));
        Assert.Contains("\n bounding CAP_KILL CAP_NET_RAW\n capabilities CAP_NET_RAW\n", Regex.Replace(PlanText.Of(plan, OutputStyle.Plain), " +", " "), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(PlanJson.Of(plan));
        Assert.Equal(
            """{"bounding":["CAP_KILL","CAP_NET_RAW"],"permitted":["CAP_NET_RAW"],"effective":["CAP_NET_RAW"],"inheritable":["CAP_NET_RAW"],"ambient":["CAP_NET_RAW"]}""",
            JsonSerializer.Serialize(document.RootElement.GetProperty("identity").GetProperty("capabilities")));
    }

    [Fact]
    public void A_capability_of_a_newer_kernel_is_refused()
    {
        const string profile = "[capabilities]\nbounding = [\"CAP_BPF\", \"CAP_CHECKPOINT_RESTORE\"]";
        Assert.IsType<PlanningResult.Valid>(Plan(profile));
        Assert.Equal("this kernel has no CAP_CHECKPOINT_RESTORE", Assert.IsType<PlanningResult.Refused>(Plan(profile, lastCapability: 39)).Message);
    }

    [Theory]
    [InlineData("[identity]\nsupplementary_groups = \"none\"", "dropped-groups")]
    [InlineData("[identity]\nsupplementary_groups = [\"sudo\"]", "dropped-groups")]
    [InlineData("[identity]\nsupplementary_groups = \"keep\"", null)]
    [InlineData("[capabilities]\nbounding = [\"CAP_SYS_ADMIN\"]\nambient = [\"CAP_SYS_ADMIN\"]", "root-capability")]
    [InlineData("[capabilities]\nbounding = [\"CAP_NET_BIND_SERVICE\"]\nambient = [\"CAP_NET_BIND_SERVICE\"]", null)]
    public void What_is_unwise_is_said(string lines, string? rule) =>
        Assert.Equal(rule, Reading.Checked($"{Reading.Minimal}{lines}\n").SingleOrDefault(found => found.Rule != "allows-nobody")?.Rule);

    private static SessionPlan Valid(string lines) => Assert.IsType<PlanningResult.Valid>(Plan(lines)).Plan;

    private static PlanningResult Plan(string lines, int lastCapability = 40)
    {
        var allowed = (Decision.Allowed)AccessRules.Decide(
            Reading.Valid($"schema = 1\nallow.users = [\"alice\"]\nallow.commands = \"any\"\n{lines}\n"), People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]);
        return SessionPlanner.Plan(
            allowed.Grant, People.Database, Views.HandMadePlan.State, new SessionRequest(new string('0', 32), "host", lastCapability, [], null), Planning.Paths.PathFacts.None);
    }
}
