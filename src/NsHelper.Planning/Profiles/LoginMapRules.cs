using NsHelper.Planning.Access;
using NsHelper.Planning.Settings;

namespace NsHelper.Planning.Profiles;

/// <summary>Whether a login gets anywhere: the profile that login.toml names must be there, be right, and allow it.</summary>
internal static class LoginMapRules
{
    /// <param name="reading">Of the profile; null when there is none.</param>
    /// <returns>Null where the profile's own [allow] decides.</returns>
    public static Diagnostic? Fault(LoginEntry entry, ProfileReading? reading)
    {
        string name = entry.Profile.Text;
        (string Message, string? Hint)? fault = reading switch
        {
            null => ($"there is no profile {name}: this login is refused", null),
            ProfileReading.Invalid => ($"profile {name} has mistakes: this login is refused", $"nshelper check shows them"),
            ProfileReading.Valid { Profile: { Enabled: false } } => ($"profile {name} is disabled: this login is refused", null),
            ProfileReading.Valid { Profile: { IsAbstract: true } } => ($"profile {name} is abstract: this login is refused", null),
            ProfileReading.Valid { Profile: var profile } when !profile.Allow.Verbs.Contains(ShellRequest.LoginVerb) =>
                ($"profile {name} does not allow login: this login is refused", "in its [allow], write verbs = [\"login\"], or add it"),
            ProfileReading.Valid { Profile.Unavailable: [var first, ..] } => ($"profile {name} starts no session: {first.Message}", null),
            _ => null,
        };
        return fault is (string message, var hint) ? new Diagnostic
        {
            Location = entry.Location,
            Severity = LintRule.LoginProfile.Severity,
            Rule = LintRule.LoginProfile.Id,
            Message = message,
            SourceLine = "",
            Length = 1,
            Hint = hint,
        }
        : null;
    }
}
