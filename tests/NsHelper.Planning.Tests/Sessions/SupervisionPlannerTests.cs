using NsHelper.Planning.Access;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Which processes and which terminal a session has.</summary>
public class SupervisionPlannerTests
{
    private const string HostPid = "[namespaces]\npid = \"host\"\n";

    [Fact]
    public void A_process_namespace_is_private_by_default_and_ends_with_command_and_parent()
    {
        SessionPlan plan = Plan("", 0, controlling: false);
        Assert.True(plan.Isolation.Unshare.HasFlag(NamespaceSet.Pid));
        Supervision supervision = Assert.IsType<Supervision>(plan.Supervision);
        Assert.Equal((true, true, false, null, SessionTerminal.None), (supervision.HasProcessNamespace, supervision.EndsWithParent, supervision.WaitsForAll, supervision.RuntimeMax, supervision.Terminal));
    }

    [Fact]
    public void Without_namespace_terminal_and_time_limit_nshelper_becomes_the_command()
    {
        SessionPlan plan = Plan(HostPid, 0, controlling: false);
        Assert.Null(plan.Supervision);
        Assert.False(plan.Isolation.Unshare.HasFlag(NamespaceSet.Pid));
    }

    [Theory]
    [InlineData("", 0, true)]
    [InlineData("", 2, true)]
    [InlineData("[session]\nruntime_max = 5\n", 0, false)]
    [InlineData("[identity]\npty = \"always\"\n", 0, false)]
    public void What_somebody_must_carry_or_count_has_an_init_on_the_host_too(string lines, int terminals, bool controlling) =>
        Assert.False(Assert.IsType<Supervision>(Plan(HostPid + lines, terminals, controlling).Supervision).HasProcessNamespace);

    [Theory]
    [InlineData("auto", 0b000, "None", 0)]
    [InlineData("auto", 0b101, "None", 0)]
    [InlineData("auto", 0b110, "Own", 0b110)]
    [InlineData("auto", 0b111, "Own", 0b111)]
    [InlineData("always", 0b000, "Own", 0b111)]
    [InlineData("never", 0b111, "Callers", 0)]
    public void The_callers_terminal_is_shared_only_where_the_profile_says_so(string choice, int callers, string terminal, int replaced)
    {
        Supervision supervision = Assert.IsType<Supervision>(Plan($"[identity]\npty = \"{choice}\"\n", callers, callers != 0).Supervision);
        Assert.Equal((terminal, replaced), (supervision.Terminal.ToString(), supervision.TerminalDescriptors));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"\n", true)]
    public void The_terminal_is_one_that_the_session_can_name(string lines, bool ofSession) =>
        Assert.Equal(ofSession, Plan(lines, 0b111, controlling: true).Supervision?.TerminalIsOfSession);

    [Fact]
    public void Session_keys_are_read()
    {
        SupervisionSettings settings = Reading.Valid(Reading.Minimal + "[session]\nruntime_max = \"2min\"\non_exit = \"wait\"\n[identity]\nkill_on_parent_exit = false\npty = \"never\"\n").Supervision;
        Assert.Equal((120L, true, false, TerminalChoice.Never), (settings.RuntimeMax, settings.WaitsForAll, settings.EndsWithParent, settings.Terminal));
    }

    [Theory]
    [InlineData("", "host", true)]
    [InlineData(HostPid, "host", false)]
    [InlineData("[root]\nmode = \"tmpfs\"\n", "own", false)]
    public void The_hosts_root_gets_a_proc_of_the_sessions_own_processes(string lines, string root, bool hasProc)
    {
        SessionPlan plan = Plan(lines, 0, controlling: false);
        Assert.Equal(root == "own", plan.Isolation.Root.IsOwn);
        Assert.Equal(hasProc, plan.Steps.Any(step => step is SetupStep.KernelMount { FileSystem: KernelFileSystem.Proc }));
    }

    private static SessionPlan Plan(string lines, int terminals, bool controlling)
    {
        Profile profile = Reading.Valid($"schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n{lines}");
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Assert.IsType<PlanningResult.Valid>(Plans.Of(allowed.Grant, PathFacts.None, state => state with { TerminalDescriptors = terminals, HasControllingTerminal = controlling })).Plan;
    }
}
