using System.Text;
using NsHelper.Planning.Profiles;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: each trap was met in the library; the first half of a test shows that it is still there, the second that it does not reach us.</summary>
public sealed class LibraryTrapTests
{
    [Theory]
    [InlineData("a=\"\\")]
    [InlineData("a=\"\"\"\\")]
    [InlineData("x={\"a\\")]
    [InlineData("a=\"\\u00")]
    [InlineData("schema = 1\ndescription = \"x\\")]
    public void A_cut_off_escape_throws_in_the_parser_and_is_a_diagnostic_here(string text)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntaxParser.Parse(text, "f", validate: true));
        Assert.Equal("cannot parse the file", Assert.Single(Reading.Faults(text)).Message);
    }

    [Fact]
    public void A_byte_order_mark_is_read_over_by_the_library_and_refused_here()
    {
        Assert.False(SyntaxParser.Parse("\uFEFFa = 1\n", "f", validate: true).HasErrors);
        Diagnostic fault = Assert.Single(Reading.Faults([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Reading.Minimal)]));
        Assert.Equal(("the file begins with a byte order mark", 1, 1), (fault.Message, fault.Location.Line, fault.Location.Column));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_repaired_by_the_platform_and_refused_here()
    {
        byte[] bytes = [.. "schema = 1\n# \u00e9 "u8, 0xff, .. "\n[allow]\ncommands = \"any\"\n"u8];
        Assert.Contains('\uFFFD', Encoding.UTF8.GetString(bytes));
        Diagnostic fault = Assert.Single(Reading.Faults(bytes));
        Assert.Equal(("byte 0xff is not UTF-8", 2, 5), (fault.Message, fault.Location.Line, fault.Location.Column));
    }

    /// <summary>An overlong slash, a surrogate, and a sequence cut off by the end of the file.</summary>
    [Theory]
    [InlineData("c0af")]
    [InlineData("eda080")]
    [InlineData("f4908080")]
    [InlineData("c3")]
    [InlineData("fffe61003d00")]
    public void Every_ill_formed_sequence_is_refused(string hex) =>
        Assert.EndsWith("is not UTF-8", Assert.Single(Reading.Faults([.. "# "u8, .. Convert.FromHexString(hex)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_nul_byte_is_named()
    {
        Diagnostic fault = Assert.Single(Reading.Faults("schema = 1\n# a\0b\n"));
        Assert.Equal(("the file has a NUL byte", 2, 4), (fault.Message, fault.Location.Line, fault.Location.Column));
    }

    [Fact]
    public void A_file_beyond_the_bound_is_refused_and_one_at_the_bound_is_read()
    {
        string filled = Reading.Minimal + "#" + new string('x', ProfileText.MaxBytes - Reading.Minimal.Length - 2) + "\n";
        Assert.IsType<ProfileReading.Valid>(Reading.Of(filled));
        Assert.Equal("the file is larger than 65536 bytes", Assert.Single(Reading.Faults(filled + "\n")).Message);
    }

    /// <summary>The parser hands over values for keys that were never complete; reading on must not crash.</summary>
    [Fact]
    public void A_key_without_a_value_is_one_fault()
    {
        DocumentSyntax document = SyntaxParser.Parse("schema =\n", "f", validate: false);
        Assert.True(document.HasErrors);
        Assert.Single(Reading.Faults("schema =\n[allow]\ncommands = \"any\"\n"));
        Assert.Single(Reading.Faults("# 1\nschema 1\n[allow]\ncommands = \"any\"\n"));
    }

    [Fact]
    public void A_word_as_long_as_the_file_does_not_make_a_message_as_long()
    {
        string word = new('k', 20_000);
        Assert.All(
            Reading.Faults($"{Reading.Minimal}{word} = 1\nusers = [\"#{word}\"]\ngroups = [\"{word}\"]\nverbs = [\"{word}\"]\n[[mount]]\ntarget = \"{word}\"\ntype = \"{word}\"\n"),
            fault => Assert.True(fault.Message.Length + (fault.Hint?.Length ?? 0) < 400, fault.Message));
    }

    [Fact]
    public void Faults_beyond_a_hundred_are_counted_out()
    {
        string text = Reading.Minimal + "[namespaces]\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"k{i} = 1\n"));
        var faults = Reading.Faults(text);
        Assert.Equal(101, faults.Length);
        Assert.Single(faults, fault => fault.Message == "too many mistakes; the rest is not shown");
        Assert.Equal(101, Reading.Faults(text + "[[mount]]\ntarget = \"/srv/%\"\n").Length);
    }
}
