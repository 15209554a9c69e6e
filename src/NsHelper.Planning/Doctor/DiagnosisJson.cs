using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Doctor;

/// <summary>A diagnosis for programs.</summary>
internal static class DiagnosisJson
{
    public static string Of(Diagnosis diagnosis, Verbosity verbosity) => JsonDocumentText.Write(json =>
    {
        json.WriteBoolean("healthy", diagnosis.IsHealthy);
        json.WriteStartArray("findings");
        foreach (HostFinding finding in diagnosis.Findings)
        {
            if (verbosity == Verbosity.Quiet && finding.Level != FindingLevel.Wrong)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString("area", DiagnosisWords.Of(finding.Area));
            json.WriteString("level", DiagnosisWords.Of(finding.Level));
            json.WriteString("id", finding.Id);
            json.WriteString("text", finding.Text);
            json.WriteString("repair", finding.Repair);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
