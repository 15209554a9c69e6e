using System.Text.Json;

namespace NsHelper.SystemTests.Harness;

/// <summary>What `doctor --json` answered.</summary>
internal sealed record DoctorAnswer(int? ExitStatus, bool IsHealthy, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>What is wrong.</summary>
    public string[] Wrong => [.. Findings.Where(finding => finding.Level == "wrong").Select(finding => finding.Id)];

    public string[] Warnings => [.. Findings.Where(finding => finding.Level == "warning").Select(finding => finding.Id)];

    public static DoctorAnswer Of(TestUser user) => Of(SessionCommand.Helper("doctor", "--json").As(user));

    public static DoctorAnswer Of(SessionCommand command)
    {
        SessionResult result = command.Execute();
        if (result.Error.Length > 0 || result.ExitStatus is not (0 or 1))
        {
            throw new InvalidOperationException(result.ToString());
        }

        using JsonDocument document = JsonDocument.Parse(result.OutputText);
        JsonElement root = document.RootElement;
        return root.GetProperty("version").GetInt32() == 1
            ? new DoctorAnswer(result.ExitStatus, root.GetProperty("healthy").GetBoolean(), [.. root.GetProperty("findings").EnumerateArray().Select(Finding)])
            : throw new InvalidOperationException(result.OutputText);
    }

    public DoctorFinding Find(string id) => Findings.Single(finding => finding.Id == id);

    private static DoctorFinding Finding(JsonElement finding)
    {
        return new DoctorFinding(Text("area"), Text("level"), Text("id"), Text("text"), finding.GetProperty("repair").GetString());

        string Text(string name) => finding.GetProperty(name).GetString() ?? throw new InvalidOperationException(name);
    }
}

/// <summary>One finding of doctor.</summary>
internal sealed record DoctorFinding(string Area, string Level, string Id, string Text, string? Repair);
