using System.Diagnostics;

namespace NsHelper.Planning.Doctor;

/// <summary>The words for areas and levels, to people and to programs.</summary>
internal static class DiagnosisWords
{
    public static string Of(HostArea area) => area switch
    {
        HostArea.Program => "program",
        HostArea.Process => "process",
        HostArea.Kernel => "kernel",
        HostArea.Mounts => "mounts",
        HostArea.State => "state",
        HostArea.Profiles => "profiles",
        HostArea.Logins => "logins",
        _ => throw new UnreachableException(),
    };

    public static string Of(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Note => "note",
        FindingLevel.Unseen => "not seen",
        FindingLevel.Warning => "warning",
        FindingLevel.Wrong => "wrong",
        _ => throw new UnreachableException(),
    };
}
