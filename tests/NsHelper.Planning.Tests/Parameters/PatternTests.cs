using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using NsHelper.Planning.Parameters;

namespace NsHelper.Planning.Tests.Parameters;

/// <summary>Why: a pattern bounds what a user may choose, so it must mean what its writer knows from other tools, and never take long.</summary>
public sealed class PatternTests
{
    private const string Alphabet = "ab-_.^$[]{}()|*+?\\/ é";

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "xabc", false)]
    [InlineData("abc", "abcx", false)]
    [InlineData("a|bc", "a", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a|bc", "abc", false)]
    [InlineData("(a|b)c", "bc", true)]
    [InlineData("[a-z][a-z0-9_]{0,7}", "a1234567", true)]
    [InlineData("[a-z][a-z0-9_]{0,7}", "a12345678", false)]
    [InlineData("[^/]+", "x\u00e9\ud83d\ude00", true)]
    [InlineData("[^/]+", "a/b", false)]
    [InlineData("..", "\ud83d\ude00x", true)]
    [InlineData("a{2}", "aa", true)]
    [InlineData("a{2}", "aaa", false)]
    [InlineData("a{2,}", "aaaaa", true)]
    [InlineData("(ab?){2,3}", "abaab", true)]
    [InlineData("\\.\\*", ".*", true)]
    [InlineData("[]", "", false)]
    [InlineData("[-a]+", "-a-", true)]
    [InlineData("[a-]+", "-a-", true)]
    [InlineData("[\\]\\-]+", "]-", true)]
    [InlineData("[A-Z]", "a", false)]
    public void The_whole_value_must_match(string text, string value, bool matches) => Assert.Equal(matches, PatternParser.Parse(text, out _)?.Matches(value) ?? false);

    [Theory]
    [InlineData("^a", 0, "^ is not needed")]
    [InlineData("a$", 1, "$ is not needed")]
    [InlineData("*", 0, "nothing that * could repeat")]
    [InlineData("a|+", 2, "nothing that + could repeat")]
    [InlineData("(?:a)", 1, "nothing that ? could repeat")]
    [InlineData("a**", 2, "a repetition of a repetition")]
    [InlineData("a+?", 2, "a repetition of a repetition")]
    [InlineData("(a", 0, "a ( without its )")]
    [InlineData("a)", 1, "a ) without its (")]
    [InlineData("[a", 0, "a [ without its ]")]
    [InlineData("[]a]", 1, "an empty class")]
    [InlineData("[[:alpha:]]", 1, "a [ in a class")]
    [InlineData("[a-c-e]", 4, "a - that is no range")]
    [InlineData("[z-a]", 1, "a range that ends before it begins")]
    [InlineData("a]", 1, "a ] that belongs to nothing")]
    [InlineData("a{", 1, "no repetition")]
    [InlineData("a{2,1}", 1, "no repetition")]
    [InlineData("a{,2}", 1, "no repetition")]
    [InlineData("a{01}", 1, "no repetition")]
    [InlineData("a{257}", 1, "no repetition")]
    [InlineData("a{1", 1, "no repetition")]
    [InlineData("\\d", 0, "a \\ stands before punctuation only")]
    [InlineData("a\\", 1, "a \\ stands before punctuation only")]
    [InlineData("\u00e9", 0, "a pattern is printable ASCII")]
    [InlineData("((a{200}){200}){200}", 9, "the pattern is too large")]
    public void What_is_no_pattern_is_said_at_its_place(string text, int offset, string message)
    {
        Assert.Null(PatternParser.Parse(text, out PatternFault? fault));
        Assert.Equal(offset, fault?.Offset);
        Assert.StartsWith(message, fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_and_depth_are_bounded()
    {
        Assert.NotNull(PatternParser.Parse(new string('a', PatternParser.MaxLength), out _));
        Assert.Null(PatternParser.Parse(new string('a', PatternParser.MaxLength + 1), out _));
        Assert.NotNull(PatternParser.Parse(new string('(', 16) + new string(')', 16), out _));
        Assert.Null(PatternParser.Parse(new string('(', 17) + new string(')', 17), out _));
        Assert.NotNull(PatternParser.Parse(new string('|', PatternParser.MaxLength / 2), out _));
    }

    /// <summary>Why: with a matcher that tries again, these take longer than the universe has (CVE-2020-5243 and many others).</summary>
    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+b")]
    [InlineData("(.*.*)*b")]
    [InlineData("(a?){256}a{200}b")]
    [InlineData("((a+)+)+b")]
    public void No_value_makes_it_slow(string text)
    {
        Pattern pattern = PatternParser.Parse(text, out _)!;
        var watch = Stopwatch.StartNew();
        Assert.False(pattern.Matches(new string('a', Parameter.MaxValueBytes)));
        Assert.True(watch.ElapsedMilliseconds < 2000, watch.Elapsed.ToString());
    }

    /// <summary>Patterns from the grammar: both machines say the same of every value.</summary>
    [Fact]
    public void It_means_what_it_means_to_NET()
    {
        int matched = 0;
        Gen.Select(Gen.Byte.Array[0, 24], Gen.Int[0, 2].Array[0, 8]).Sample(
            (choices, letters) =>
            {
                string text = new PatternWriter(choices).Write();
                string value = string.Concat(letters.Select(letter => "ab-"[letter]));
                bool expected = Reference(text).IsMatch(value);
                matched += expected ? 1 : 0;
                Pattern? pattern = PatternParser.Parse(text, out PatternFault? fault);
                Assert.True(pattern is not null, $"{text}: {fault}");
                Assert.True(expected == pattern.Matches(value), $"{text} and {value}");
            },
            iter: 20_000, threads: 1);
        Assert.True(matched > 1000, $"only {matched} matched: the test would prove little");
    }

    /// <summary>Any text: what is accepted means the same, and nothing throws.</summary>
    [Fact]
    public void Whatever_it_accepts_NET_reads_alike() =>
        Gen.Select(Gen.Int[0, Alphabet.Length - 1].Array[0, 10], Gen.Int[0, Alphabet.Length - 1].Array[0, 5]).Sample(
            (letters, values) =>
            {
                string text = string.Concat(letters.Select(letter => Alphabet[letter]));
                string value = string.Concat(values.Select(letter => Alphabet[letter]));
                if (PatternParser.Parse(text, out _) is Pattern pattern)
                {
                    Assert.True(Reference(text).IsMatch(value) == pattern.Matches(value), $"{text} and {value}");
                }
            },
            iter: 50_000, threads: 1);

    private static Regex Reference(string text) => new($"^(?:{text})\\z", RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(5));

    /// <summary>Turns choices into a pattern of the grammar; no choice left means the plainest.</summary>
    private sealed class PatternWriter(byte[] choices)
    {
        private int next;

        public string Write() => Alternatives(3);

        private int Choose(int count) => next < choices.Length ? choices[next++] % count : 0;

        private string Alternatives(int depth)
        {
            var text = new StringBuilder(Sequence(depth));
            while (Choose(4) == 3)
            {
                text.Append('|').Append(Sequence(depth));
            }

            return text.ToString();
        }

        private string Sequence(int depth)
        {
            var text = new StringBuilder();
            for (int count = Choose(4); count > 0; count--)
            {
                text.Append(One(depth)).Append(((string[])["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}"])[Choose(8)]);
            }

            return text.ToString();
        }

        private string One(int depth) => Choose(8) switch
        {
            0 or 1 => "a",
            2 => "b",
            3 => ".",
            4 => "\\-",
            5 => $"[{(Choose(2) == 1 ? "^" : "")}{((string[])["a", "a-b", "\\-a", "a-", "-b", "\\]ab"])[Choose(6)]}]",
            _ when depth > 0 => $"({Alternatives(depth - 1)})",
            _ => "b",
        };
    }
}
