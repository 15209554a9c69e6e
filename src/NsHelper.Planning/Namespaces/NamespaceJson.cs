using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Namespaces;

/// <summary>A namespace report for programs: ids as numbers, null where unknown.</summary>
internal static class NamespaceJson
{
    public static string Of(NamespaceReport report) => JsonDocumentText.Write(json =>
    {
        Write(json, "pid", report.ProcessId is { } pid ? (ulong)pid : null);
        json.WriteString("host_fault", report.HostFault);
        json.WriteStartArray("namespaces");
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            json.WriteStartObject();
            json.WriteString("kind", NamespaceKinds.NameOf(kind));
            Write(json, "process", report.Process[kind]);
            Write(json, "caller", report.Caller[kind]);
            Write(json, "host", report.Host?[kind]);
            json.WriteBoolean("differs", report.Differs(kind));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
