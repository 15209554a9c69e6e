using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: what a profile means once its files are laid over each other decides who gets what; nothing may be left over from below.</summary>
public sealed class LayerTests
{
    private const string Base = """
        schema = 1
        [allow]
        users = ["alice", "bob"]
        commands = "any"
        [environment]
        keep = ["TERM", "LANG"]
        set = { A = "1", B = "2" }
        [[mount]]
        target = "/data"
        source = "/srv/data"
        options = ["ro", "noexec"]
        [[mount]]
        target = "/more"
        source = "/srv/more"
        """;

    [Fact]
    public void A_list_replaces_the_whole_list() => Assert.Equal(["carol"], Users("allow.users = [\"carol\"]"));

    [Fact]
    public void An_empty_list_empties_it() => Assert.Empty(Users("allow.users = []"));

    [Fact]
    public void A_file_that_says_nothing_of_a_list_leaves_it() => Assert.Equal(["alice", "bob"], Users("description = \"x\""));

    [Fact]
    public void A_list_can_be_changed() => Assert.Equal(["alice", "carol"], Users("allow.users = { add = [\"carol\"], remove = [\"bob\"] }"));

    [Fact]
    public void Changes_follow_each_other() =>
        Assert.Equal(["bob", "carol"], Users("allow.users = { add = [\"carol\"] }", "allow.users = { remove = [\"alice\"] }"));

    [Fact]
    public void What_nobody_wrote_is_changed_from_the_default() =>
        Assert.Equal(["LANG", "LC_*", "COLORTERM", "TZ", "NO_COLOR", "EDITOR"], Of(["schema = 1\nallow.commands = \"any\"\nenvironment.keep = { add = [\"EDITOR\"], remove = [\"TERM\"] }\n"]).Environment.Keep.AsEnumerable());

    [Fact]
    public void Tables_merge_key_by_key() =>
        Assert.Equal(["A=3", "B=2", "C=4"], Of([Base, "schema = 1\n[environment.set]\nA = \"3\"\nC = \"4\"\n"]).Environment.Set.Select(pair => $"{pair.Key}={pair.Value}"));

    [Fact]
    public void A_mount_merges_with_the_one_of_its_target_and_keeps_its_place()
    {
        Profile profile = Of([Base, "schema = 1\n[[mount]]\ntarget = \"/data\"\noptions = [\"rw\"]\n[[mount]]\ntarget = \"/new\"\n"]);
        Assert.Equal(["/data", "/more", "/new"], profile.Mounts.Select(mount => mount.Target));
        MountSettings.Bind data = Assert.IsType<MountSettings.Bind>(profile.Mounts[0]);
        Assert.Equal(("/srv/data", false, false), (data.Source, data.Options.ReadOnly, data.Options.NoExec));
        Assert.Equal("0.toml:8", data.Location.ToString());
    }

    [Fact]
    public void A_mount_can_be_taken_away() =>
        Assert.Equal(["/more"], Of([Base, "schema = 1\n[[mount]]\ntarget = \"/data\"\nremove = true\n"]).Mounts.Select(mount => mount.Target));

    [Theory]
    [InlineData("[[mount]]\ntarget = \"/dada\"\nremove = true", "1.toml:2", "there is no such [[mount]] to remove")]
    [InlineData("[[mount]]\ntarget = \"/data\"\nremove = true\nsource = \"/x\"", "1.toml:5", "mount.source has no effect in what is removed")]
    [InlineData("allow.users = { remove = [\"bop\"] }", "1.toml:2", "allow.users has no \"bop\" to remove")]
    [InlineData("allow.users = { add = [\"bob\"] }", "1.toml:2", "allow.users has \"bob\" already")]
    [InlineData("[[mount]]\ntarget = \"/data\"\nsize = \"1M\"", "1.toml:4", "a bind mount has no \"size\"")]
    [InlineData("[[mount]]\ntarget = \"/new\"\n[[mount]]\ntarget = \"/new\"", "1.toml:5", "\"/new\" is the target of two mounts")]
    [InlineData("protect.private_tmp = \"yes\"", "1.toml:2", "protect.private_tmp must be true or false, not a string")]
    public void A_mistake_of_an_upper_file_is_found_in_it(string line, string place, string message)
    {
        Diagnostic fault = Assert.Single(Faults([Base, $"schema = 1\n{line}\n"]));
        Assert.Equal((place, message), (fault.Location.ToString(), fault.Message));
    }

    [Theory]
    [InlineData("[[mount]]\ntarget = \"/dada\"\nremove = true", "it is known by target; there is \"/data\", \"/more\"")]
    [InlineData("[[share]]\nname = \"w\"\nremove = true", "it is known by name; there is none")]
    [InlineData("allow.users = { remove = [\"bop\"] }", "there is \"alice\", \"bob\"")]
    public void What_cannot_be_removed_is_told_with_what_is_there(string line, string hint) =>
        Assert.Equal(hint, Assert.Single(Faults([Base, $"schema = 1\n{line}\n"])).Hint);

