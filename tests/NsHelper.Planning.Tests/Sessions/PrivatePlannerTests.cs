using System.Text.Json;
using NsHelper.Planning.Access;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: the key of an instance is all that keeps one user's files from another's, and one directory's from another's.</summary>
public sealed class PrivatePlannerTests
{
    [Fact]
    public void One_of_a_session_is_a_tmpfs_and_nothing_on_the_host()
    {
        SessionPlan plan = Valid("target = \"/srv\"\nsize = \"1M\"");
        SetupStep.TmpfsMount tmpfs = Assert.IsType<SetupStep.TmpfsMount>(Assert.Single(plan.StepsButProc()));
        Assert.Equal((1L << 20, 0x1c0, 1000u, 100u), (tmpfs.Size, tmpfs.Mode, tmpfs.Owner.Value, tmpfs.Group.Value));
        Assert.Equal(MountAttributes.NoSuid | MountAttributes.NoDev, tmpfs.Attributes);
        Assert.Empty(plan.Backings);
    }

    [Theory]
    [InlineData("scope = \"user\"", "private.u1000.srv-x", "1c0 1000 100", true)]
    [InlineData("scope = \"profile\"", "private.profile.test.srv-x", "3ff 0 0", false)]
    [InlineData("scope = \"group\"\ngroup = \"sudo\"", "private.g27.srv-x", "5f8 0 27", false)]
    [InlineData("scope = \"group\"\ngroup = \"#27\"\nmode = \"0750\"", "private.g27.srv-x", "1e8 0 27", false)]
    [InlineData("scope = \"user\"\nmethod = \"directory\"\nkeep = true", "private.disk.u1000.srv-x", "1c0 1000 100", true)]
    [InlineData("scope = \"profile\"\nmethod = \"directory\"\nmode = \"0755\"", "private.disk.profile.test.srv-x", "1ed 0 0", false)]
    public void One_that_outlives_the_session_is_known_by_scope_and_target(string lines, string key, string made, bool isOwn)
    {
        SessionPlan plan = Valid($"target = \"/srv/x\"\n{lines}");
        ShareBacking backing = Assert.Single(plan.Backings);
        Assert.Equal((key, made), (backing.Key, $"{backing.Mode:x} {backing.Owner} {backing.Group}"));
        Assert.Equal($"/run/nshelper/share/{key}", backing.Place);
        Assert.Equal($"/var/lib/nshelper/private/{key}", backing.Store);
        SetupStep.ShareMount step = Assert.IsType<SetupStep.ShareMount>(Assert.Single(plan.StepsButProc()));
        Assert.Equal((key, null, isOwn, Propagation.Private), (step.Key, step.Name?.Text, step.IsOwn, step.Propagation));
    }

