using System.Text;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>The answer of `allowed`: what was decided, and as much of the reason as the one who asks may know.</summary>
internal sealed record Verdict
{
    public required bool IsPermitted { get; init; }

    /// <summary>Whose right was asked for.</summary>
    public required string User { get; init; }
    public required ProfileName Profile { get; init; }
    public required string Verb { get; init; }

    /// <summary>Printable ASCII, lower case, no full stop.</summary>
    public required string Reason { get; init; }

    /// <summary>The line that decided; null where it is not to be told, or where there is none.</summary>
    public required SourceLocation? Rule { get; init; }

    /// <summary>The [[command]] that lists the command that was asked about; null without one.</summary>
    public SourceLocation? CommandRule { get; init; }

    public static Verdict Permit(Profile profile, string user, string verb, PrincipalRule rule) => new()
    {
        IsPermitted = true,
        User = user,
        Profile = profile.Name,
        Verb = verb,
        Reason = $"\"{Escaped.Shown(rule.Text)}\" in allow.{(profile.Allow.Users.Contains(rule) ? "users" : "groups")}",
        Rule = rule.Location,
    };

    private string Word => IsPermitted ? "permit" : "deny";

    public string ToText(OutputStyle style)
    {
        var text = new StringBuilder();
        text.Append(style.Paint(Ink.Strong, Word)).Append(' ').Append(Escaped.Text(User)).Append(" to ").Append(Verb).Append(' ').Append(Profile.Text);
        text.Append("\n  ").Append(Reason);
        if (Rule is SourceLocation rule)
        {
            text.Append("\n  ").Append(style.Paint(Ink.Faint, Escaped.Text(rule.ToString())));
        }

        if (CommandRule is SourceLocation command)
        {
            text.Append("\n  the command is listed\n  ").Append(style.Paint(Ink.Faint, Escaped.Text(command.ToString())));
        }

        return text.Append('\n').ToString();
    }

    public string ToJson() => JsonDocumentText.Write(json =>
    {
        json.WriteString("decision", Word);
        json.WriteString("user", User);
        json.WriteString("profile", Profile.Text);
        json.WriteString("verb", Verb);
        json.WriteString("reason", Reason);
        if (Rule is SourceLocation rule)
        {
            json.WriteStartObject("rule");
            json.WriteLocation(rule);
            json.WriteEndObject();
        }

        if (CommandRule is SourceLocation command)
        {
            json.WriteStartObject("command");
            json.WriteLocation(command);
            json.WriteEndObject();
        }
    });
}
