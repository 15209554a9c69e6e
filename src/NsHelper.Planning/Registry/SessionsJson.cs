using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Registry;

/// <summary>What `sessions --json` prints.</summary>
internal static class SessionsJson
{
    public static string Of(IReadOnlyList<ActiveSession> sessions) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("sessions");
        foreach (ActiveSession session in sessions)
        {
            json.WriteStartObject();
            json.WriteString("session", session.Name.Id);
            json.WriteString("profile", session.Name.Profile.Text);
            json.WriteString("name", session.Name.Label);
            json.WriteNumber("uid", session.Record.User.Value);
            json.WriteNumber("started", session.Record.Started);
            json.WriteString("state", session.Place is null ? "starting" : "running");
            if (session.Place is { } place)
            {
                json.WriteNumber("pid", place.First.Pid);
                NamespaceJson.WriteIds(json, place.Namespaces);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
