using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>Why (CVE-2023-42456, schroot CVE-2022-2787): a name that is a path leads to a file of the caller's choice.</summary>
public sealed class EvilNameTests
{
    public static TheoryData<string> Names =>
    [
        "", ".", "..", "/", "a/b", "../a", "../../home/alice/p", "/etc/nshelper/profiles/a", "a/", "./a", "a.toml", ".a", "a.", "_a", "A", "aB", "a b", " a", "a ", "a\n", "a\tb", "\na",
        "a\0", "a\0b", "a\\b", "a:b", "a%b", "%u", "a@b", "a*", "?", "~", "~root", "a;b", "$HOME", "`id`", "a|b", "a&", "a'b", "a\"b", "é", "а", "a\u0301", "ａ", "a\u200b", "\ufeffa", "a\u202eb",
        "\u001b[2J", new string('a', 64), new string('a', 300), new string('a', 100_000), "a\u007f",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_that_is_no_name_is_refused_and_shown_harmless(string name)
    {
        (string message, int status) = Parsing.Refused("run", name);
        Assert.Equal(125, status);
        Assert.True(message.Length < 600, "a message is one line of a terminal or a few");
        Assert.DoesNotContain(message, c => c is < ' ' or > '~');
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a-b_c9")]
    [InlineData("a--")]
    public void A_name_is_a_name(string name) => Assert.Equal(name, Parsing.Valid<Invocation.Run>("run", name).Session.Profile.Text);

    [Fact]
    public void A_name_has_at_most_63_characters() => Parsing.Valid<Invocation.Run>("run", new string('a', 63));

    /// <summary>Why (arg-nonutf8): two different byte strings must not become one name by replacement.</summary>
    [Fact]
    public void Bytes_that_are_no_text_are_no_name_and_no_verb_and_no_option()
    {
        ByteString bytes = new([0xff, 0xfe]);
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse([ByteString.FromText("n"), bytes]));
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse([ByteString.FromText("n"), ByteString.FromText("run"), bytes]));
        Assert.IsType<ParsedInvocation.Usage>(InvocationParser.Parse([ByteString.FromText("n"), ByteString.FromText("run"), new ByteString([.. "--"u8, 0xff]), ByteString.FromText("a")]));
        var run = (Invocation.Run)Assert.IsType<ParsedInvocation.Valid>(InvocationParser.Parse(
            [ByteString.FromText("n"), ByteString.FromText("run"), ByteString.FromText("a"), ByteString.FromText("--"), bytes])).Invocation;
        Assert.Equal(bytes, run.Session.Command[0]);
    }
}
