using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: hints, manual and schema are made from the lists of keys, so the lists must be what the readers read.</summary>
public sealed class ProfileKeysTests
{
    private static IEnumerable<(string Header, string[] Keys, string[] Later)> Tables =>
    [
        ("", ProfileKeys.Top, ProfileKeys.TopLater),
        ("[allow]", ProfileKeys.Allow, []),
        ("[[command]]", ProfileKeys.Command, ProfileKeys.CommandLater),
        ("[namespaces]", ProfileKeys.Namespaces, ProfileKeys.NamespacesLater),
        ("[root]", ProfileKeys.Root, ProfileKeys.RootLater),
        ("[protect]", ProfileKeys.Protect, ProfileKeys.ProtectLater),
        ("[[mount]]", ProfileKeys.Mount, ProfileKeys.MountLater),
        ("[[share]]", ProfileKeys.Share, ProfileKeys.ShareLater),
        ("[environment]", ProfileKeys.Environment, []),
        ("[identity]", ProfileKeys.Identity, ProfileKeys.IdentityLater),
        ("[capabilities]", ProfileKeys.Capabilities, []),
    ];

    public static TheoryData<string, string> Working => Rows(table => table.Keys);

    public static TheoryData<string, string> Later => Rows(table => table.Later);

    /// <summary>A date is no value of any key: a key that is read says so, one that is not would be unknown.</summary>
    [Theory]
    [MemberData(nameof(Working))]
    public void A_key_that_works_is_read(string header, string key)
    {
        Diagnostic[] faults = [.. FaultsOf(header, key)];
        Assert.NotEmpty(faults);
        Assert.DoesNotContain(faults, fault => fault.Message.StartsWith("unknown key", StringComparison.Ordinal) || fault.Message.Contains("not available", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Later))]
    public void A_key_of_a_later_version_is_refused_as_such(string header, string key) =>
        Assert.EndsWith($"{key} is not available in this version", Assert.Single(FaultsOf(header, key)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reserved_tables_need_another_schema() =>
        Assert.All(ProfileKeys.Reserved, key => Assert.Equal($"[{key}] needs schema 2", Assert.Single(FaultsOf("", key)).Message));

    private static TheoryData<string, string> Rows(Func<(string Header, string[] Keys, string[] Later), string[]> keys)
    {
        TheoryData<string, string> rows = [];
        foreach (var table in Tables)
        {
            foreach (string key in keys(table))
            {
                rows.Add(table.Header, key);
            }
        }

        return rows;
    }

    private static IEnumerable<Diagnostic> FaultsOf(string header, string key)
    {
        string text = $"{header}\n{key} = 2026-01-01\n";
        int line = text.Count(c => c == '\n');
        return Reading.Faults(text).Where(fault => fault.Location.Line == line);
    }
}
