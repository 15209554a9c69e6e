using NsHelper.Planning.Profiles;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>Why: the reader, the hints, the manual and the schema for editors go by the table of keys, so the reader must read what is in it.</summary>
public sealed class ProfileSchemaTests
{
    public static TheoryData<string> Keys => [.. SchemaKey.Of(ProfileSchema.Top).Select(key => key.Path)];

    public static TheoryData<string> LaterKeys => [.. SchemaKey.Of(ProfileSchema.Top).Where(key => key.Key.IsLater && key.Header.Length == 0).Select(key => key.Path)];

    /// <summary>A date is no value of any key: a key that is read says so, one that is not would be unknown.</summary>
    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_read_and_judged(string path)
    {
        SchemaKey key = SchemaKey.Of(ProfileSchema.Top).Single(other => other.Path == path);
        string text = $"{key.Header}\n{key.Key.Name} = 2026-01-01\n";
        int line = text.Count(c => c == '\n');
        Diagnostic fault = Assert.Single(Reading.Faults(text), fault => fault.Location.Line == line);
        Assert.Matches(key.Key.IsReserved ? "needs schema 2$" : $"^{(path == key.Key.Name ? path : $"{key.Header.Trim('[', ']')}.{key.Key.Name}")} must be ", fault.Message);
    }

    [Theory]
    [MemberData(nameof(LaterKeys))]
    public void A_table_of_a_later_version_starts_no_session(string path)
    {
        SchemaKey key = SchemaKey.Of(ProfileSchema.Top).Single(other => other.Path == path);
        string header = key.Key.Takes(ValueKinds.Tables) ? $"[[{path}]]\ntarget = \"/x\"\n" : $"[{path}]\n";
        Diagnostic warning = Assert.Single(Reading.Valid(Reading.Minimal + header).Unavailable);
        Assert.Equal($"{path} is not available in this version", warning.Message);
    }
}
