using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;
using NsHelper.Planning.Tests.Schema;

namespace NsHelper.Planning.Tests.Settings;

/// <summary>login.toml: whom it maps to which profile, and that every mistake in it is one.</summary>
public sealed class LoginMapTests
{
    private const string Head = "schema = 1\n";

    [Theory]
    [InlineData("users = [\"alice\"]")]
    [InlineData("users = [\"bob\", \"#1000\"]")]
    [InlineData("users = [\"*\"]")]
    [InlineData("users = [\"alias-of-alice\"]")]
    [InlineData("groups = [\"sudo\"]")]
    [InlineData("groups = [\"#500\"]")]
    [InlineData("groups = [\"*\"]")]
    [InlineData("users = [\"bob\"]\ngroups = [\"users\"]")]
    public void An_entry_has_whom_a_profile_would_allow(string lines) => Assert.Equal("a", EntryFor(People.Alice, $"[[map]]\n{lines}\nprofile = \"a\"\n"));

    [Theory]
    [InlineData("users = [\"bob\"]")]
    [InlineData("users = [\"Alice\"]")]
    [InlineData("users = [\"#1001\"]")]
    [InlineData("users = []")]
    [InlineData("groups = [\"staff\"]")]
    [InlineData("groups = [\"alice\"]")]
    public void And_nobody_else(string lines) => Assert.Null(EntryFor(People.Alice, $"[[map]]\n{lines}\nprofile = \"a\"\n"));

    [Fact]
    public void Without_entries_nobody_is_mapped()
    {
        Assert.Null(EntryFor(People.Alice, ""));
        Assert.Null(EntryFor(People.Alice, "fallback = \"deny\"\n"));
    }

    [Fact]
    public void Everybody_is_not_root_and_no_group_is()
    {
        Assert.Null(EntryFor(People.Root, "[[map]]\nusers = [\"*\"]\ngroups = [\"*\", \"root\"]\nprofile = \"a\"\n"));
        Assert.Equal("a", EntryFor(People.Root, "[[map]]\nusers = [\"root\"]\nprofile = \"a\"\n"));
    }

    [Fact]
    public void The_first_entry_decides()
    {
        const string map = "[[map]]\nusers = [\"bob\"]\nprofile = \"a\"\n[[map]]\ngroups = [\"sudo\"]\nprofile = \"b\"\n[[map]]\nusers = [\"*\"]\nprofile = \"c\"\n";
        Assert.Equal("b", EntryFor(People.Alice, map));
        Assert.Equal("a", EntryFor(People.Alice with { UserId = new UserId(1001), Name = "bob" }, map));
        Assert.Equal("c", EntryFor(People.Alice with { UserId = new UserId(9), Name = "dave", GroupId = new GroupId(9), SupplementaryGroups = [] }, map));
    }

    /// <summary>Each look-up may be a round trip to a server; what comes after the entry that decides is not asked for.</summary>
    [Fact]
    public void Only_names_above_the_entry_that_decides_are_looked_up()
    {
        LoginMap map = Valid("[[map]]\nusers = [\"bob\", \"alice2\"]\ngroups = [\"staff\"]\nprofile = \"a\"\n[[map]]\nusers = [\"carol\", \"alice\"]\nprofile = \"b\"\n[[map]]\nusers = [\"eve\"]\nprofile = \"c\"\n");
        (ImmutableArray<string> users, ImmutableArray<string> groups, bool wantsDatabaseGroups) = LoginRules.NamesIn(map, People.Alice);
        Assert.Equal(["bob", "alice2"], users.AsEnumerable());
        Assert.Equal(["staff"], groups.AsEnumerable());
        Assert.False(wantsDatabaseGroups);
    }

