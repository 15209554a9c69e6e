using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Documents;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>Why: an editor that accepts what the reader refuses, or underlines what is right, is worse than none.</summary>
public sealed class ProfileJsonSchemaTests
{
    private static readonly JsonSchema Editor = JsonSchema.FromText(ProfileJsonSchema.Text);

    /// <summary>Values of every kind, good for some key and bad for most, or bad for all.</summary>
    private static readonly string[] Values =
    [
        "true", "false", "0", "1", "32", "1000", "-1", "1125899906842624", "1125899906842625", "1.5", "[]", "[1]", "[[]]", "{}", "{ a = 1 }", "[{ a = 1 }]",
        "{ add = [\"TERM\"] }", "{ remove = [] }", "{ add = [\"/a\"], remove = [\"CAP_KILL\"] }", "{ add = \"x\" }", "{ add = [], drop = [] }",
        "[\"a\", \"a\"]", "[\"run\"]", "[\"Run\"]", "[\"ro\", \"noexec\"]", "[\"suid\"]", "[\"/a\", \"/b\"]", "[\"-/a\"]", "[\"--/a\"]", "[\"/a:b\"]", "[\"a/b\"]",
        "[\"*\"]", "[\"#0\"]", "[\"#4294967294\"]", "[\"#4294967295\"]", "[\"#01\"]", "[\"1000\"]", "[\"@staff\"]", "[\"9front\"]", "[\"a,b\"]", "[\"a\\nb\"]", "[\"é\"]",
        "[\"CAP_KILL\"]", "[\"cap_kill\"]", "[\"LD_*\"]", "[\"LD_LIBRARY_PATH\"]", "[\"LC_*\"]", "[\"L*\"]", "[\"*_A\"]", "[\"ENV\"]", "[\"ENV*\"]", "[\"HOME\"]", "[\"HOME*\"]", "[\"1A\"]",
        "\"\"", "\"a\"", "\"A\"", "\"-a\"", "\"a-b_c\"", "\"_a\"", "\"a.b\"", "\"a..b\"", "\"-a.b\"", "\"a\\tb\"", "\"a\\u0001b\"", "\"a\\u009fb\"", $"\"{new string('a', 63)}\"", $"\"{new string('a', 64)}\"",
        "\"/\"", "\"/a\"", "\"/a/\"", "\"//a\"", "\"/a//b\"", "\"/.\"", "\"/..\"", "\"/a/../b\"", "\"/a/./b\"", "\"/...\"", "\"/.a\"", "\"/..a\"", "\"/a/.b/..c\"", "\"a/b\"", "\"./a\"", "\"~\"", "\"~/a\"",
        "\"%h\"", "\"%h/a\"", "\"%h%h\"", "\"/a%h\"", "\"/%h\"", "\"/a/%h\"", "\"/.%h\"", "\"%u\"", "\"/%u\"", "\"/a/%u.%g\"", "\"/%%\"", "\"/a%\"", "\"/a%x\"", "\"/.%u\"", "\"/..%u\"", "\"/.%%\"", "\"x %n\"",
        "\"/proc\"", "\"/proc/1\"", "\"/procs\"", "\"/sys\"", "\"/sys/a\"", "\"/proc%h\"", "\"/sys%h\"", "\"/proc%u\"", "\"/a b\"", "\"/é\"", $"\"/{new string('a', 4094)}\"", $"\"/{new string('a', 4095)}\"",
        "\"64M\"", "\"64m\"", "\"0M\"", "\"064M\"", "\"1024T\"", "\"1025T\"", "\"1125899906842624\"", "\"1125899906842625\"", "\"1048576G\"", "\"1048577G\"", "\"M\"", "\"1 M\"",
        "\"8h\"", "\"8760h\"", "\"8761h\"", "\"365d\"", "\"366d\"", "\"31536000\"", "\"31536001s\"", "\"5min\"", "\"5m\"", "\"0s\"",
        "\"755\"", "\"0755\"", "\"1777\"", "\"2770\"", "\"4755\"", "\"0022\"", "\"022\"", "\"1022\"", "\"888\"", "\"00755\"", "\"75\"",
        "\"infinity\"", "\"keep\"", "\"1024:4096\"", "\"1024:infinity\"", "\"01:2\"", "\"1:2:3\"", "\":1\"", "\"999999999999999999\"", "\"1999999999999999999\"",
        "\"path:/run/netns/a\"", "\"path:/\"", "\"path:\"", "\"path:a\"", "\"path:/a/../b\"", "\"path:/%\"", "\"0-3,8\"", "\"8191\"", "\"8192\"", "\"0-8192\"", "\"1,\"", "\"a-b\"", "\"00\"",
        "\"{a}\"", "\"/{a}\"", "\"/a{{b\"", "\"/a{b\"", "\"/a}\"", "\"{{a}\"", "\"{a}}\"", "\"/{A}\"", "[\"{a}\", \"{a}\"]", "[\"{\"]", "\"%u{a_1}%%\"", "\"string\"",
        "\"host\"", "\"private\"", "\"Private\"", "\"none\"", "\"caller\"", "\"full\"", "\"tmpfs\"", "\"disk\"", "\"overlay\"", "\"file\"", "\"#1000\"", "\"#x\"", "\"1000\"", "\"*\"", "\"a:b\"",
    ];

