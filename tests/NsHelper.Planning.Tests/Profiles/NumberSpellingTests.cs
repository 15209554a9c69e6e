using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>
/// Why (CVE-2019-14287, CVE-2018-19788): -1, 4294967295 and numbers that wrap became other ids. A number here has one spelling, and every other is refused.
/// </summary>
public sealed class NumberSpellingTests
{
    public static TheoryData<string> WrongIds =>
    [
        "-1", "-0", "+1", "+0", "00", "01", "0000000001", "4294967295", "4294967296", "4294968295", "18446744073709551615", "18446744073709551616",
        "99999999999999999999999999", "0x0", "0X10", "0b1", "0o17", "1_000", "1,000", "1.0", "1.", ".1", "1e3", "1E3", "1e0", " 1", "1 ", "\\t1", "1\\n",
        "", " ", "#1", "a", "1a", "a1", "１", "١", "१", "1\u200b", "\u00a01", "²", "½", "Ⅷ", "--1", "1-", "0-1", "1-2", "∞", "inf", "nan", "NaN", "true", "root", "*",
        "%U", "1%", "1;", "1/", "0 0", "−1",
    ];

    [Theory]
    [MemberData(nameof(WrongIds))]
    public void An_id_has_one_spelling(string digits)
    {
        Diagnostic fault = Assert.Single(Reading.Faults($"schema = 1\n[allow]\ncommands = \"any\"\nusers = [\"#{digits}\"]\n"));
        Assert.Equal((4, 10), (fault.Location.Line, fault.Location.Column));
        Assert.EndsWith(" is no id", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("1000", 1000)]
    [InlineData("4294967294", 4294967294)]
    public void Every_id_but_minus_one_can_be_written(string digits, uint id) =>
        Assert.Equal(id, Reading.Valid($"schema = 1\n[allow]\ncommands = \"any\"\nusers = [\"#{digits}\"]\n").Allow.Users[0].Number);

    [Theory]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("1_000")]
    [InlineData("0x10")]
    [InlineData("0o17")]
    [InlineData("0b1")]
    [InlineData("-0")]
    [InlineData("9223372036854775807")]
    [InlineData("100000001")]
    public void An_integer_has_one_spelling_and_bounds(string digits)
    {
        Diagnostic fault = Assert.Single(Reading.Faults($"{Reading.Minimal}[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\ninodes = {digits}\n"));
        Assert.Equal((7, 10), (fault.Location.Line, fault.Location.Column));
        Assert.Equal(digits.Length, fault.Length);
    }

    [Theory]
    [InlineData("1.5M")]
    [InlineData("64m")]
    [InlineData("64MB")]
    [InlineData("64MiB")]
    [InlineData("M")]
    [InlineData("-1M")]
    [InlineData("+1M")]
    [InlineData("01M")]
    [InlineData("0K")]
    [InlineData("64 M")]
    [InlineData("1025T")]
    [InlineData("9999999999999999999T")]
    [InlineData("17179869184G")]
    [InlineData("6４M")]
    [InlineData("")]
    public void A_size_has_one_spelling_and_bounds(string size)
    {
        Diagnostic fault = Assert.Single(Reading.Faults($"{Reading.Minimal}[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\nsize = \"{size}\"\n"));
        Assert.EndsWith(" is no size", fault.Message, StringComparison.Ordinal);
    }
}
