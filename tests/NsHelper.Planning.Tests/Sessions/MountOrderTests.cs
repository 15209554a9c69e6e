using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: a mount that comes before what it stands on is hidden by it, and a session with less than its profile says looks like one that works.</summary>
public sealed class MountOrderTests
{
    [Theory]
    [InlineData("/srv/a/b,/srv/a,/opt", "/opt,/srv/a,/srv/a/b")]
    [InlineData("/opt 2,/srv/a 1,/mnt/x/y 0", "/mnt/x/y,/srv/a,/opt")]
    [InlineData("/opt 1,/srv/a/b,/home/x", "/home/x,/srv/a/b,/opt")]
    [InlineData("/srv/a/b/c,/srv/a 5,/srv/a/b,/opt 4", "/opt,/srv/a,/srv/a/b,/srv/a/b/c")]
    [InlineData("/srv/a/b 7,/srv/a 5,/opt 6", "/srv/a,/opt,/srv/a/b")]
    public void By_order_then_by_depth_then_as_written(string written, string order) => Assert.Equal(
        order,
        string.Join(',', Assert.IsType<PlanningResult.Valid>(Plan(written)).Plan.StepsButProc().Cast<SetupStep.MountStep>().Select(mount => mount.Target.Text)));

    [Theory]
    [InlineData("/srv/a/b 1,/srv/a 2", "mount target /srv/a/b has order 1 and would be hidden by /srv/a, which comes after it")]
    [InlineData("/srv/a 3,/srv/a/b,/srv/a/b/c 2", "mount target /srv/a/b/c has order 2 and would be hidden by /srv/a/b, which comes after it")]
    public void Nothing_comes_before_what_it_stands_on(string written, string refusal) =>
        Assert.Equal(refusal, Assert.IsType<PlanningResult.Refused>(Plan(written)).Message);

    /// <param name="written">Targets, some with an order after a space.</param>
    private static PlanningResult Plan(string written)
    {
        string body = string.Concat(written.Split(',').Select(mount => mount.Split(' ')).Select(mount =>
            $"[[mount]]\ntype = \"tmpfs\"\ntarget = \"{mount[0]}\"\n{(mount.Length > 1 ? $"order = {mount[1]}\n" : "")}"));
        Profile profile = Reading.Valid("schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n" + body);
        return Plans.Of(Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")])).Grant);
    }
}
