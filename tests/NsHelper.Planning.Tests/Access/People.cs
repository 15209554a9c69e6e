using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Tests.Access;

/// <summary>Callers and account databases of the tests.</summary>
internal static class People
{
    public static Caller Alice => new()
    {
        UserId = new UserId(1000),
        GroupId = new GroupId(100),
        SupplementaryGroups = [new GroupId(27), new GroupId(500)],
        Name = "alice",
        GroupName = "users",
        Home = AbsolutePath.Parse("/home/alice"),
        Shell = AbsolutePath.Parse("/bin/sh"),
    };

    public static Caller Root => Alice with { UserId = new UserId(0), GroupId = new GroupId(0), SupplementaryGroups = [new GroupId(0), new GroupId(27)], Name = "root", GroupName = "root" };

    public static AccountNames Database => new()
    {
        Users = [new("bob", new(1001)), new("alias-of-alice", new(1000)), new("root", new(0))],
        Groups = [new("users", new(100)), new("sudo", new(27)), new("staff", new(50)), new("left", new(600)), new("root", new(0))],

        // A group she has left by newgrp(1) or not yet got at login.
        DatabaseGroups = [new GroupId(100), new GroupId(600)],
    };
}
