using static NsHelper.Planning.Schema.KeySchema;

namespace NsHelper.Planning.Schema;

/// <summary>Every key of login.toml.</summary>
internal static class LoginSchema
{
    public static TableSchema Top { get; } = new(
        Number("schema", 1, 1) with { Required = "write schema = 1 as the first line" },
        Word("fallback", "deny"),
        ArrayOf("map", Map));

    private static TableSchema Map() => new(
        Texts("users", TextForm.Principal),
        Texts("groups", TextForm.Principal),
        Text("profile", TextForm.ProfileName) with { Required = "the name of a profile" })
    {
        Identity = ["profile"],
    };
}