    public static TheoryData<string> Keys => [.. SchemaKey.Of(ProfileSchema.Top).Select(key => key.Path)];

    [Fact]
    public void The_schema_for_editors_is_the_table_of_keys_with_the_texts_of_the_manual()
    {
        string path = Repository.PathOf(ProfileJsonSchema.File);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, ProfileJsonSchema.Text);
        }

        Assert.Equal(File.ReadAllText(path), ProfileJsonSchema.Text);
    }

    [Fact]
    public void It_is_a_schema_of_draft_7()
    {
        using JsonDocument document = JsonDocument.Parse(ProfileJsonSchema.Text);
        Assert.True(MetaSchemas.Draft7.Evaluate(document.RootElement).IsValid);
        Assert.False(MetaSchemas.Draft7.Evaluate(JsonDocument.Parse("{ \"type\": 1 }").RootElement).IsValid);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_takes_the_same_values_in_an_editor_and_in_the_reader(string path)
    {
        SchemaKey key = SchemaKey.Of(ProfileSchema.Top).Single(other => other.Path == path);
        int accepted = 0;
        foreach (string value in Values.Concat(key.Key.Words.Select(word => $"\"{word}\"")))
        {
            string text = $"{(path == "schema" ? "" : "schema = 1\n")}{key.Header}\n{IdentityOf(key)}{key.Key.Name} = {value}\n";
            bool isRight = Reader(text);
            Assert.True(isRight == InEditor(text), $"the reader {(isRight ? "accepts" : "refuses")} {path} = {value}");
            accepted += isRight ? 1 : 0;
        }

        // A key that took all of them, or none, would have shown nothing.
        Assert.InRange(accepted, key.Key.IsReserved ? 0 : 1, Values.Length - 1);
    }

    /// <summary>Of an element every file must say which one it is; all else may stand in another file of the profile.</summary>
    [Theory]
    [InlineData("[[command]]\ndefault = true", "path = \"/bin/true\"")]
    [InlineData("[[mount]]\ntype = \"tmpfs\"", "target = \"/data\"")]
    [InlineData("[[share]]\ntarget = \"/mnt\"\nscope = \"user\"", "name = \"work\"")]
    public void An_element_without_what_it_is_known_by_is_refused(string element, string identity)
    {
        string text = $"{Reading.Minimal}{element}\n";
        Assert.False(InEditor(text));
        Assert.IsType<ProfileReading.Invalid>(Reading.Of(text));
        Assert.True(InEditor(text + identity + "\n"));
        Assert.IsType<ProfileReading.Valid>(Reading.Of(text + identity + "\n"));
    }

    [Theory]
    [InlineData("A = \"x %u\"", true)]
    [InlineData("A = 1", false)]
    [InlineData("A = \"%x\"", false)]
    [InlineData("HOME = \"x\"", false)]
    [InlineData("\"A-B\" = \"x\"", false)]
    public void The_names_of_variables_are_judged_alike(string line, bool isRight)
    {
        string text = $"schema = 1\n[environment.set]\n{line}\n";
        Assert.Equal((isRight, isRight), (Reader(text), InEditor(text)));
    }

    [Fact]
    public void A_shipped_profile_and_an_example_of_the_manual_are_right_in_an_editor() =>
        Assert.All(Repository.ShippedProfiles.Select(File.ReadAllText).Concat(ManualPage.Profiles.Examples), text => Assert.True(InEditor(text)));

    /// <summary>
    /// What an editor accepts is right by itself, and what it refuses, the reader refuses too. Between the two is what only the merged profile can
    /// show, as a key that goes with another.
    /// </summary>
    [Fact]
    public void Two_hundred_mutations_of_shipped_profiles_and_examples_are_judged_alike()
    {
        var random = new Random(20_261_125);
        string[] seeds = [.. Repository.ShippedProfiles.Select(File.ReadAllText), .. ManualPage.Profiles.Examples.Where(text => !text.Contains("extends", StringComparison.Ordinal))];
        int refused = 0;
        for (int judged = 0; judged < 200;)
        {
            string text = Mutated(seeds[random.Next(seeds.Length)], random);
            if (!IsToml(text))
            {
                continue;
            }

            judged++;
            bool inEditor = InEditor(text);
            refused += inEditor ? 0 : 1;
            Assert.True(inEditor ? Reader(text) : Reading.Of(text) is ProfileReading.Invalid, $"an editor {(inEditor ? "accepts" : "refuses")}:\n{text}");
        }

        Assert.InRange(refused, 100, 190);
    }

    [Fact]
    public void What_a_schema_cannot_say_is_listed()
    {
        Assert.Equal(6, FormPattern.Inexpressible.Length);
        Assert.All(FormPattern.Inexpressible, item =>
        {
            string text = $"schema = 1\n{item.Example}";
            Assert.False(Reader(text));
            Assert.True(InEditor(text), item.Reason);
        });
    }

    private static bool InEditor(string text) => Editor.Evaluate(JsonSerializer.SerializeToElement(TomlAsJson.Read(text))).IsValid;

    /// <summary>The reader's word on one file by itself.</summary>
    private static bool Reader(string text)
    {
        var diagnostics = new DiagnosticList();
        TomlTable table = TomlFile.Read(new ProfileText("test.toml", [.. Encoding.UTF8.GetBytes(text)]), diagnostics)!;
        new SchemaCheck(ProfileSchema.Top, diagnostics).Check(table);
        new TableReader(table, ProfileSchema.Top, diagnostics).RequireAll();
        return !diagnostics.HasAny;
    }

    private static bool IsToml(string text)
    {
        var diagnostics = new DiagnosticList();
        return TomlFile.Read(new ProfileText("test.toml", [.. Encoding.UTF8.GetBytes(text)]), diagnostics) is not null && !diagnostics.HasAny;
    }

    private static string IdentityOf(SchemaKey key) => (key.Header, key.Key.Name) switch
    {
        ("[[command]]", not "path") => "path = \"/bin/true\"\n",
        ("[[mount]]" or "[[private]]", not "target") => "target = \"/data\"\n",
        ("[[share]]", not "name") => "name = \"work\"\n",
        _ => "",
    };

    /// <summary>One line more, less, misspelt or with another value.</summary>
    private static string Mutated(string seed, Random random)
    {
        List<string> lines = [.. seed.Split('\n')];
        int[] pairs = [.. Enumerable.Range(0, lines.Count).Where(index => Regex.IsMatch(lines[index], "^[a-z_]+ = "))];
        int at = pairs[random.Next(pairs.Length)];
        string[] pair = lines[at].Split(" = ", 2);
        switch (random.Next(6))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines[at] = $"{pair[0].Remove(random.Next(pair[0].Length), 1)} = {pair[1]}";
                break;
            case 2:
                lines[at] = $"{pair[0].ToUpperInvariant()} = {pair[1]}";
                break;
            case 3:
                lines.Insert(at, $"{lines[pairs[random.Next(pairs.Length)]]}");
                break;
            case 4:
                lines[at] = $"{pair[0]} = {lines[pairs[random.Next(pairs.Length)]].Split(" = ", 2)[1]}";
                break;
            default:
                lines[at] = $"{pair[0]} = {Values[random.Next(Values.Length)]}";
                break;
        }

        return string.Join('\n', lines);
    }
}
