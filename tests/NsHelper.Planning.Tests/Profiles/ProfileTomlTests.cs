using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: what `show` prints is taken for the profile; it must be one, and mean what the files mean.</summary>
public sealed class ProfileTomlTests
{
    private const string Everything = """
        schema = 1
        description = "a \"quoted\" \\ back\u0061slash\tand\nlines, \u00fc, \u202e, \U0001f600, ["
        message = "ask # root"
        enabled = true
        command = [{ path = "/bin/true" }, { path = "/bin/false", default = true }]
        [environment]
        keep = { add = ["EDITOR"], remove = ["TERM"] }
        path = ["/usr/bin", "/bin"]
        set = { Z = "1", A = "x\"\n[allow]\nusers = [\"*\"]\n", remove = "no key of ours" }
        [allow]
        groups = []
        users = [
          "alice",
          "bob",
        ]
        deny_groups = ["#12", "name with blank"]
        [session]
        [limits]
        nofile = "1024:4096"
        core = 0
        [[mount]]
        target = "/data"
        source = "/srv/%u"
        options = ["ro", "noexec"]
        [[mount]]
        target = "/scratch"
        type = "tmpfs"
        size = "1G"
        inodes = 100
        [[share]]
        name = "s"
        target = "/mnt"
        scope = "user"
        """;

    [Theory]
    [InlineData(Everything)]
    [InlineData("schema = 1\nabstract = true\n")]
    [InlineData("schema = 1\nmount = []\n[allow]\ncommands = \"any\"\n")]
    [InlineData("allow.commands = \"any\"\nschema = 1\nenvironment.set.A = \"\\\"\\\"\\\"\"\n")]
    public void What_is_shown_is_a_profile_of_the_same_meaning(string text)
    {
        foreach (OriginForm origins in Enum.GetValues<OriginForm>())
        {
            ProfileReading.Valid before = Read([text]);
            string shown = ProfileToml.Of(before.Merged, origins, OutputStyle.Plain);
            ProfileReading.Valid after = Read([shown]);
            Assert.Equal(MeaningOf(before.Profile), MeaningOf(after.Profile));
            Assert.Equal(ProfileToml.Of(before.Merged, OriginForm.None, OutputStyle.Plain), ProfileToml.Of(after.Merged, OriginForm.None, OutputStyle.Plain));
        }
    }

    [Fact]
    public void Every_shipped_profile_is_shown_as_it_means() => Assert.All(
        Directory.GetFiles(Repository.PathOf("profiles"), "*.toml"), file => What_is_shown_is_a_profile_of_the_same_meaning(File.ReadAllText(file)));

