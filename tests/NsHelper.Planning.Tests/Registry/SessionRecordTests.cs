using System.Text;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Registry;

namespace NsHelper.Planning.Tests.Registry;

/// <summary>Why it exists: by these texts root decides which process it enters and signals, so nothing but what was written may be read out of them.</summary>
public sealed class SessionRecordTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private static SessionRecord Full => new()
    {
        User = new UserId(1000),
        Digest = 0xfedcba9876543210,
        BootId = "daa77767-9b91-4c0b-a54e-ac3b7da34556",
        Processes = 4026531836,
        Started = 1795697092,
        Monitor = new ProcessIdentity(72, 6525657),
        Parameters = [("word", "two words=\n"), ("empty", "")],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        SessionRecord? read = SessionRecord.Parse(Full.ToString());
        Assert.NotNull(read);
        Assert.Equal(Full with { Parameters = null }, read with { Parameters = null });
        Assert.Equal(Full.Parameters!.Value.AsEnumerable(), read.Parameters!.Value.AsEnumerable());
        Assert.Empty(SessionRecord.Parse((Full with { Parameters = [] }).ToString())!.Parameters!.Value);
    }

    [Fact]
    public void Parameters_that_are_too_long_for_a_link_are_left_out_and_that_is_known()
    {
        string text = (Full with { Parameters = [("word", new string('x', 4000))] }).ToString();
        Assert.InRange(text.Length, 1, SessionRecord.MaxBytes);
        Assert.Null(SessionRecord.Parse(text)!.Parameters);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nshelper-session-1")]
    [InlineData("nshelper-session-2 1000 fedcba9876543210 b 1 2 3:4")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3:4 ")]
    [InlineData("nshelper-session-1 01000 fedcba9876543210 b 1 2 3:4")]
    [InlineData("nshelper-session-1 -1 fedcba9876543210 b 1 2 3:4")]
    [InlineData("nshelper-session-1 1000 FEDCBA9876543210 b 1 2 3:4")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 0:4")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 -3:4")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3:4 x=0")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3:4 x=zz")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3:4 =00")]
    [InlineData("nshelper-session-1 1000 fedcba9876543210 b 1 2 3:4 - -")]
    [InlineData("nshelper-session-1  1000 fedcba9876543210 b 1 2 3:4")]
    public void Anything_else_is_no_record(string text) => Assert.Null(SessionRecord.Parse(text));

    /// <summary>reg-target-data: the name is the process's to choose.</summary>
    [Theory]
    [InlineData("sleep")]
    [InlineData("")]
    [InlineData(")")]
    [InlineData("(")]
    [InlineData("a b c")]
    [InlineData("a) R 1 (")]
    [InlineData(") R 1 2 3 4 5 6 ")]
    [InlineData("1 (x) S 1 2 3")]
    [InlineData("\t)\n)")]
    public void The_start_time_is_the_kernels_whatever_the_name(string name) =>
        Assert.Equal(new ProcessIdentity(76, 6525666), ProcessIdentity.OfStat(Stat(76, name)));

    [Theory]
    [InlineData("")]
    [InlineData("76")]
    [InlineData("76 (x")]
    [InlineData("76 (x) R 1 2 3")]
    [InlineData("x (x) R 1 1 1 0 -1 4194624 18 0 0 0 0 0 0 0 20 0 1 0 6525666 1 ")]
    [InlineData("76 (x) R 1 1 1 0 -1 4194624 18 0 0 0 0 0 0 0 20 0 1 0 x 1 ")]
    [InlineData("76 (x) R 1 1 1 0 -1 4194624 18 0 0 0 0 0 0 0 20 0 1 0 6525666")]
    [InlineData("-76 (x) R 1 1 1 0 -1 4194624 18 0 0 0 0 0 0 0 20 0 1 0 6525666 1 ")]
    public void What_is_no_stat_is_no_process(string text) => Assert.Null(ProcessIdentity.OfStat(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("build." + Id, true)]
    [InlineData("build." + Id + ".one", true)]
    [InlineData("Build." + Id, false)]
    [InlineData("build." + Id + ".One", false)]
    [InlineData("build." + Id + ".", false)]
    [InlineData("build." + Id + ".a.b", false)]
    [InlineData("build.0123", false)]
    [InlineData("build", false)]
    [InlineData(Id, false)]
    [InlineData("../etc." + Id, false)]
    public void A_name_is_a_profile_an_id_and_perhaps_a_label(string text, bool isOne)
    {
        SessionName? name = SessionName.Parse(text);
        Assert.Equal(isOne, name is not null);
        Assert.Equal(isOne ? text : null, name?.ToString());
    }

    [Fact]
    public void A_word_means_a_label_before_an_id_and_an_id_before_a_profile()
    {
        SessionName[] names = [Name("build.aaaa" + Id[4..] + ".one"), Name("build.bbbb" + Id[4..] + ".aaaa"), Name("one.aaab" + Id[4..]), Name("other.cccc" + Id[4..])];
        Assert.Same(names[0], SessionName.Find(names, "one", out _));
        Assert.Same(names[1], SessionName.Find(names, "aaaa", out _));
        Assert.Same(names[2], SessionName.Find(names, "aaab", out _));
        Assert.Same(names[3], SessionName.Find(names, "other", out _));
        Assert.Same(names[1], SessionName.Find(names, "bbbb" + Id[4..], out _));
        Assert.Null(SessionName.Find(names, "build", out bool isAmbiguous));
        Assert.True(isAmbiguous);
        foreach (string none in new[] { "bbb", "nothing", "", "bbbb" + Id[4..] + "0" })
        {
            Assert.Null(SessionName.Find(names, none, out isAmbiguous));
            Assert.False(isAmbiguous);
        }
    }

    private static SessionName Name(string text) => SessionName.Parse(text)!;

    private static byte[] Stat(int pid, string name) =>
        Encoding.UTF8.GetBytes($"{pid} ({name}) R 72 71 71 0 -1 4194624 18 0 0 0 0 0 0 0 20 0 1 0 6525666 74268672 429 18446744073709551615 1 2 3 0 0 0 0 2147221247 0\n");
}
