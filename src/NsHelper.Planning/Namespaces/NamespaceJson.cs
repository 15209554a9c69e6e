using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Namespaces;

/// <summary>A namespace report for programs: ids as numbers, null where unknown.</summary>
internal static class NamespaceJson
{
    /// <summary>One member for each kind that the kernel has, its number the value.</summary>
    public static void WriteIds(Utf8JsonWriter json, NamespaceIds ids)
    {
        json.WriteStartObject("namespaces");
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            if (ids[kind] is ulong id)
            {
                json.WriteNumber(NamespaceKinds.NameOf(kind), id);
            }
        }

        json.WriteEndObject();
    }

    private static readonly (NamespaceOwners Owner, string Name)[] Owners =
        [(NamespaceOwners.Process, "process"), (NamespaceOwners.Caller, "caller"), (NamespaceOwners.Host, "host")];

    public static string Of(NamespaceReport report) => JsonDocumentText.Write(json =>
    {
        Write(json, "pid", report.ProcessId is { } pid ? (ulong)pid : null);
        json.WriteString("profile", report.Session?.Profile.Text);
        json.WriteString("session", report.Session?.Id);
        json.WriteString("host_fault", report.HostFault);
        json.WriteStartArray("namespaces");
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            json.WriteStartObject();
            json.WriteString("kind", NamespaceKinds.NameOf(kind));
            Write(json, "process", report.Process[kind]);
            Write(json, "caller", report.Caller[kind]);
            Write(json, "host", report.Host?[kind]);
            json.WriteBoolean("differs", report.Differing(kind) != NamespaceOwners.None);
            json.WriteTexts("differing", NamesOf(report.Differing(kind)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static List<string> NamesOf(NamespaceOwners owners)
    {
        List<string> names = [];
        foreach ((NamespaceOwners owner, string name) in Owners)
        {
            if (owners.HasFlag(owner))
            {
                names.Add(name);
            }
        }

        return names;
    }

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
