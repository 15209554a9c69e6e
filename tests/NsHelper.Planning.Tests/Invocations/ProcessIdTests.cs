using System.Text.RegularExpressions;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>Why (arg-numbers): a number has one spelling; what a lenient parser makes of the others is another number than the user saw.</summary>
public sealed class ProcessIdTests
{
    public static TheoryData<string> WrongSpellings =>
    [
        "0", "00", "01", "0001", "-1", "-0", "+1", "+0", " 1", "1 ", "\t1", "1\t", "1\n", "\n1", "1\0", "0x1", "0X1", "1h", "0b1", "0o1", "1_0", "1,0", "1.0", "1.", ".1", "1e1", "1E1", "1e0", "4194305",
        "4294967295", "4294967296", "4294967297", "9999999999", "10000000000", "18446744073709551615", "18446744073709551616", "18446744073709551617", "99999999999999999999999999999",
        "１", "١", "१", "𝟏", "²", "½", "Ⅰ", "1\u200b", "\u00a01", "1\u0301", "−1", "--1", "1-", "1/2", "1;2", "self", "init", "", " ", "NaN", "inf", "true", "'1'", "1a", "a1", "1%", "#1",
    ];

    /// <summary>A word that could be a session's is one, and never a number.</summary>
    [Theory]
    [MemberData(nameof(WrongSpellings))]
    public void A_process_id_has_one_spelling(string text)
    {
        Assert.True(WrongSpellings.Count >= 60);
        if (Regex.IsMatch(text, "^[a-z0-9][a-z0-9_-]{0,62}\\z"))
        {
            Assert.Equal(new ProcessChoice(null, text), Parsing.Valid<Invocation.Mounts>("mounts", text).Process);
        }
        else
        {
            Assert.Equal(2, Parsing.Refused("mounts", "--", text).Status);
        }
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("10", 10)]
    [InlineData("4194304", 4194304)]
    public void A_process_id_is_read(string text, int id) => Assert.Equal(id, Parsing.Valid<Invocation.Mounts>("mounts", text).Process.ProcessId);
}
