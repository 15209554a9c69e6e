using System.Buffers;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Output;

/// <summary>What --json-status-fd writes: one JSON object a line, ASCII only; a reader ignores members it does not know.</summary>
internal static class StatusLines
{
    /// <summary>The session stands and the command is about to begin.</summary>
    /// <param name="process">The session's first process, as the host numbers it.</param>
    public static string Started(ProfileName profile, string sessionId, int process, NamespaceIds namespaces) => Write("started", json =>
    {
        json.WriteString("profile", profile.Text);
        json.WriteString("session", sessionId);
        json.WriteNumber("child-pid", process);
        NamespaceJson.WriteIds(json, namespaces);
    });

    /// <summary>There is no command, or none any more because of nshelper.</summary>
    /// <param name="stage">Which part of the start.</param>
    /// <param name="code">The exit status that says the same.</param>
    /// <param name="errno">0 for what is no error of the kernel's.</param>
    /// <param name="path">What it was about; null for nothing in particular.</param>
    public static string Error(string stage, int code, int errno, string? path, SourceLocation? location) => Write("error", json =>
    {
        json.WriteString("stage", stage);
        json.WriteNumber("code", code);
        if (errno > 0)
        {
            json.WriteNumber("errno", errno);
        }

        if (path is not null)
        {
            json.WriteString("path", path);
        }

        if (location is SourceLocation place)
        {
            json.WriteString("file", place.File);
            json.WriteNumber("line", place.Line);
        }
    });

    /// <param name="status">As nshelper ends with it.</param>
    public static string Exited(int status) => Write("exited", json => json.WriteNumber("exit-status", status));

    private static string Write(string @event, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", JsonDocumentText.Version);
            writer.WriteString("event", @event);
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan) + "\n";
    }
}
