using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Access;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData("users = [\"alice\"]", true)]
    [InlineData("users = [\"alias-of-alice\"]", true)]
    [InlineData("users = [\"#1000\"]", true)]
    [InlineData("users = [\"*\"]", true)]
    [InlineData("users = [\"bob\", \"alice\"]", true)]
    [InlineData("users = [\"bob\"]", false)]
    [InlineData("users = [\"Alice\"]", false)]
    [InlineData("users = [\"alic\"]", false)]
    [InlineData("users = [\"nobody-here\"]", false)]
    [InlineData("users = [\"#1001\"]", false)]
    [InlineData("users = []", false)]
    [InlineData("", false)]
    [InlineData("groups = [\"users\"]", true)]
    [InlineData("groups = [\"sudo\"]", true)]
    [InlineData("groups = [\"#500\"]", true)]
    [InlineData("groups = [\"*\"]", true)]
    [InlineData("groups = [\"staff\"]", false)]
    [InlineData("groups = [\"alice\"]", false)]
    [InlineData("groups = [\"unknown\"]", false)]
    public void Only_a_positive_match_permits(string rules, bool allowed) => Assert.Equal(allowed, Decide(rules, People.Alice) is Decision.Allowed);

    /// <summary>The group database alone gives nothing: membership is the kernel's word.</summary>
    [Fact]
    public void A_group_that_only_the_database_knows_permits_nothing() => Assert.IsType<Decision.Denied>(Decide("groups = [\"left\"]", People.Alice));

    [Theory]
    [InlineData("deny_users = [\"alice\"]")]
    [InlineData("deny_users = [\"alias-of-alice\"]")]
    [InlineData("deny_users = [\"#1000\"]")]
    [InlineData("deny_users = [\"*\"]")]
    [InlineData("deny_users = [\"bob\", \"alice\"]")]
    [InlineData("deny_groups = [\"users\"]")]
    [InlineData("deny_groups = [\"sudo\"]")]
    [InlineData("deny_groups = [\"#27\"]")]
    [InlineData("deny_groups = [\"*\"]")]
    public void A_deny_rule_wins_over_every_allow(string deny)
    {
        var denied = Assert.IsType<Decision.Denied>(Decide($"users = [\"alice\", \"#1000\", \"*\"]\ngroups = [\"*\"]\n{deny}", People.Alice));
        Assert.Equal(6, denied.Rule?.Line);
    }

    /// <summary>Why: newgrp(1) and sg(1) shed a group, and a new membership is not in old processes; neither may shed the refusal.</summary>
    [Theory]
    [InlineData("left")]
    [InlineData("#600")]
    public void A_denied_group_counts_though_only_the_database_has_it(string group) =>
        Assert.IsType<Decision.Denied>(Decide($"users = [\"alice\"]\ndeny_groups = [\"{group}\"]", People.Alice));

    /// <summary>Why: a renamed or mistyped name in a deny list must not open the door (authz-default-deny: a lookup error is a refusal).</summary>
    [Theory]
    [InlineData("deny_users = [\"gone\"]", "the denied user \"gone\" is unknown on this host")]
    [InlineData("deny_groups = [\"gone\"]", "the denied group \"gone\" is unknown on this host")]
    public void A_deny_rule_that_cannot_be_resolved_refuses(string deny, string reason)
    {
        var denied = Assert.IsType<Decision.Denied>(Decide($"users = [\"alice\"]\n{deny}", People.Alice));
        Assert.Equal((reason, 5), (denied.Reason, denied.Rule?.Line));
    }

    [Theory]
    [InlineData("deny_users = [\"bob\"]")]
    [InlineData("deny_groups = [\"staff\", \"#12345\"]")]
    public void A_deny_rule_for_others_does_not_matter(string deny) => Assert.IsType<Decision.Allowed>(Decide($"users = [\"alice\"]\n{deny}", People.Alice));

    [Theory]
    [InlineData("users = [\"*\"]", false)]
    [InlineData("groups = [\"*\"]", false)]
    [InlineData("groups = [\"root\", \"sudo\", \"#0\"]", false)]
    [InlineData("users = [\"root\"]", true)]
    [InlineData("users = [\"#0\"]", true)]
    [InlineData("users = [\"*\", \"root\"]", true)]
    public void Root_must_be_listed_too(string rules, bool allowed) => Assert.Equal(allowed, Decide(rules, People.Root) is Decision.Allowed);

    [Fact]
    public void The_rule_that_permitted_is_named()
    {
        Grant grant = Assert.IsType<Decision.Allowed>(Decide("users = [\"bob\",\n\"#1000\"]", People.Alice)).Grant;
        Assert.Equal((5, 1), (grant.Rule.Line, grant.Rule.Column));
        Assert.Equal(People.Alice.UserId, grant.Caller.UserId);
    }

    [Fact]
    public void A_verb_must_be_in_the_list()
    {
        Profile profile = Parse("users = [\"alice\"]\nverbs = [\"join\"]");
        Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "join", Command("/bin/true")));
        Assert.Equal("the profile does not allow run", Assert.IsType<Decision.Denied>(AccessRules.Decide(profile, People.Alice, People.Database, "run", Command("/bin/true"))).Reason);
        Assert.IsType<Decision.Denied>(AccessRules.Decide(profile, People.Alice, People.Database, "Join", Command("/bin/true")));
    }

    [Fact]
    public void A_disabled_profile_is_for_nobody()
    {
        Profile profile = Parse("users = [\"alice\"]") with { Enabled = false };
        Assert.Equal("the profile is disabled", Assert.IsType<Decision.Denied>(AccessRules.Decide(profile, People.Alice, People.Database, "run", Command("/bin/true"))).Reason);
    }

    [Fact]
    public void Names_that_cannot_change_the_decision_are_not_looked_up()
    {
        (IEnumerable<string> Users, IEnumerable<string> Groups, bool WantsDatabaseGroups) = Names("users = [\"bob\", \"alice\"]\ngroups = [\"staff\"]", People.Alice);
        Assert.Empty(Users);
        Assert.Empty(Groups);
        Assert.False(WantsDatabaseGroups);
    }

    [Fact]
    public void Names_that_can_change_the_decision_are_looked_up_once()
    {
        var names = Names("users = [\"bob\", \"#5\"]\ngroups = [\"staff\", \"users\"]\ndeny_users = [\"bob\", \"eve\", \"alice\"]\ndeny_groups = [\"staff\", \"guests\"]", People.Alice);
        Assert.Equal(["bob", "eve"], names.Users);
        Assert.Equal(["staff", "guests", "users"], names.Groups);
        Assert.True(names.WantsDatabaseGroups);
    }

    [Theory]
    [InlineData("deny_groups = [\"*\"]", false)]
    [InlineData("deny_groups = [\"#5\"]", true)]
    public void The_database_is_asked_for_memberships_only_when_a_group_is_denied(string deny, bool wanted) =>
        Assert.Equal(wanted, Names($"users = [\"alice\"]\n{deny}", People.Alice).WantsDatabaseGroups);

    [Theory]
    [InlineData("[[share]]\nname = \"w\"\n")]
    [InlineData("[[private]]\n")]
    public void The_group_of_a_share_or_a_private_directory_is_looked_up(string table)
    {
        Profile profile = Reading.Valid($"schema = 1\n[allow]\ncommands = \"any\"\nusers = [\"alice\"]\n{table}scope = \"group\"\ngroup = \"users\"\ntarget = \"/mnt\"\n");
        Assert.Equal(["users"], AccessRules.NamesIn(profile, People.Alice).Groups.AsEnumerable());
    }

    /// <summary>Why: the names that are skipped must not matter. Every small set of rules decides alike with all names and with those asked for.</summary>
    [Fact]
    public void The_names_asked_for_are_enough()
    {
        string[] words = ["\"alice\"", "\"alias-of-alice\"", "\"bob\"", "\"gone\"", "\"#1000\"", "\"*\""];
        string[] groups = ["\"users\"", "\"staff\"", "\"left\"", "\"#27\""];
        foreach (string user in words)
        {
            foreach (string denied in words)
            {
                foreach (string group in groups)
                {
                    Profile profile = Parse($"users = [{user}]\ngroups = [{group}]\ndeny_users = [{denied}]");
                    (var users, var groupNames, _) = AccessRules.NamesIn(profile, People.Alice);
                    AccountNames asked = People.Database with
                    {
                        Users = [.. People.Database.Users.Where(user => users.Contains(user.Name))],
                        Groups = [.. People.Database.Groups.Where(known => groupNames.Contains(known.Name))],
                    };
                    Assert.Equal(
                        AccessRules.Decide(profile, People.Alice, People.Database, "run", Command("/bin/true")) is Decision.Allowed,
                        AccessRules.Decide(profile, People.Alice, asked, "run", Command("/bin/true")) is Decision.Allowed);
                }
            }
        }
    }

    /// <summary>Why: a Grant is the permission; whoever could make one would not have to ask.</summary>
    [Fact]
    public void Nobody_but_Decide_can_make_a_grant()
    {
        const System.Reflection.BindingFlags Every = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic;
        Assert.All(typeof(Grant).GetConstructors(Every), constructor => Assert.True(constructor.IsPrivate));
        Assert.True(typeof(Grant).IsSealed);
        Assert.DoesNotContain(typeof(Grant).GetProperties(), property => property.SetMethod is not null);
    }

    private static (IEnumerable<string> Users, IEnumerable<string> Groups, bool WantsDatabaseGroups) Names(string rules, Caller caller)
    {
        (var users, var groups, bool wants) = AccessRules.NamesIn(Parse(rules), caller);
        return (users, groups, wants);
    }

    private static Decision Decide(string rules, Caller caller) => AccessRules.Decide(Parse(rules), caller, People.Database, "run", Command("/bin/true"));

    private static Profile Parse(string rules) => Reading.Valid($"schema = 1\n[allow]\ncommands = \"any\"\n{rules}\n");

    private static System.Collections.Immutable.ImmutableArray<ByteString> Command(string word) => [ByteString.FromText(word)];
}