    /// <summary>A value that is overridden is judged too: who mends the upper file must not break the profile.</summary>
    [Fact]
    public void A_mistake_below_is_found_though_it_is_overridden() =>
        Assert.Equal("0.toml:2", Assert.Single(Faults(["schema = 1\nenabled = 1\nallow.commands = \"any\"\n", "schema = 1\nenabled = true\n"])).Location.ToString());

    [Fact]
    public void Every_file_says_its_schema() => Assert.Equal("\"schema\" is missing", Assert.Single(Faults([Base, "enabled = true\n"])).Message);

    [Fact]
    public void Parents_come_first_from_left_to_right_each_once()
    {
        Profile profile = Assemble("child", new()
        {
            ["base"] = "schema = 1\nabstract = true\ndescription = \"base\"\n[environment.set]\nA = \"base\"\nB = \"base\"\nC = \"base\"\nD = \"base\"\n",
            ["left"] = "schema = 1\nabstract = true\nextends = \"base\"\n[environment.set]\nB = \"left\"\nC = \"left\"\n",
            ["right"] = "schema = 1\nabstract = true\nextends = \"base\"\n[environment.set]\nC = \"right\"\n",
            ["child"] = "schema = 1\nextends = [\"left\", \"right\"]\nallow.commands = \"any\"\nenvironment.set.D = \"child\"\n",
        });
        Assert.Equal(["A=base", "B=left", "C=right", "D=child"], profile.Environment.Set.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.False(profile.IsAbstract);
        Assert.Equal("child.toml:1", profile.Location.ToString());
    }

    [Theory]
    [InlineData("b", "a", "c.toml:1", "\"c\" extends \"a\", which extends \"c\"")]
    [InlineData("b", "d", "c.toml:1", "there is no profile \"d\" to extend")]
    [InlineData("a", "b", "a.toml:1", "\"a\" extends \"a\", which extends \"a\"")]
    public void Parents_that_cannot_be_laid_down_are_refused(string ofA, string ofC, string place, string message)
    {
        Diagnostic fault = Assert.Single(AssembleFaults("a", new()
        {
            ["a"] = $"schema = 1; extends = \"{ofA}\"; allow.commands = \"any\"",
            ["b"] = "schema = 1; extends = \"c\"",
            ["c"] = $"schema = 1; extends = \"{ofC}\"",
        }));
        Assert.Equal(message, fault.Message);
        Assert.Equal(place[..1], fault.Location.File[..1]);
    }

    [Fact]
    public void Parents_go_eight_deep()
    {
        Dictionary<string, string> Chain(int length) => Enumerable.Range(0, length).ToDictionary(
            i => $"p{i}", i => $"schema = 1; allow.commands = \"any\"" + (i + 1 < length ? $"; extends = \"p{i + 1}\"" : ""));
        Assert.NotNull(Assemble("p0", Chain(ProfileAssembly.MaxDepth)));
        Assert.Equal("profiles extend each other deeper than 8", Assert.Single(AssembleFaults("p0", Chain(ProfileAssembly.MaxDepth + 1))).Message);
    }

    private static IEnumerable<string> Users(params string[] upper) =>
        Of([Base, .. upper.Select(line => $"schema = 1\n{line}\n")]).Allow.Users.Select(rule => rule.Text);

    private static Profile Of(string[] files) => Read(files) switch
    {
        ProfileReading.Valid valid => valid.Profile,
        ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    private static ImmutableArray<Diagnostic> Faults(string[] files) => Assert.IsType<ProfileReading.Invalid>(Read(files)).Diagnostics;

    private static ProfileReading Read(string[] files) =>
        ProfileReader.Read(ProfileName.Parse("test"), [.. files.Select((text, index) => new ProfileText($"{index}.toml", [.. Encoding.UTF8.GetBytes(text)]))]);

    private static Profile Assemble(string name, Dictionary<string, string> files) => AssembleAll(name, files) switch
    {
        ProfileReading.Valid valid => valid.Profile,
        ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    private static ImmutableArray<Diagnostic> AssembleFaults(string name, Dictionary<string, string> files) =>
        Assert.IsType<ProfileReading.Invalid>(AssembleAll(name, files)).Diagnostics;

    private static ProfileReading AssembleAll(string name, Dictionary<string, string> files)
    {
        var assembly = new ProfileAssembly(ProfileName.Parse(name), SiteSettings.Default);
        while (assembly.Wanted is ProfileName wanted)
        {
            assembly.Supply(files.TryGetValue(wanted.Text, out string? text)
                ? [new ProfileText($"{wanted}.toml", [.. Encoding.UTF8.GetBytes(text.Replace("; ", "\n", StringComparison.Ordinal) + "\n")])]
                : []);
        }

        return assembly.Read();
    }
}