    /// <summary>Layers that add, remove, empty and replace come out as one file that needs none of these words.</summary>
    [Fact]
    public void Layers_become_one_file()
    {
        ProfileReading.Valid reading = Read([
            Everything,
            "schema = 1\nmount = []\nallow.users = { add = [\"carol\"], remove = [\"alice\"] }\n",
            "schema = 1\n[[mount]]\ntarget = \"/new\"\n[[share]]\nname = \"s\"\nremove = true\n",
        ]);
        string shown = ProfileToml.Of(reading.Merged, OriginForm.None, OutputStyle.Plain);
        Assert.Equal(MeaningOf(reading.Profile), MeaningOf(Read([shown]).Profile));
        Assert.Contains("users = [\"bob\", \"carol\"]\n", shown, StringComparison.Ordinal);
        Assert.Contains("\n[[mount]]\ntarget = \"/new\"\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("remove = true", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("/data", shown, StringComparison.Ordinal);
    }

    /// <summary>Why: a value with a quote and a line break, printed as it is, would be an allow list to whoever reads on.</summary>
    [Fact]
    public void No_value_ends_its_line_or_writes_on_the_terminal()
    {
        string shown = ProfileToml.Of(Read([Everything]).Merged, OriginForm.Comments, OutputStyle.Plain);
        Assert.DoesNotContain(shown, c => c is not '\n' and (< ' ' or > '~'));
        Assert.Single(shown.Split('\n'), line => line == "[allow]");
        Assert.Contains("A = \"x\\\"\\n[allow]\\nusers = [\\\"*\\\"]\\n\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_have_the_order_of_the_schema() => Assert.Equal(
        ["schema", "description", "enabled", "message", "[allow]", "users", "groups", "deny_groups", "[[command]]", "path", "[[command]]", "path", "default"],
        ProfileToml.Of(Read([Everything]).Merged, OriginForm.None, OutputStyle.Plain)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(" = ")[0]).Take(13));

    [Fact]
    public void A_list_of_several_files_shows_the_line_of_each_entry()
    {
        string shown = ProfileToml.Of(Read([Everything, "schema = 1\n\nallow.users = { add = [\"carol\"] }\n"]).Merged, OriginForm.Comments, OutputStyle.Plain);
        string[] lines = [.. shown.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        int list = Array.IndexOf(lines, "users = [ # 1.toml:3");
        Assert.Equal(["\"alice\", # 0.toml:13", "\"bob\", # 0.toml:14", "\"carol\", # 1.toml:3", "]", "groups = [] # 0.toml:11"], lines[(list + 1)..(list + 6)]);
    }

    [Fact]
    public void The_line_of_a_value_is_faint_and_a_header_strong()
    {
        string shown = ProfileToml.Of(Read(["schema = 1\n[allow]\ncommands = \"any\"\n"]).Merged, OriginForm.Comments, new OutputStyle(ColorMode.Sgr, LineStyle.Ascii));
        Assert.Equal("schema = 1        \e[2m# 0.toml:1\e[0m\n\n\e[1m[allow]\e[0m\ncommands = \"any\"  \e[2m# 0.toml:3\e[0m\n", shown);
    }

    [Fact]
    public void Json_has_the_values_in_their_shape_and_the_line_of_each()
    {
        using var document = JsonDocument.Parse(ProfileJson.Of(ProfileName.Parse("test"), Read([Everything]).Merged));
        JsonElement root = document.RootElement;
        Assert.Equal((1, "test"), (root.GetProperty("version").GetInt32(), root.GetProperty("name").GetString()));
        JsonElement profile = root.GetProperty("profile");
        Assert.Equal("bob", profile.GetProperty("allow").GetProperty("users")[1].GetString());
        Assert.Equal(100, profile.GetProperty("mount")[1].GetProperty("inodes").GetInt32());
        Assert.Equal("no key of ours", profile.GetProperty("environment").GetProperty("set").GetProperty("remove").GetString());
        Dictionary<string, int> lines = root.GetProperty("origins").EnumerateArray().ToDictionary(
            origin => origin.GetProperty("key").GetString()!, origin => origin.GetProperty("line").GetInt32());
        Assert.Equal((12, 14, 26), (lines["allow.users"], lines["allow.users[1]"], lines["mount[1].target"]));
    }

    private static ProfileReading.Valid Read(string[] files)
    {
        ImmutableArray<ProfileText> texts = [.. files.Select((text, index) => new ProfileText($"{index}.toml", [.. Encoding.UTF8.GetBytes(text)]))];
        return ProfileReader.Read(ProfileName.Parse("test"), texts, SiteSettings.Default) switch
        {
            ProfileReading.Valid valid => valid,
            ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>Every value of a profile but the places it came from.</summary>
    private static string MeaningOf(object? value) => value switch
    {
        null or SourceLocation => "",
        string text => $"'{text}'",
        IEnumerable<Diagnostic> diagnostics => string.Join(", ", diagnostics.Select(diagnostic => diagnostic.Message).Order(StringComparer.Ordinal)),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(MeaningOf))}]",
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum => $"{value}",
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0).OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{property.Name}={MeaningOf(property.GetValue(value))}"))})",
    };
}
