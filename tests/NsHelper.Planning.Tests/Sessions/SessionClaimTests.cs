using System.Text;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: what a process says of itself is its user's text; nothing but a name and an id may come out of it.</summary>
public sealed class SessionClaimTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("A=b\0NSHELPER_PROFILE=desk\0NSHELPER_SESSION=" + Id + "\0", "profile desk, session " + Id)]
    [InlineData("NSHELPER_SESSION=" + Id + "\0NSHELPER_PROFILE=desk", "profile desk, session " + Id)]
    [InlineData("NSHELPER_PROFILE=desk\0NSHELPER_PROFILE=other\0", "profile desk")]
    [InlineData("NSHELPER_PROFILE=desk\0NSHELPER_SESSION=" + Id + "0\0", "profile desk")]
    [InlineData("NSHELPER_PROFILE=desk\0NSHELPER_SESSION=\x1b[31m456789abcdef0123456789abcdef\0", "profile desk")]
    [InlineData("NSHELPER_PROFILE=../desk\0", null)]
    [InlineData("NSHELPER_PROFILE=\xff\0", null)]
    [InlineData("XNSHELPER_PROFILE=desk\0NSHELPER_PROFILES=desk\0NSHELPER_PROFILE\0", null)]
    [InlineData("NSHELPER_SESSION=" + Id + "\0", null)]
    [InlineData("", null)]
    public void An_environment_names_a_profile_or_none(string environment, string? claim) =>
        Assert.Equal(claim, SessionClaim.Of(Encoding.Latin1.GetBytes(environment))?.ToString());

    [Theory]
    [InlineData("Name:\tsh\nUid:\t12001\t0\t0\t0\nGid:\t12002\t5\t5\t5\n", 12001u, 12002u)]
    [InlineData("Name:\tUid:\nUid:\t7\t0\t0\t0\nGid:\t8\t5\t5\t5\n", 7u, 8u)]
    public void The_owner_of_a_process_has_its_real_ids(string status, uint user, uint group) =>
        Assert.Equal(new ProcessOwner(new UserId(user), new GroupId(group)), ProcessOwner.Of(Encoding.ASCII.GetBytes(status)));

    [Theory]
    [InlineData("")]
    [InlineData("Name:\tsh\nUid:\tx\nGid:\t1\n")]
    [InlineData("Name:\tsh\nUid:\t4294967296\t\nGid:\t1\n")]
    public void Without_the_lines_there_is_no_owner(string status) => Assert.Null(ProcessOwner.Of(Encoding.ASCII.GetBytes(status)));
}
