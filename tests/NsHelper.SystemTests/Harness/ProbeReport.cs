using System.Text;
using System.Text.Json;

namespace NsHelper.SystemTests.Harness;

/// <summary>What probe.c printed: the state of a process as the kernel has it, or the results of attempts by name.</summary>
internal sealed class ProbeReport
{
    private readonly JsonElement root;

    private ProbeReport(JsonElement root) => this.root = root;

    public IReadOnlyList<uint> UserIds => Numbers("uid");
    public IReadOnlyList<uint> GroupIds => Numbers("gid");
    public IReadOnlyList<uint> Groups => Numbers("groups");
    public IReadOnlyList<ProbeDescriptor> Descriptors =>
    [
        .. root.GetProperty("descriptors").EnumerateArray().Select(entry => new ProbeDescriptor(
            entry.GetProperty("number").GetInt32(), entry.GetProperty("target").GetString()!, entry.GetProperty("type").GetString()!, entry.GetProperty("flags").GetInt32(),
            entry.GetProperty("closeOnExec").GetInt32(), entry.GetProperty("position").GetInt64())),
    ];

    public IReadOnlyList<string> Limits => [.. root.GetProperty("limits").EnumerateArray().Select(pair => $"{pair[0].GetString()}:{pair[1].GetString()}")];

    /// <summary>Interval and remaining value of each timer, microseconds.</summary>
    public IReadOnlyList<(long Interval, long Value)> Timers => [.. root.GetProperty("timers").EnumerateArray().Select(pair => (pair[0].GetInt64(), pair[1].GetInt64()))];
    public IReadOnlyList<byte[]> Arguments => Bytes("argv");
    public IReadOnlyList<byte[]> Environment => Bytes("environ");
    public IReadOnlyList<string> EnvironmentText => [.. Environment.Select(Encoding.UTF8.GetString)];
    public IReadOnlyList<MountEntry> Mounts => MountEntry.Parse(Lines("mountinfo"));
    public IReadOnlyList<string> AttemptNames => [.. root.EnumerateObject().Select(property => property.Name)];

    public static ProbeReport Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return new ProbeReport(JsonDocument.ParseValue(ref reader).RootElement.Clone());
    }

    public static ProbeReport ParseFile(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>A member that is a string: "CapEff", "NoNewPrivs", "mnt", "cwd" ..., or the outcome of an attempt.</summary>
    public string Text(string name) => root.GetProperty(name).GetString()!;

    public long Number(string name) => root.GetProperty(name).GetInt64();

    public IReadOnlyList<string> Lines(string name) => [.. root.GetProperty(name).EnumerateArray().Select(line => line.GetString()!)];

    public IReadOnlyList<uint> Numbers(string name) => [.. root.GetProperty(name).EnumerateArray().Select(number => number.GetUInt32())];

    /// <summary>Any member as it can be shown and compared: a list's elements, or the one value; strings as they are, all else as JSON.</summary>
    public IReadOnlyList<string> Values(string name) =>
        root.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(Value)] : [Value(root.GetProperty(name))];

    private static string Value(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();

    private List<byte[]> Bytes(string name) => [.. root.GetProperty(name).EnumerateArray().Select(entry => Convert.FromHexString(entry.GetString()!))];
}
