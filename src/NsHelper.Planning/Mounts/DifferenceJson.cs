using System.Collections.Immutable;
using System.Text.Json;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Mounts;

/// <summary>Differences for programs: every target by itself, with the mounts of both sides as <see cref="MountJson"/> has them.</summary>
internal static class DifferenceJson
{
    /// <summary>A process id is null for the caller's own table.</summary>
    public static string Of(ImmutableArray<MountDifference> differences, int? here, int? there) => JsonDocumentText.Write(json =>
    {
        MountJson.Write(json, "a", here);
        MountJson.Write(json, "b", there);
        json.WriteStartArray("differences");
        foreach (MountDifference difference in differences)
        {
            Write(json, difference);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, MountDifference difference)
    {
        json.WriteStartObject();
        json.WriteBytes("target", difference.Target);
        json.WriteString("change", difference.Change switch
        {
            MountChange.Added => "added",
            MountChange.Missing => "missing",
            _ => "changed",
        });
        json.WriteStartArray("options");
        foreach (OptionChange change in difference.Options)
        {
            json.WriteStartObject();
            json.WriteString("of", change.Of switch
            {
                OptionOwner.Mount => "mount",
                OptionOwner.FileSystem => "filesystem",
                _ => "propagation",
            });
            json.WriteString("a", change.Here);
            json.WriteString("b", change.There);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "hidden_by", difference.HiddenBy);
        Write(json, "shared_with", difference.SharedWith);
        Write(json, "a", difference.Here);
        Write(json, "b", difference.There);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ByteString? bytes)
    {
        json.WritePropertyName(name);
        if (bytes is { } known)
        {
            json.WriteBytes(known);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, MountEntry? mount)
    {
        json.WritePropertyName(name);
        if (mount is not null)
        {
            MountJson.Write(json, mount);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