    [Theory]
    [InlineData("", 1, 1, "\"schema\" is missing", "write schema = 1")]
    [InlineData("schema = 2\n", 1, 10, "2 is no value of schema", null)]
    [InlineData(Head + "fallback = \"/bin/sh\"\n", 2, 12, "\"/bin/sh\" is no value of fallback", "accepted: deny")]
    [InlineData(Head + "fallback = \"allow\"\n", 2, 12, "\"allow\" is no value of fallback", "accepted: deny")]
    [InlineData(Head + "fallbck = \"deny\"\n", 2, 1, "unknown key \"fallbck\"", "did you mean \"fallback\"?")]
    [InlineData(Head + "default = \"a\"\n", 2, 1, "unknown key \"default\"", null)]
    [InlineData(Head + "[map]\nprofile = \"a\"\n", 2, 2, "map must be", null)]
    [InlineData(Head + "[[map]]\nusers = [\"a\"]\n", 2, 3, "\"profile\" is missing in map", "the name of a profile")]
    [InlineData(Head + "[[map]]\nprofile = \"a\"\n", 2, 3, "this [[map]] is for nobody", "write users = [...]")]
    [InlineData(Head + "[[map]]\nusers = \"a\"\nprofile = \"a\"\n", 3, 9, "map.users must be an array of strings", "write users = [\"a\"]")]
    [InlineData(Head + "[[map]]\nusers = [\"1000\"]\nprofile = \"a\"\n", 3, 10, "\"1000\" is no name in map.users", "write \"#1000\" for an id")]
    [InlineData(Head + "[[map]]\nuser = [\"a\"]\nprofile = \"a\"\n", 3, 1, "unknown key \"user\" in map", "did you mean \"users\"?")]
    [InlineData(Head + "[[map]]\nusers = [\"a\"]\nprofile = \"../a\"\n", 4, 11, "\"../a\" is no map profile", null)]
    [InlineData(Head + "[[map]]\nusers = [\"a\"]\nprofile = \"/bin/sh\"\n", 4, 11, "\"/bin/sh\" is no map profile", null)]
    [InlineData(Head + "[[map]]\nusers = [\"a\"]\nprofile = [\"a\"]\n", 4, 11, "map.profile must be a string", null)]
    [InlineData(Head + "[[map]\n", 2, 1, "not TOML", null)]
    [InlineData("\ufeffschema = 1\n", 1, 1, "", null)]
    public void A_mistake_is_told_with_its_place(string text, int line, int column, string message, string? hint)
    {
        Diagnostic first = Assert.IsType<LoginMapReading.Invalid>(Read(text)).Diagnostics[0];
        Assert.Contains(message, first.Message, StringComparison.Ordinal);
        Assert.Equal(("login.toml", line), (first.Location.File, first.Location.Line));
        Assert.True(column == first.Location.Column || message is "not TOML" or "", $"column {first.Location.Column}");
        Assert.True(hint is null || first.Hint?.Contains(hint, StringComparison.Ordinal) == true, first.Hint);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("enabled = false\n", "profile a is disabled")]
    [InlineData("abstract = true\n", "profile a is abstract")]
    [InlineData("descripton = \"x\"\n", "profile a has mistakes")]
    public void A_profile_that_lets_nobody_log_in_is_told(string line, string? fault)
    {
        LoginEntry entry = Valid("[[map]]\nusers = [\"alice\"]\nprofile = \"a\"\n").Entries[0];
        Diagnostic? found = LoginMapRules.Fault(entry, Reading.Of($"schema = 1\n{line}[allow]\nverbs = [\"login\"]\n[login]\n"));
        Assert.Equal(fault is null, found is null);
        Assert.StartsWith(fault ?? "", found?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(4, found?.Location.Line ?? 4);
    }

    [Fact]
    public void So_is_one_that_is_not_there_or_has_not_the_verb()
    {
        LoginEntry entry = Valid("[[map]]\nusers = [\"alice\"]\nprofile = \"a\"\n").Entries[0];
        Assert.StartsWith("there is no profile a", LoginMapRules.Fault(entry, null)?.Message, StringComparison.Ordinal);
        Assert.StartsWith("profile a does not allow login", LoginMapRules.Fault(entry, Reading.Of($"{Reading.Minimal}[login]\n"))?.Message, StringComparison.Ordinal);
        Assert.StartsWith("profile a starts no session", LoginMapRules.Fault(entry, Reading.Of("schema = 1\n[allow]\nverbs = [\"login\"]\n[login]\n[session]\nscope = \"user\"\n"))?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manual_has_every_key()
    {
        string manual = Repository.Read("packaging/man/nshelper-shell.8");
        Assert.All(SchemaKey.Of(LoginSchema.Top), key => Assert.Matches($@"(?m)^\.It Cm ([a-z]+ , )*{key.Key.Name}( ,|$)", manual));
    }

    private static string? EntryFor(Caller caller, string text) => LoginRules.EntryFor(Valid(text), caller, People.Database)?.Profile.Text;

    private static LoginMap Valid(string text) => Assert.IsType<LoginMapReading.Valid>(Read(Head + text)).Map;

    private static LoginMapReading Read(string text) => LoginMapReader.Read(new ProfileText("login.toml", [.. Encoding.UTF8.GetBytes(text)]));
}
