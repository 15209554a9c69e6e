using System.Collections.Immutable;
using System.Text;
using CsCheck;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>
/// Why: layers mean what an administrator reads from them only if it does not matter which of them are thought of first, and if what a layer
/// does not say it does not change. A failure prints the seed that repeats it.
/// </summary>
public sealed class MergePropertyTests
{
    [Fact]
    public void Merging_is_associative() => Gen.Select(RandomLayers.All, RandomLayers.All, RandomLayers.All).Sample(
        (a, b, c) =>
        {
            var diagnostics = new DiagnosticList();
            var merge = new TableMerge(diagnostics);
            TomlTable[] tables = [.. ((string[])[a, b, c]).Select((text, index) => Checked($"{index}.toml", text, diagnostics))];
            TomlTable left = merge.Merge(ProfileSchema.Top, merge.Merge(ProfileSchema.Top, tables[0], tables[1]), tables[2]);
            TomlTable right = merge.Merge(ProfileSchema.Top, tables[0], merge.Merge(ProfileSchema.Top, tables[1], tables[2]));
            Assert.Equal(Meaning.Of(left), Meaning.Of(right));
            Assert.False(diagnostics.HasAny, DiagnosticText.Plain(diagnostics.InOrder()));
        },
        iter: 1000);

    [Fact]
    public void A_file_that_says_nothing_changes_nothing() => Gen.Select(RandomLayers.Usable, RandomLayers.Usable, Gen.Int[0, 2]).Sample(
        (a, b, place) =>
        {
            List<ProfileText> files = [File("a", a), File("b", b)];
            string without = Meaning.Of(ProfileReader.Read(ProfileName.Parse("p"), [.. files]));
            files.Insert(place, File("empty", "# nothing\nschema = 1\n"));
            string with = Meaning.Of(ProfileReader.Read(ProfileName.Parse("p"), [.. files]));

            // A fault of the whole profile stands at the start of its first file.
            Assert.Equal(without.Replace("a.toml:1:1", "first", StringComparison.Ordinal), with.Replace("a.toml:1:1", "first", StringComparison.Ordinal).Replace("empty.toml:1:1", "first", StringComparison.Ordinal));
        },
        iter: 1000);

    /// <summary>The lists are those of the last file that wrote them, from parents to drop-ins, and nobody's where none did.</summary>
    [Fact]
    public void No_allow_list_grows_by_what_a_layer_leaves_out()
    {
        string[] lists = ["", "", "[]", "[\"alice\"]", "[\"bob\", \"#7\"]", "[\"*\"]", "[\"carol\", \"alice\"]"];
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6], RandomLayers.Usable).Array[2, 6].Sample(
            layers =>
            {
                ImmutableArray<ProfileText> files = [.. layers.Select((layer, index) => File($"{index}", WithoutAllow(layer.Item3, index == 1) + Allow(lists[layer.Item1], lists[layer.Item2])))];
                var assembly = new ProfileAssembly(ProfileName.Parse("p"), SiteSettings.Default);
                assembly.Supply(files[1..]);
                assembly.Supply(files[..1]);
                if (assembly.Read() is ProfileReading.Valid valid)
                {
                    Assert.Equal(Last(layers.Select(layer => lists[layer.Item1])), Written(valid.Profile.Allow.Users));
                    Assert.Equal(Last(layers.Select(layer => lists[layer.Item2])), Written(valid.Profile.Allow.Groups));
                }
            },
            iter: 1000);
    }

    private static TomlTable Checked(string file, string text, DiagnosticList diagnostics)
    {
        TomlTable table = TomlFile.Read(new ProfileText(file, [.. Encoding.UTF8.GetBytes(text)]), diagnostics) ?? throw new InvalidOperationException(text);
        new SchemaCheck(ProfileSchema.Top, diagnostics).Check(table);
        return table;
    }

    private static ProfileText File(string name, string text) => new($"{name}.toml", [.. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The random keys of other tables; the second file, the profile's own, names the first as its parent.</summary>
    private static string WithoutAllow(string layer, bool isChild)
    {
        string[] tables = layer.Split("\n[");
        return (string.Join("\n[", tables.Where(table => !table.StartsWith("allow]", StringComparison.Ordinal))) + "\n").Replace("schema = 1\n", isChild ? "schema = 1\nextends = \"parent\"\n" : "schema = 1\n", StringComparison.Ordinal);
    }

    private static string Allow(string users, string groups) =>
        $"\n[allow]\ncommands = \"any\"\n{(users.Length > 0 ? $"users = {users}\n" : "")}{(groups.Length > 0 ? $"groups = {groups}\n" : "")}";

    private static string Last(IEnumerable<string> lists) => lists.LastOrDefault(list => list.Length > 0) ?? "[]";

    private static string Written(ImmutableArray<PrincipalRule> rules) => $"[{string.Join(", ", rules.Select(rule => $"\"{rule.Text}\""))}]";
}
