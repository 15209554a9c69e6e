using System.Text.Json;
using System.Text.RegularExpressions;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Output;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Tests.Views;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: a limit goes wrong quietly: one that is not the one written, one of nshelper's own that stays, a privilege that is taken for nothing.</summary>
public sealed class LimitPlanTests
{
    private const ulong Infinity = ulong.MaxValue;

    [Theory]
    [InlineData("nofile = 64", 7, 64ul, 64ul)]
    [InlineData("nofile = \"64\"", 7, 64ul, 64ul)]
    [InlineData("nofile = \"64:128\"", 7, 64ul, 128ul)]
    [InlineData("nproc = \"infinity\"", 6, Infinity, Infinity)]
    [InlineData("core = 0", 4, 0ul, 0ul)]
    [InlineData("core = \"0:infinity\"", 4, 0ul, Infinity)]
    [InlineData("as = \"512M:1G\"", 9, 512ul << 20, 1ul << 30)]
    [InlineData("as = 4096", 9, 4096ul, 4096ul)]
    [InlineData("fsize = \"1K\"", 1, 1024ul, 1024ul)]
    [InlineData("cpu = \"10min:1h\"", 0, 600ul, 3600ul)]
    [InlineData("data = 1", 2, 1ul, 1ul)]
    [InlineData("stack = 1", 3, 1ul, 1ul)]
    [InlineData("memlock = 1", 8, 1ul, 1ul)]
    [InlineData("locks = 1", 10, 1ul, 1ul)]
    [InlineData("sigpending = 1", 11, 1ul, 1ul)]
    [InlineData("msgqueue = 1", 12, 1ul, 1ul)]
    [InlineData("nice = 1", 13, 1ul, 1ul)]
    [InlineData("rtprio = 1", 14, 1ul, 1ul)]
    [InlineData("rttime = 1", 15, 1ul, 1ul)]
    public void A_value_is_both_limits_or_one_each(string line, int resource, ulong soft, ulong hard) =>
        Assert.Equal(new ResourceLimit(resource, soft, hard), Assert.Single(PlanOf(line).Launch.Limits).Limit);

    [Theory]
    [InlineData("")]
    [InlineData("nofile = \"keep\"")]
    public void What_is_kept_is_restored_as_the_caller_had_it(string line)
    {
        SessionPlan plan = PlanOf(line);
        Assert.Empty(plan.Launch.Limits);
        Assert.Equal<ResourceLimit>([new ResourceLimit(7, 5, 500), new ResourceLimit(4, 1, 2)], plan.Launch.Restore.ChangedLimits.ToArray());
    }

    [Fact]
    public void A_limit_of_the_profile_takes_the_place_of_the_callers() =>
        Assert.Equal(new ResourceLimit(4, 1, 2), Assert.Single(PlanOf("nofile = 64").Launch.Restore.ChangedLimits));

    [Theory]
    [InlineData("nofile = 500", false)]
    [InlineData("nofile = \"1:501\"", true)]
    [InlineData("nofile = \"infinity\"", true)]
    [InlineData("nproc = \"infinity\"", false)]
    public void A_privilege_is_for_what_is_above_the_callers_hard_limit(string line, bool isRaised) =>
        Assert.Equal(isRaised ? 1 : 0, PlanOf(line).Credentials.RaisedLimits.Length);

    [Theory]
    [InlineData("[identity]\numask = \"caller\"", 0x12u)]
    [InlineData("[identity]\numask = \"077\"", 0x3fu)]
    [InlineData("[identity]\numask = \"0002\"", 2u)]
    public void The_umask_is_the_callers_or_the_profiles(string lines, uint umask) => Assert.Equal(umask, Plan(lines).Launch.Restore.Umask);

    [Fact]
    public void Both_views_show_what_the_profile_sets()
    {
        SessionPlan plan = PlanOf("nofile = \"64:1024\"\nas = \"1G\"\noom_score_adjust = 500\ncpu_affinity = \"0-1,3\"");
        Assert.Contains(
            """
            limits that the profile sets
             nofile soft 64, hard 1024, above the caller's test.toml:5
             as soft 1G, hard 1G test.toml:6
             oom_score_adj 500 test.toml:7
             processors 0-1,3 test.toml:8

            """,
            Regex.Replace(PlanText.Of(plan, OutputStyle.Plain), " +", " "),
            StringComparison.Ordinal);
        using var document = JsonDocument.Parse(PlanJson.Of(plan));
        JsonElement root = document.RootElement;
        Assert.Equal("""{"nofile":[64,1024],"as":[1073741824,1073741824]}""", JsonSerializer.Serialize(root.GetProperty("limits")));
        Assert.Equal("""["nofile"]""", JsonSerializer.Serialize(root.GetProperty("raised_limits")));
        Assert.Equal((500, "0-1,3"), (root.GetProperty("oom_score_adjust").GetInt32(), root.GetProperty("cpu_affinity").GetString()));
    }

    [Fact]
    public void A_plan_without_limits_says_nothing_of_them() =>
        Assert.DoesNotContain("limits that", PlanText.Of(PlanOf("nofile = \"keep\""), OutputStyle.Plain), StringComparison.Ordinal);

    private static SessionPlan PlanOf(string lines) => Plan($"[limits]\n{lines}");

    private static SessionPlan Plan(string lines)
    {
        var allowed = (Decision.Allowed)AccessRules.Decide(
            Reading.Valid($"schema = 1\nallow.users = [\"alice\"]\nallow.commands = \"any\"\n{lines}\n"), People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]);
        CallerState state = HandMadePlan.State with
        {
            ChangedLimits = [new ResourceLimit(7, 5, 500), new ResourceLimit(4, 1, 2)],
            HardLimits = [.. Enumerable.Range(0, 16).Select(resource => resource == 7 ? 500 : Infinity)],
        };
        return ((PlanningResult.Valid)SessionPlanner.Plan(allowed.Grant, People.Database, state, new SessionRequest(new string('0', 32), "host", 40, [], null), PathFacts.None)).Plan;
    }
}
