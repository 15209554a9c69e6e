using System.Collections.Immutable;
using System.Text;
using CsCheck;
using NsHelper.Fuzz;
using NsHelper.Linux.Execution;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Tests.Access;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: whatever an administrator writes and whoever calls, a plan keeps what nshelper promises, or there is none.</summary>
public sealed class PlanPropertyTests
{
    private static readonly Gen<Caller> Callers = Gen.Select(
        Gen.UInt, Gen.UInt, Gen.UInt.Array[0, 4], Gen.OneOf("/home/alice", "/", "/proc/1", "/sys/x", "/t0", "/share/1/x", "/tmp", "/a b"), Gen.OneOf("alice", "a b", "..", "x/y", "ä"),
        (user, group, groups, home, name) => new Caller
        {
            UserId = new UserId(user),
            GroupId = new GroupId(group),
            SupplementaryGroups = [.. groups.Select(id => new GroupId(id)), new GroupId(27)],
            Name = name,
            GroupName = "users",
            Home = AbsolutePath.Parse(home),
            Shell = AbsolutePath.Parse("/bin/sh"),
        });

    private static readonly Gen<ImmutableArray<ByteString>> Environments = Gen.Select(
            Gen.OneOf("LD_PRELOAD", "LD_", "DOTNET_X", "COMPlus_X", "GLIBC_TUNABLES", "BASH_ENV", "ENV", "PATH", "HOME", "NSHELPER_PROFILE", "EDITOR", "PAGER", "TERM", "TZ", "BASH_FUNC_x%%", "x y"),
            Gen.OneOf("", "x", "/x", "() { :; }", "%s", "é"),
            (name, value) => $"{name}={value}")
        .Array[0, 12].Select(entries => entries.DistinctBy(entry => entry.Split('=')[0]).Select(ByteString.FromText).ToImmutableArray());

    /// <summary>PR_SET_NO_NEW_PRIVS of prctl(2).</summary>
    private const int SetNoNewPrivileges = 38;

    private static readonly SiteSettings Site = SiteSettings.Default with { TmpfsMaxSize = 1L << 30 };

    [Fact]
    public void Every_accepted_profile_gives_a_plan_that_keeps_the_promises_or_none()
    {
        int plans = 0;
        Gen.Select(RandomLayers.Usable, Callers, Environments).Sample(
            (text, caller, environment) =>
            {
                if (ProfileReader.Read(ProfileName.Parse("p"), [new ProfileText("p.toml", [.. Encoding.UTF8.GetBytes(text + (text.Contains("[allow]", StringComparison.Ordinal) ? "" : "[allow]\ncommands = \"any\"\n"))])], Site) is not ProfileReading.Valid valid
                    || AccessRules.Decide(Targets.Opened(valid.Profile), caller with { UserId = new UserId(caller.UserId.Value | 1) }, People.Database, "run", [ByteString.FromText("/bin/true")]) is not Decision.Allowed allowed)
                {
                    return;
                }

                CallerState state = StateOf(environment);
                PlanningResult result = SessionPlanner.Plan(allowed.Grant, People.Database, state, new SessionRequest(new string('0', 32), "host", 40, [], null), PathFacts.None);
                if (result is PlanningResult.Valid { Plan: SessionPlan plan })
                {
                    Interlocked.Increment(ref plans);
                    Assert.Null(PlanInvariants.FaultOf(plan, allowed.Grant, state, Site));
                    Assert.Equal(
                        valid.Profile.Identity.NoNewPrivileges,
                        CallsText.Of(PlanLowering.Lower(plan, SupervisionDescriptors.Shown(plan))).Contains($"prctl({SetNoNewPrivileges}, 1, 0, 0, 0)\n", StringComparison.Ordinal));
                }
            },
            iter: 4000);
        Assert.True(plans > 200, $"only {plans} plans were made: the test would prove little");
    }

    private static CallerState StateOf(ImmutableArray<ByteString> environment) => new()
    {
        Arguments = [ByteString.FromText("nshelper")],
        Environment = environment,
        WorkingDirectory = null,
        Umask = 0x12,
        ChangedLimits = [],
        HardLimits = [.. Enumerable.Repeat(ulong.MaxValue, 16)],
        BlockedSignals = 0,
        IgnoredSignals = 0,
        Timers = [],
    };
}
