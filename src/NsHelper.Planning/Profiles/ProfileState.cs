using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Profiles;

/// <summary>What root is told of a profile of the host: whether it can be used at all, and if not why and where.</summary>
/// <param name="State">One word, or two.</param>
/// <param name="Description">The profile's own, not escaped; empty where it could not be read.</param>
/// <param name="Fault">Why it cannot be used as it is, in printable ASCII; null for a good profile.</param>
/// <param name="Location">The line that makes the profile what it is; null where no line does.</param>
internal sealed record ProfileState(ProfileName Name, string State, string Description, string? Fault, SourceLocation? Location)
{
    public const string Usable = "usable";
    public const string Invalid = "invalid";
    private const int NameColumn = 22;
    private const int StateColumn = 14;

    /// <param name="reading">Null for a profile that is hidden by a link to /dev/null.</param>
    public static ProfileState Of(ProfileName name, ProfileReading? reading) => reading switch
    {
        ProfileReading.Invalid { Diagnostics: [var first, ..] } => new(name, Invalid, "", first.Message, first.Location),
        ProfileReading.Valid { Profile: var profile } => Of(profile),
        _ => new(name, "masked", "", null, null),
    };

    /// <summary>Of a profile whose files cannot be read or trusted.</summary>
    public static ProfileState Unreadable(ProfileName name, string path, string defect) =>
        new(name, Invalid, "", $"{Escaped.Text(path)} {defect}", null);

    public static string Text(ImmutableArray<ProfileState> states, OutputStyle style)
    {
        var table = new TextTable(style, NameColumn, StateColumn, int.MaxValue);
        table.Add(new TextCell("profile", Ink.Strong), new TextCell("state", Ink.Strong), new TextCell("description", Ink.Strong));
        foreach (ProfileState state in states)
        {
            table.Add(state.Name.Text, new TextCell(state.State, state.State == Usable ? Ink.Plain : Ink.Mark), state.Fault ?? Escaped.Text(state.Description));
            if (state.Location is SourceLocation location)
            {
                table.Remark($"  {Escaped.Text(location.ToString())}");
            }
        }

        return table.ToString();
    }

    public static string Names(ImmutableArray<ProfileState> states)
    {
        var text = new StringBuilder();
        foreach (ProfileState state in states)
        {
            text.Append(state.Name.Text).Append('\n');
        }

        return text.ToString();
    }

    public static string Json(ImmutableArray<ProfileState> states) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("profiles");
        foreach (ProfileState state in states)
        {
            json.WriteStartObject();
            json.WriteString("name", state.Name.Text);
            json.WriteString("state", state.State);
            json.WriteString("description", state.Description);
            if (state.Fault is string fault)
            {
                json.WriteString("fault", fault);
            }

            if (state.Location is SourceLocation location)
            {
                json.WriteLocation(location);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static ProfileState Of(Profile profile)
    {
        var good = new ProfileState(profile.Name, Usable, profile.Description, null, null);
        return !profile.Enabled ? good with { State = "disabled" }
            : profile.IsAbstract ? good with { State = "abstract" }
            : profile.Unavailable is [var first, ..] ? good with { State = "unavailable", Fault = first.Message, Location = first.Location }
            : profile.Allow is { Users: [], Groups: [] } ? good with { State = "allows nobody" }
            : good;
    }
}
