using System.Collections.Immutable;
using NsHelper.Linux.Doctor;
using NsHelper.Linux.Process;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Invocations;

namespace NsHelper.Commands;

/// <summary>
/// `doctor`: whether sessions can start on this host, and what leads around a login shell. Root was given up before this runs, and it needs none: what the caller may not see is
/// said so. It must answer where nothing else does, so that nothing which is missing or broken ends it.
/// </summary>
internal static class DoctorCommand
{
    public static int Run(Invocation.Doctor invocation, CleanProcess process)
    {
        ProfilesState profiles = DoctorProfiles.Read(out LoginMapSeen map);
        var diagnosis = Diagnosis.Of(new HostState
        {
            Program = ProgramReader.Program(),
            Process = ProgramReader.Process(process),
            Kernel = KernelReader.Read(),
            Directories = Directories(),
            Profiles = profiles,
            Logins = DoctorLogins.Read(map),
        });
        OutputChoice output = invocation.Output;
        string text = output.Form == OutputForm.Json
            ? DiagnosisJson.Of(diagnosis, output.Verbosity)
            : DiagnosisText.Of(diagnosis, AnswerStyle.Of(output, process), output.Verbosity);
        int written = Report.Answer(text);
        return diagnosis.IsHealthy ? written : ExitStatus.No;
    }

    private static ImmutableArray<HostPath> Directories()
    {
        var directories = ImmutableArray.CreateBuilder<HostPath>();
        foreach (string place in StateRules.Places)
        {
            directories.Add(HostFileReader.Look(place));
        }

        return directories.ToImmutable();
    }
}
