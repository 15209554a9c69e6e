using System.Text;
using Microsoft.Extensions.Configuration;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Tests.Settings;
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

    /// <summary>Shape of an allow list, as plain library use would bind it.</summary>
    private sealed class PlainAllow
    {
        public List<string> Users { get; set; } = ["default"];

        public string Level { get; set; } = "default";
    }

    private static IConfigurationRoot Plain(params (string Key, string Value)[][] layers)
    {
        var builder = new ConfigurationBuilder();
        foreach ((string Key, string Value)[] layer in layers)
        {
            builder.AddInMemoryCollection(layer.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value)));
        }

        return builder.Build();
    }

    private static IEnumerable<string?> ListIn(IConfigurationRoot root, string key) => root.GetSection(key).GetChildren().Select(child => child.Value);

    private static Profile Layered(params string[] files) =>
        Assert.IsType<ProfileReading.Valid>(ProfileReader.Read(ProfileName.Parse("test"), [.. files.Select((text, index) => new ProfileText($"{index}.toml", [.. Encoding.UTF8.GetBytes(text)]))])).Profile;

    [Fact]
    public void A_narrower_allow_list_keeps_the_tail_of_the_wider_one_in_the_library_and_replaces_it_here()
    {
        IConfigurationRoot merged = Plain([("allow:users:0", "root"), ("allow:users:1", "alice")], [("allow:users:0", "carol")]);
        Assert.Equal(["carol", "alice"], ListIn(merged, "allow:users"));
        Profile profile = Layered(Reading.Minimal + "users = [\"root\", \"alice\"]\n", "schema = 1\nallow.users = [\"carol\"]\n");
        Assert.Equal(["carol"], profile.Allow.Users.Select(rule => rule.Text));
        Assert.Equal(["carol"], SiteTables.Of("allow.users = [\"root\", \"alice\"]\n", "allow.users = [\"carol\"]\n").Gate!.Users.Select(rule => rule.Text));
    }

    [Fact]
    public void Options_of_a_mount_mix_in_the_library_and_are_replaced_here()
    {
        IConfigurationRoot merged = Plain([("options:0", "ro"), ("options:1", "nosuid"), ("options:2", "nodev")], [("options:0", "rw")]);
        Assert.Equal(["rw", "nosuid", "nodev"], ListIn(merged, "options"));
        const string Mount = "[[mount]]\ntarget = \"/srv\"\noptions = ";
        Profile profile = Layered(Reading.Minimal + Mount + "[\"rw\", \"noexec\", \"nosymfollow\"]\n", "schema = 1\n" + Mount + "[\"ro\"]\n");
        Assert.Equal(new MountOptions(ReadOnly: true, NoExec: false, NoAtime: false, NoSymFollow: false), Assert.Single(profile.Mounts).Options);
    }

    [Fact]
    public void An_empty_list_empties_nothing_in_the_library_and_means_nobody_here()
    {
        // All that an empty array can be in flat keys is an empty text, or nothing.
        Assert.Equal(["alice"], ListIn(Plain([("allow:users:0", "alice")], []), "allow:users"));
        Assert.Equal(["alice"], ListIn(Plain([("allow:users:0", "alice")], [("allow:users", "")]), "allow:users"));
        Assert.Empty(Layered(Reading.Minimal + "users = [\"alice\"]\n", "schema = 1\nallow.users = []\n").Allow.Users);
        Assert.Empty(SiteTables.Of("allow.users = [\"alice\"]\n", "allow.users = []\n").Gate!.Users);
    }

    [Fact]
    public void Case_makes_no_difference_to_the_library_and_an_unknown_key_here()
    {
        Assert.Equal("eve", Plain([("allow:users:0", "alice")], [("ALLOW:Users:0", "eve")])["allow:users:0"]);
        Assert.Equal("unknown key \"Users\" in allow", Assert.Single(Reading.Faults(Reading.Minimal + "users = []\nUsers = [\"eve\"]\n")).Message);
    }

    [Fact]
    public void A_colon_in_a_key_forges_a_path_in_the_library_and_is_an_unknown_key_here()
    {
        Assert.Equal("eve", Plain([("allow:users:0", "eve")]).GetSection("allow").GetSection("users")["0"]);
        Assert.Equal("unknown key \"allow:users:0\"", Assert.Single(Reading.Faults("\"allow:users:0\" = \"eve\"\n" + Reading.Minimal)).Message);
    }

    [Fact]
    public void A_wrong_shape_is_ignored_in_silence_by_the_library_and_a_fault_here()
    {
        var bound = new PlainAllow();
        Plain([("Users", "alice"), ("Level:x", "deny")]).Bind(bound);
        Assert.Equal(("default", "default"), (Assert.Single(bound.Users), bound.Level));
        Plain([("Users:x", "eve")]).Bind(bound, options => options.ErrorOnUnknownConfiguration = true);
        Assert.Equal(["default", "eve"], bound.Users);
        Assert.Equal("allow.users must be an array of strings, not a table", Assert.Single(Reading.Faults(Reading.Minimal + "users = { x = \"eve\" }\n")).Message);
        Assert.Equal("allow.users must be an array of strings, not a string", Assert.Single(Reading.Faults(Reading.Minimal + "users = \"alice\"\n")).Message);
        Assert.Equal("log.level must be a string, not a table", Assert.Single(SiteTables.FaultsOf("[log.level]\nx = \"deny\"\n")).Message);
    }

    [Fact]
    public void An_unknown_key_is_ignored_by_the_serializer_of_the_library_and_a_fault_here()
    {
        PlainAllow? read = Tomlyn.TomlSerializer.Deserialize<PlainAllow>("nosuid_everywhere = true\n");
        Assert.Equal("default", read?.Level);
        Assert.Equal("unknown key \"nosuid_everywhere\"", Assert.Single(Reading.Faults("nosuid_everywhere = true\n" + Reading.Minimal)).Message);
    }

    /// <summary>File.ReadAllText takes a file of another encoding by its first bytes, and puts replacement characters where it cannot read.</summary>
    [Theory]
    [InlineData("fffe61003d003100", "a=1")]
    [InlineData("613dff31", "a=\uFFFD1")]
    [InlineData("efbbbf613d31", "a=1")]
    public void A_file_is_read_by_guesses_by_the_platform_and_refused_here(string hex, string guess)
    {
        string file = Path.GetTempFileName();
        byte[] bytes = Convert.FromHexString(hex);
        File.WriteAllBytes(file, bytes);
        Assert.Equal(guess, File.ReadAllText(file));
        File.Delete(file);
        Assert.Matches("is not UTF-8$|byte order mark$", Assert.Single(Reading.Faults(bytes)).Message);
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