    /// <summary>No two targets are one directory, whatever stands for their slashes; and none is a share.</summary>
    [Fact]
    public void No_two_directories_have_one_key()
    {
        string[] targets = ["/a/b", "/a.b", "/a_b", "/a-b", "/a b", "/a/b/c", "/a/b-c", "/a-b/c", "/ab", "/é", "/\\x2d", "/-", "/a.disk", "/u1000.x", "/u1000/x"];
        string[] scopes = ["user", "profile"];
        string[] methods = ["tmpfs", "directory"];
        string[] keys = [.. from target in targets from scope in scopes from method in methods select Key($"target = '{target}'\nscope = \"{scope}\"\nmethod = \"{method}\"")];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.True(!key.Contains('/', StringComparison.Ordinal) && key.StartsWith("private.", StringComparison.Ordinal), key));
    }

    /// <summary>Two names of one place are one directory, and may not be mounted twice.</summary>
    [Fact]
    public void A_target_behind_roots_link_is_the_place_it_leads_to()
    {
        PathFacts facts = PathFacts.None with { Resolved = [new(AbsolutePath.Parse("/var/run/x"), AbsolutePath.Parse("/run/x"))] };
        Assert.Equal("private.u1000.run-x", Assert.Single(Valid("target = \"/var/run/x\"\nscope = \"user\"", facts).Backings).Key);
        Assert.IsType<PlanningResult.Refused>(Plan("target = \"/var/run/x\"\nscope = \"user\"\n[[private]]\ntarget = \"/run/x\"\n", facts));
        Refusal("mount target /run/x/y lies below a private directory that others have too", 8, "target = \"/var/run/x\"\nscope = \"profile\"\n[[mount]]\ntarget = \"/run/x/y\"\n", facts);
    }

    [Fact]
    public void Who_is_not_of_the_group_is_refused_with_the_line()
    {
        Refusal("the private directory \"/srv\" is for members of group \"staff\"", 5, "target = \"/srv\"\nscope = \"group\"\ngroup = \"staff\"");
        Refusal("the private directory \"/srv\" is for members of group \"nobody-has-it\", and there is no such group on this host", 5, "target = \"/srv\"\nscope = \"group\"\ngroup = \"nobody-has-it\"");
    }

    [Fact]
    public void A_target_that_makes_no_name_of_a_file_is_refused_where_it_needs_one()
    {
        string longest = "/" + new string('a', 250 - "private.u1000.".Length);
        Assert.Equal(250, Key($"target = \"{longest}\"\nscope = \"user\"").Length);
        Refusal($"the target \"{longest}a\" is too long for a private directory that outlives the session", 5, $"target = \"{longest}a\"\nscope = \"user\"");
        Assert.Empty(Valid($"target = \"{longest}a\"").Backings);
    }

    [Fact]
    public void What_programs_with_rights_trust_is_no_place_for_one() =>
        Refusal("what users can write must not stand at \"/etc\", which programs with rights trust", 5, "target = \"/link\"", PathFacts.None with { Resolved = [new(AbsolutePath.Parse("/link"), AbsolutePath.Parse("/etc"))] });

    /// <summary>Only in what nobody else has can a mount of the session not be moved away.</summary>
    [Fact]
    public void A_mount_may_stand_in_one_of_the_user()
    {
        SessionPlan plan = Valid("target = \"/srv\"\nscope = \"user\"\n[[mount]]\ntarget = \"/srv/x\"\nsource = \"/opt\"");
        SetupStep.BindMount bind = Assert.IsType<SetupStep.BindMount>(plan.StepsButProc()[1]);
        Assert.Equal((null, CreateTarget.Directory), (bind.CreatedOn?.Text, bind.Create));
    }

    [Fact]
    public void Explain_shows_it_to_people_and_programs()
    {
        SessionPlan plan = Valid("target = \"/srv\"\nscope = \"user\"\nmethod = \"directory\"\n[[share]]\nname = \"s\"\nscope = \"user\"\ntarget = \"/mnt\"");
        using JsonDocument json = JsonDocument.Parse(PlanJson.Of(plan));
        JsonElement own = Assert.Single(json.RootElement.GetProperty("private").EnumerateArray());
        Assert.Equal("private.disk.u1000.srv /var/lib/nshelper/private/private.disk.u1000.srv", $"{own.GetProperty("key")} {own.GetProperty("source")}");
        Assert.Equal("u1000.s", Assert.Single(json.RootElement.GetProperty("shares").EnumerateArray()).GetProperty("key").GetString());
        Assert.Equal(["share", "private", "proc"], json.RootElement.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()!));
        Assert.False(json.RootElement.GetProperty("steps")[1].TryGetProperty("name", out _));
    }

    private static string Key(string lines) => Assert.Single(Valid(lines).Backings).Key;

    private static void Refusal(string message, int line, string lines, PathFacts? facts = null)
    {
        PlanningResult.Refused refused = Assert.IsType<PlanningResult.Refused>(Plan(lines, facts));
        Assert.Equal((message, line), (refused.Message, refused.Location?.Line));
    }

    private static SessionPlan Valid(string lines, PathFacts? facts = null) => Assert.IsType<PlanningResult.Valid>(Plan(lines, facts)).Plan;

    private static PlanningResult Plan(string lines, PathFacts? facts = null)
    {
        Profile profile = Reading.Valid($"schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n[[private]]\n{lines}\n");
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Plans.Of(allowed.Grant, facts ?? PathFacts.None);
    }
}
