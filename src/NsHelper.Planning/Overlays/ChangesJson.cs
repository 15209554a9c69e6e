using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Overlays;

/// <summary>What `changes --json` prints. Changes come one by one, however many there are: <see cref="Take"/> gives what is ready.</summary>
internal sealed class ChangesJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;

    public ChangesJson(string name)
    {
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("version", JsonDocumentText.Version);
        json.WriteString("name", name);
        json.WriteStartArray("changes");
    }

    public void Add(LayerChange change)
    {
        json.WriteStartObject();
        json.WriteString("change", WordOf(change.Kind));
        json.WriteBytes("path", change.Path);
        json.WriteString("type", WordOf(change.Type));
        json.WriteNumber("size", change.Size);
        json.WriteEndObject();
    }

    /// <param name="unreadable">What the user may not look at.</param>
    public void End(IReadOnlyList<ByteString> unreadable)
    {
        json.WriteEndArray();
        json.WriteStartArray("unreadable");
        foreach (ByteString path in unreadable)
        {
            json.WriteBytes(path);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
    }

    public string Take()
    {
        json.Flush();
        string text = Encoding.ASCII.GetString(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
        return text;
    }

    public void Dispose() => json.Dispose();

    public static string Of(IReadOnlyList<LayerSummary> layers) => JsonDocumentText.Write(json =>
    {
        json.WriteStartArray("layers");
        foreach (LayerSummary layer in layers)
        {
            json.WriteStartObject();
            json.WriteString("scope", LayerPlaces.NameOf(layer.Scope));
            json.WriteString("name", layer.Name);
            json.WriteString("profile", layer.Profile?.Text);
            json.WriteString("target", layer.Target?.Text);
            json.WriteNumber("changes", layer.Changes);
            json.WriteNumber("size", layer.Size);
            json.WriteNumber("age", layer.Age);
            json.WriteBoolean("running", layer.IsRunning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string WordOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "added",
        ChangeKind.Modified => "modified",
        ChangeKind.Deleted => "deleted",
        ChangeKind.Opaque => "opaque",
        _ => throw new UnreachableException(),
    };

    private static string WordOf(LayerEntryType type) => type switch
    {
        LayerEntryType.Directory => "directory",
        LayerEntryType.File => "file",
        LayerEntryType.Link => "link",
        LayerEntryType.Fifo => "fifo",
        LayerEntryType.Socket => "socket",
        LayerEntryType.Device => "device",
        LayerEntryType.Whiteout => "nothing",
        _ => throw new UnreachableException(),
    };
}
