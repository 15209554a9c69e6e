using System.Collections.Immutable;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Profiles;

namespace NsHelper.Commands;

/// <summary>What `check` found, in the form that was asked for; and where it found nothing, what it looked at.</summary>
internal static class CheckReport
{
    public static bool Tell(Findings findings, ImmutableArray<string> valid, ImmutableArray<string> masked, OutputChoice output, CleanProcess process)
    {
        if (output.Verbosity == Verbosity.Quiet)
        {
            return true;
        }

        if (output.Form == OutputForm.Json)
        {
            return StandardStreams.WriteOutput(DiagnosticText.Json(findings.InOrder()));
        }

        if (findings.IsEmpty)
        {
            return StandardStreams.WriteOutput(Praise(valid, masked));
        }

        Report.Diagnostics(findings.InOrder(), output, process.State);
        StandardStreams.WriteError($"{findings.Summary}\n");
        return true;
    }

    private static string Praise(ImmutableArray<string> valid, ImmutableArray<string> masked)
    {
        var text = new StringBuilder();
        foreach (string file in valid)
        {
            text.Append(Escaped.Text(file)).Append(": valid\n");
        }

        foreach (string file in masked)
        {
            text.Append(Escaped.Text(file)).Append(": masked\n");
        }

        return text.ToString();
    }
}
