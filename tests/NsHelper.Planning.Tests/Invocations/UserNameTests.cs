using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>Why (authz-runas, CVE-2019-14287): -1 and 4294967295 meant "no change" to the kernel and so root to sudo.</summary>
public sealed class UserNameTests
{
    public static TheoryData<string> Coerced =>
    [
        "", "0", "00", "#0", "-1", "#-1", "+0", " root", "\troot", "root ", "ro ot", "1e3", "0x0", "4294967295", "4294967296", "18446744073709551616", "*", "@root", "%root", "--", "é", "root\n",
        new string('a', 257),
    ];

    [Theory]
    [MemberData(nameof(Coerced))]
    public void What_may_be_taken_for_a_number_or_for_root_is_no_user(string name)
    {
        Assert.Equal(2, Parsing.Refused("allowed", "-U", name, "build").Status);
        Assert.Equal(2, Parsing.Refused("explain", "--as-user", name, "build").Status);
        Assert.Contains("is not a user name", Parsing.Refused("explain", $"--as-user={name}", "build").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("_apt")]
    [InlineData("www-data")]
    [InlineData("DOMAIN\\alice")]
    [InlineData("alice@example.org")]
    public void A_name_is_a_user(string name)
    {
        Assert.Equal(name, Parsing.Valid<Invocation.Allowed>("allowed", "-U", name, "build").AsUser);
        Assert.Equal(name, Parsing.Valid<Invocation.Explain>("explain", "--as-user", name, "build").AsUser);
        Assert.Null(Parsing.Valid<Invocation.Explain>("explain", "build").AsUser);
    }

    /// <summary>Run-as is nobody's: the verb that starts something has neither option.</summary>
    [Fact]
    public void Run_takes_no_user()
    {
        Assert.Equal((125, 125), (Parsing.Refused("run", "-U", "root", "build").Status, Parsing.Refused("run", "--as-user", "root", "build").Status));
        Assert.Equal(2, Parsing.Refused("show", "-U", "root", "build").Status);
    }
}
