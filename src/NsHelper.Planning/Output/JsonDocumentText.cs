using System.Buffers;
using System.Text;
using System.Text.Json;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Output;

/// <summary>One JSON object as an answer: indented, ASCII only, its first field "version": 1, a line feed at its end.</summary>
internal static class JsonDocumentText
{
    public const int Version = 1;

    public static string Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.ASCII.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Text where the bytes are UTF-8, else an array of the bytes, as journalctl -o json has it: nothing is lost or repaired.</summary>
    public static void WriteBytes(this Utf8JsonWriter writer, ByteString bytes)
    {
        if (bytes.ToStrictText() is { } text)
        {
            writer.WriteStringValue(text);
            return;
        }

        writer.WriteStartArray();
        foreach (byte b in bytes.Span)
        {
            writer.WriteNumberValue(b);
        }

        writer.WriteEndArray();
    }

    public static void WriteBytes(this Utf8JsonWriter writer, string name, ByteString bytes)
    {
        writer.WritePropertyName(name);
        writer.WriteBytes(bytes);
    }

    /// <summary>The members file, line and column of the object that is open.</summary>
    public static void WriteLocation(this Utf8JsonWriter writer, SourceLocation location)
    {
        writer.WriteString("file", location.File);
        writer.WriteNumber("line", location.Line);
        writer.WriteNumber("column", location.Column);
    }

    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
