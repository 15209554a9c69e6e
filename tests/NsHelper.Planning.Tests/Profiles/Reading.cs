using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Reads profiles that tests write as text.</summary>
internal static class Reading
{
    /// <summary>A valid profile to which tests add what they are about.</summary>
    public const string Minimal = "schema = 1\n[allow]\ncommands = \"any\"\n";

    public static ProfileReading Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static ProfileReading Of(byte[] bytes) =>
        ProfileReader.Read(ProfileName.Parse("test"), [new ProfileText("test.toml", [.. bytes])]);

    public static Profile Valid(string text) => Of(text) switch
    {
        ProfileReading.Valid valid => valid.Profile,
        ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
        _ => throw new InvalidOperationException(),
    };

    public static ImmutableArray<Diagnostic> Faults(string text) => Faults(Encoding.UTF8.GetBytes(text));

    public static ImmutableArray<Diagnostic> Faults(byte[] bytes) => Assert.IsType<ProfileReading.Invalid>(Of(bytes)).Diagnostics;

    /// <summary>What `check` says of a profile, warnings included.</summary>
    public static ImmutableArray<Diagnostic> Checked(string text)
    {
        var assembly = new ProfileAssembly(ProfileName.Parse("test"), SiteSettings.Default);
        assembly.Supply([new ProfileText("test.toml", [.. Encoding.UTF8.GetBytes(text)])]);
        return assembly.Check();
    }

    /// <summary>What a valid profile asks for in vain.</summary>
    public static ImmutableArray<Diagnostic> Unavailable(string text) => Valid(text).Unavailable;
}
