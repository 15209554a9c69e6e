using System.Globalization;
using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section D, authz-groups. Groups that are not all looked at (CVE-2009-0034, sudo-rs #1572), or that a user sheds to escape a
/// refusal (CVE-2018-7169). Allow goes by the kernel's word, deny by the kernel's and the database's together.
/// </summary>
public sealed class GroupTests : SystemTest
{
    private const uint Other = 12099;

    public GroupTests()
    {
        Restore("/etc/passwd");
        Restore("/etc/group");
    }

    /// <summary>authz-groups: carol, who is in nsok and nsdeny, by every way to look different.</summary>
    [Theory]
    [InlineData("nsok", "nsdeny")]
    [InlineData("#12010", "#12011")]
    [InlineData("*", "nsdeny")]
    public void No_way_of_changing_groups_sheds_a_refusal(string allow, string deny)
    {
        Install("g", allow, deny);
        TestUser carol = TestUser.Carol;
        (TestUser User, bool IsAllowed)[] forms =
        [
            (TestUser.Alice, true),
            (carol, false),
            (carol with { GroupId = TestUser.AllowedGroup }, false), // sg nsok
            (carol with { GroupId = TestUser.AllowedGroup, Groups = [carol.GroupId, TestUser.AllowedGroup, TestUser.DeniedGroup] }, false), // newgrp nsok
            (carol with { Groups = [TestUser.AllowedGroup] }, false), // setpriv, nsdeny removed
            (carol with { GroupId = TestUser.AllowedGroup, Groups = [] }, false),
            (TestUser.Alice with { GroupId = TestUser.DeniedGroup }, false),
            (TestUser.Alice with { Groups = [TestUser.AllowedGroup, TestUser.DeniedGroup] }, false),
            (TestUser.Alice with { GroupId = TestUser.AllowedGroup, Groups = [] }, true),
        ];
        Assert.All(forms, form => Assert.Equal(form.IsAllowed, IsAllowed(form.User)));
    }

    /// <summary>authz-groups: the group of the password entry is one of the database's, also after newgrp(1) has put another in its place.</summary>
    [Fact]
    public void A_denied_primary_group_cannot_be_shed()
    {
        Install("g", "nsok", "nsdeny");
        TestUser bob = TestUser.Bob with { GroupId = TestUser.AllowedGroup, Groups = [TestUser.AllowedGroup] };
        Assert.True(IsAllowed(bob));
        RootShell.Run("sed -i 's/^bob:x:12002:12002:/bob:x:12002:12011:/' /etc/passwd");
        Assert.False(IsAllowed(bob));
    }

    /// <summary>authz-groups: the last of very many groups counts like the first, for either side.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(5000)]
    public void Every_group_of_a_user_with_many_counts(int count)
    {
        Install("g", "nsok", "nsdeny");
        uint[] many = [.. Enumerable.Range(20000, count).Select(number => (uint)number)];
        Assert.False(IsAllowed(TestUser.Alice with { Groups = many }));
        Assert.True(IsAllowed(TestUser.Alice with { Groups = [.. many, 60000, TestUser.AllowedGroup] }));
        Assert.True(IsAllowed(TestUser.Alice with { Groups = [TestUser.AllowedGroup, .. many] }));
        Assert.False(IsAllowed(TestUser.Alice with { Groups = [TestUser.AllowedGroup, .. many, 60000, TestUser.DeniedGroup] }));
    }

    /// <summary>authz-groups: a group line longer than any first buffer, with the caller at its end.</summary>
    [Fact]
    public void Every_member_of_a_large_group_counts()
    {
        string members = string.Join(',', Enumerable.Range(0, 5000).Select(number => string.Create(CultureInfo.InvariantCulture, $"member{number}")));
        File.AppendAllText("/etc/group", $"nslarge:x:{Other.ToString(CultureInfo.InvariantCulture)}:{members},alice\n");
        Install("g", "nslarge", "nsdeny");
        Assert.True(IsAllowed(TestUser.Alice with { Groups = [TestUser.AllowedGroup, Other] }));
        Assert.False(IsAllowed(TestUser.Alice)); // only the database has it: no right comes from there
        Install("g", "nsok", "nslarge");
        Assert.False(IsAllowed(TestUser.Alice));
        Assert.True(IsAllowed(TestUser.Bob with { Groups = [TestUser.AllowedGroup] }));
    }

    private void Install(string name, string allow, string deny) =>
        Install(new ProfileFile(name, $"schema = 1\n[allow]\ngroups = [\"{allow}\"]\ndeny_groups = [\"{deny}\"]\ncommands = \"any\"\n"));

    private static bool IsAllowed(TestUser user)
    {
        SessionResult result = SessionCommand.Run("g", "/bin/true").As(user).Execute();
        return result.ExitStatus == 0 || (result.IsRefusal ? false : throw new InvalidOperationException(result.ToString()));
    }
}
