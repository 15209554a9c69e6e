using System.Diagnostics;
using System.Text;
using NsHelper.Fuzz;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Tests that look at the clock: each has the machine to itself, as far as this run goes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedTests
{
    public const string Name = "timed";
}

/// <summary>Why (CVE-2025-7519 and the library's own limits): a stack overflow cannot be caught and would abort as root, and a slow parse is a hung login.</summary>
[Collection(TimedTests.Name)]
public sealed class ParserBombTests
{
    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Numbered(string format, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => format.Replace("@", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    private static IEnumerable<(string Name, string Text)> Corpus()
    {
        yield return ("brackets", "x = " + Repeat("[", 65000));
        yield return ("closed brackets", "x = " + Repeat("[", 32000) + Repeat("]", 32000));
        yield return ("inline tables", "x = " + Repeat("{a=", 20000));
        yield return ("dotted key", Repeat("a.", 32000) + "a=1");
        yield return ("dotted key with blanks", Repeat("a . ", 16000) + "a=1");
        yield return ("quoted dotted key", Repeat("''.", 21000) + "a=1");
        yield return ("dotted header", "[" + Repeat("a.", 32000) + "a]");
        yield return ("dotted keys in an array", "x = [" + Repeat("{a.b.c.d=1},", 5000) + "]");
        yield return ("one key often", Repeat("a=1\n", 16000));
        yield return ("many keys", Numbered("a@=1\n", 7000));
        yield return ("many keys in line", "x={" + Numbered("a@=1,", 6000) + "b=1}");
        yield return ("one table often", Repeat("[a]\n", 16000));
        yield return ("array of tables", Repeat("[[mount]]\n", 6500));
        yield return ("mounts", "schema=1\n" + Numbered("[[mount]]\ntarget='/@'\n", 2400));
        yield return ("mounts below each other", "schema=1\n" + Repeat("[[mount]]\ntarget='/a/b'\n", 2500));
        yield return ("shares and mounts", "schema=1\n" + Numbered("[[share]]\nname='a@'\ntarget='/@'\n", 700) + Numbered("[[mount]]\ntarget='/@/x'\n", 1400));
        yield return ("nested tables", Numbered("[a.b.c.d.e.f.g.h.i.j.k.l.m.n.o@]\n", 1800));
        yield return ("users", "schema=1\n[allow]\nusers=[" + Numbered("'u@',", 7500) + "]\n");
        yield return ("same user", "schema=1\n[allow]\nusers=[" + Repeat("'u',", 16000) + "]\n");
        yield return ("commands", "schema=1\n" + Numbered("[[command]]\npath='/@'\n", 2500));
        yield return ("faults a line", Repeat("=\n", 32000));
        yield return ("open headers", Repeat("[\n", 32000));
        yield return ("equal signs", Repeat("=", 65000));
        yield return ("dots", Repeat(".", 65000));
        yield return ("quotes", Repeat("\"", 65000));
        yield return ("odd quotes", "x=" + Repeat("'", 64001));
        yield return ("commas", "x=[" + Repeat(",", 65000));
        yield return ("line breaks", Repeat("\n", 65536));
        yield return ("carriage returns", Repeat("\r", 65536));
        yield return ("blanks", Repeat(" ", 65536));
        yield return ("comment", Repeat("#", 65536));
        yield return ("digits", "schema=" + Repeat("9", 65000));
        yield return ("one name", Repeat("a", 65536));
        yield return ("escapes", "x=\"" + Repeat("\\q", 32000) + "\"");
        yield return ("cut escapes", Repeat("\"\\u00", 10000));
        yield return ("control characters", "x=\"" + Repeat("\u0001", 60000) + "\"");
        yield return ("backslashes", "x=\"" + Repeat("\\", 65000));
        yield return ("long string", "schema=1\ndescription='" + Repeat("x", 65000) + "'\n[allow]\ncommands='any'\n");
        yield return ("specifiers", "schema=1\n[[mount]]\ntarget='" + Repeat("%q", 32000) + "'\n");
        yield return ("path parts", "schema=1\n[[mount]]\ntarget='" + Repeat("/a", 32000) + "'\n");
        yield return ("astral characters", "schema=1\ndescription='" + Repeat("\U0001F600", 16000) + "' 5\n");
        yield return ("faults in one line", "schema=1\n[allow]\nusers=[" + Repeat("1,", 32000) + "]\n");
        yield return ("inline tables in an array", "x = [" + Repeat("{},", 20000) + "]");
        yield return ("variables", "schema=1\n[environment]\nset={" + Numbered("V@='1',", 5000) + "}\n");
    }

    public static TheoryData<string> Names => [.. Corpus().Select(bomb => bomb.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_input_takes_longer_than_a_tenth_of_a_second(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Corpus().Single(bomb => bomb.Name == name).Text);
        Assert.True(bytes.Length <= ProfileText.MaxBytes, "the bomb would be refused for its size alone");
        TimeSpan best = TimeSpan.MaxValue;

        // The first pass pays for the compiler of the test run, and a busy machine may disturb one pass, but not each.
        for (int pass = 0; pass < 10 && best >= TimeSpan.FromMilliseconds(100); pass++)
        {
            TimeSpan start = ThreadTime.Now;
            ProfileReading reading = Reading.Of(bytes);
            string shown = reading is ProfileReading.Invalid invalid ? DiagnosticText.Plain(invalid.Diagnostics) : "";
            TimeSpan time = ThreadTime.Now - start;
            best = time < best ? time : best;
            Assert.True(shown.Length < 200_000, "the answer is larger than the question");
        }

        Assert.True(best < TimeSpan.FromMilliseconds(100), $"{best.TotalMilliseconds} ms");
    }

    /// <summary>The library's trap: its time grows with the square of the parts, seconds for a hundred thousand.</summary>
    [Fact]
    public void A_key_of_very_many_parts_takes_the_library_long_and_us_no_time()
    {
        var watch = Stopwatch.StartNew();
        Tomlyn.Parsing.SyntaxParser.Parse(Repeat("a.", 100_000) + "a = 1\n", "f", validate: true);
        TimeSpan plain = watch.Elapsed;
        watch.Restart();
        Assert.Equal("a key has more than 16 parts", Assert.Single(Reading.Faults(Repeat("a.", 32_000) + "a = 1\n")).Message);
        Assert.True(plain > watch.Elapsed * 10, $"{plain.TotalMilliseconds} ms against {watch.Elapsed.TotalMilliseconds} ms");
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Nesting_is_bounded(int depth, bool isParsed)
    {
        Diagnostic first = Reading.Faults("x = " + Repeat("[", depth) + Repeat("]", depth) + "\n")[0];
        Assert.Equal(isParsed, first.Message != "arrays and tables are nested deeper than 16");
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Parts_of_a_key_are_bounded(int parts, bool isParsed)
    {
        Diagnostic first = Reading.Faults(string.Join('.', Enumerable.Repeat("a", parts)) + " = 1\n")[0];
        Assert.Equal(isParsed, first.Message != "a key has more than 16 parts");
    }

    /// <summary>What stands in a string or a comment is neither nesting nor a key.</summary>
    [Fact]
    public void Brackets_and_dots_in_strings_and_comments_do_not_count()
    {
        string many = Repeat("[", 40) + Repeat(".", 40);
        Reading.Valid($"schema = 1 # {many}\ndescription = \"\"\"{many}\n{many}\\\"\"\"\"\nmessage = '{many}'\n[allow]\ncommands = \"any\"\n");
    }
}
