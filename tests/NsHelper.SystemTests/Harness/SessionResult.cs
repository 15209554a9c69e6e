using System.Text;
using System.Text.Json;

namespace NsHelper.SystemTests.Harness;

/// <summary>How a command ended and what it wrote.</summary>
internal sealed record SessionResult(int? ExitStatus, int? Signal, byte[] Output, byte[] Error)
{
    public bool TimedOut { get; init; }
    public bool DumpedCore { get; init; }

    /// <summary>Peak resident set, KiB.</summary>
    public long PeakKilobytes { get; init; }
    public TimeSpan Elapsed { get; init; }
    public string OutputText => Encoding.UTF8.GetString(Output);
    public string ErrorText => Encoding.UTF8.GetString(Error);

    /// <summary>Refused or failed before the command, with one message of nshelper and nothing on standard output.</summary>
    public bool IsRefusal => ExitStatus == 125 && Output.Length == 0 && ErrorText.StartsWith("nshelper: ", StringComparison.Ordinal);

    /// <summary>Standard output as the report of probe.c; throws with both streams when the command did not run.</summary>
    public ProbeReport Probe => ExitStatus == 0 ? ProbeReport.Parse(Output) : throw new InvalidOperationException(ToString());

    public static SessionResult From(string reportFile, byte[] output, byte[] error)
    {
        if (!File.Exists(reportFile))
        {
            throw new InvalidOperationException($"the launcher failed: {Encoding.UTF8.GetString(error)}");
        }

        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(reportFile));
        JsonElement root = report.RootElement;
        return new SessionResult(Number(root, "exit"), Number(root, "signal"), output, error)
        {
            TimedOut = root.GetProperty("timeout").GetBoolean(),
            DumpedCore = root.GetProperty("core").GetBoolean(),
            PeakKilobytes = root.GetProperty("maxrss").GetInt64(),
            Elapsed = TimeSpan.FromMicroseconds(root.GetProperty("microseconds").GetInt64()),
        };
    }

    public override string ToString() =>
        $"exit {ExitStatus?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}, signal {Signal?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}, "
        + $"stdout \"{Cut(OutputText)}\", stderr \"{Cut(ErrorText)}\"";

    private static string Cut(string text) => text.Length > 1500 ? text[..1500] + "..." : text;

    private static int? Number(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
}
