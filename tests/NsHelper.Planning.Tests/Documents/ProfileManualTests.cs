using System.Text;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Tests.Schema;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>Why: nshelper-profile(5) is written by hand, and an administrator goes by it; these tests hold it to the keys that the reader knows.</summary>
public sealed class ProfileManualTests
{
    private static readonly SchemaKey[] Keys = [.. SchemaKey.Of(ProfileSchema.Top)];

    public static TheoryData<string> Documented => [.. Keys.Where(key => HasEntry(key)).Select(key => key.Path)];

    public static TheoryData<string> WithDefault => [.. Keys.Where(key => HasEntry(key) && !key.IsLater && ManualDefault.Of(key.Key, EntryOf(key)) is not null).Select(key => key.Path)];

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, ManualPage.Profiles.Examples.Count)];

    [Fact]
    public void Every_table_has_a_part_and_every_part_is_about_a_table() => Assert.Equal(
        Keys.Where(IsTable).Select(key => key.Path).Append("").Order(StringComparer.Ordinal),
        ManualPage.Profiles.Tables.Select(table => table.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_key_stands_once_in_the_part_of_its_table_and_no_other_does() => Assert.All(ManualPage.Profiles.Tables, table => Assert.Equal(
        Keys.Where(key => HasEntry(key) && ParentOf(key) == table.Path).Select(key => key.Key.Name).Order(StringComparer.Ordinal),
        table.Entries.SelectMany(entry => entry.Keys).Order(StringComparer.Ordinal)));

    [Fact]
    public void A_key_of_schema_2_is_named_where_it_would_stand() => Assert.All(Keys.Where(key => key.Key.IsReserved), key =>
    {
        string tail = ManualPage.Profiles.Find(ParentOf(key)).Tail;
        Assert.Matches($@"\b{key.Key.Name}\b.* schema 2, and", tail);
    });

    [Fact]
    public void Every_table_says_what_it_is_for() =>
        Assert.All(ManualPage.Profiles.Tables.Where(table => table.Path.Length > 0), table => Assert.Matches(@"^[A-Z].*\.$", table.Lead));

    [Theory]
    [MemberData(nameof(Documented))]
    public void A_key_begins_with_its_type_what_it_accepts_and_its_default(string path)
    {
        SchemaKey key = Keys.Single(other => other.Path == path);
        string head = EntryOf(key).Head;
        Assert.StartsWith(TypeOf(key.Key), head, StringComparison.Ordinal);
        Assert.Matches(key.Key.Required is null ? @"; (default .+|no default|required with .+)\.$" : @"; required\.$", head);
        Assert.All(key.Key.Words, word => Assert.Matches($@"(?<![\w-]){word}(?![\w-])", head));
        if (key.Key.Kinds == ValueKinds.Number && key.Key.Most > key.Key.Least)
        {
            Assert.Contains($"from {key.Key.Least} to {key.Key.Most};", head, StringComparison.Ordinal);
        }

        if (key.Key.Default.Length > 0)
        {
            Assert.Equal(key.Key.Default, ManualDefault.Of(key.Key, EntryOf(key)));
        }

        Assert.NotEqual(head, EntryOf(key).Text);
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void What_is_not_available_is_marked_and_nothing_else_is(string path)
    {
        SchemaKey key = Keys.Single(other => other.Path == path);
        Assert.Equal(key.Key.IsLater, EntryOf(key).IsLater);
        Assert.Equal(key.IsLater && !key.Key.IsLater, ManualPage.Profiles.Find(ParentOf(key)).IsLater);
    }

    /// <summary>A default written out must change nothing, or the manual names the wrong one.</summary>
    [Theory]
    [MemberData(nameof(WithDefault))]
    public void A_default_is_what_the_reader_does(string path)
    {
        SchemaKey key = Keys.Single(other => other.Path == path);
        string line = $"{key.Key.Name} = {ManualDefault.Toml(ManualDefault.Of(key.Key, EntryOf(key))!)}\n";
        int compared = 0;
        foreach (string element in ElementsOf(key.Header))
        {
            string with = Around(key.Header, element + line);
            if (Reading.Of(with) is ProfileReading.Valid written)
            {
                Assert.Equal(ValueText.Of(Reading.Valid(Around(key.Header, element))), ValueText.Of(written.Profile));
                compared++;
            }
        }

        Assert.NotEqual(0, compared);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_profile_without_a_mistake(int index)
    {
        var assembly = new ProfileAssembly(ProfileName.Parse("example"), SiteSettings.Default);
        assembly.Supply([new ProfileText("example.toml", [.. Encoding.UTF8.GetBytes(ManualPage.Profiles.Examples[index])])]);
        while (assembly.Wanted is ProfileName parent)
        {
            assembly.Supply([new ProfileText(parent.Text, [.. File.ReadAllBytes(Repository.PathOf($"profiles/{parent}.toml"))])]);
        }

        ProfileReading reading = assembly.Read();
        Assert.True(reading is ProfileReading.Valid, reading is ProfileReading.Invalid invalid ? DiagnosticText.Plain(invalid.Diagnostics) : "");
        Assert.Empty(((ProfileReading.Valid)reading).Profile.Unavailable);
    }

    [Fact]
    public void The_examples_are_found() => Assert.True(ManualPage.Profiles.Examples.Count >= 4);

    private static bool IsTable(SchemaKey key) => key.Key.Table is { Keys.Length: > 0 } or { Rest.Table: not null };

    private static bool HasEntry(SchemaKey key) => !IsTable(key) && !key.Key.IsReserved;

    private static string ParentOf(SchemaKey key) => key.Path.Contains('.', StringComparison.Ordinal) ? key.Path[..key.Path.LastIndexOf('.')] : "";

    private static ManualEntry EntryOf(SchemaKey key) => ManualPage.Profiles.Find(ParentOf(key)).Find(key.Key.Name);

    private static string TypeOf(KeySchema key) => key switch
    {
        { Form: TextForm.Size } => "Size",
        { Form: TextForm.Duration } => "Time span",
        { Form: TextForm.Mode or TextForm.SharedMode } => "Mode",
        { Form: TextForm.ProfileName } => "Name",
        { Form: TextForm.Path or TextForm.SpecifiedPath or TextForm.CallersPath or TextForm.Target or TextForm.MountTarget, Kinds: ValueKinds.Text, Words: [] } => "Path",
        { Kinds: ValueKinds.Flag | ValueKinds.Text } => "Boolean, or a string",
        { Kinds: ValueKinds.Number | ValueKinds.Text } => "Integer, or a string",
        { Kinds: ValueKinds.Text | ValueKinds.List } => "String or list",
        { Kinds: ValueKinds.Flag } => "Boolean",
        { Kinds: ValueKinds.Number } => "Integer",
        { Kinds: ValueKinds.Text } => "String",
        { Kinds: ValueKinds.List } => "List",
        _ => "Table",
    };

    /// <summary>What an element must have besides the key, in each way in which it can be read.</summary>
    private static string[] ElementsOf(string header) => header switch
    {
        "[[command]]" => ["path = \"/bin/sh\"\n"],
        "[[mount]]" => ["target = \"/data\"\n", "target = \"/data\"\ntype = \"tmpfs\"\n", "target = \"/data\"\ntype = \"overlay\"\nlower = [\"/srv/tree\"]\n", "target = \"/data\"\ntype = \"file\"\nmode = \"0600\"\n"],
        "[root]" => ["", "mode = \"overlay\"\ndirectory = \"/srv/tree\"\n"],
        "[[private]]" => ["target = \"/data\"\n", "target = \"/data\"\nmethod = \"directory\"\nscope = \"user\"\n"],
        "[[share]]" => ["name = \"work\"\ntarget = \"/mnt\"\nscope = \"user\"\n"],
        _ => [""],
    };

    private static string Around(string header, string lines) => header.Length == 0
        ? $"schema = 1\n{lines}[[command]]\npath = \"/bin/true\"\n"
        : $"schema = 1\n{header}\n{lines}[[command]]\npath = \"/bin/true\"\n";
}
