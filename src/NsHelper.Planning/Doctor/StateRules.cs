using System.Collections.Immutable;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Doctor;

/// <summary>The directories in which nshelper keeps state: root's, and closed to all others.</summary>
internal static class StateRules
{
    private const uint OwnerOnly = 0x1c0; // 0700
    private const string Repair = "systemd-tmpfiles --create nshelper.conf";

    /// <summary>Those that packaging makes, each behind the one it lies in. What else is there is made when it is needed.</summary>
    public static ImmutableArray<string> Places =>
    [
        StateDirectories.Run, $"{StateDirectories.Run}/root", $"{StateDirectories.Run}/{StateDirectories.Share}",
        StateDirectories.Persistent, $"{StateDirectories.Persistent}/overlay", $"{StateDirectories.Persistent}/{StateDirectories.Private}",
        $"{StateDirectories.Persistent}/{StateDirectories.Share}",
    ];

    public static ImmutableArray<HostFinding> Judge(ImmutableArray<HostPath> directories)
    {
        var findings = new HostFindings(HostArea.State);
        var unseen = new List<string>();
        var bad = new List<string>();
        foreach (HostPath directory in directories)
        {
            // What lies in one that is not right is repaired with it.
            if (bad.Exists(above => directory.Path.StartsWith(above + "/", StringComparison.Ordinal)))
            {
                continue;
            }

            if (directory.Presence == Presence.Unseen)
            {
                unseen.Add(directory.Path);
            }
            else if (DefectOf(directory) is string defect)
            {
                bad.Add(directory.Path);
                findings.Wrong(
                    "state-directory",
                    $"{directory.Path} {defect}",
                    directory.IsThere && !directory.IsDirectory ? $"remove it, then {Repair}" : Repair);
            }
        }

        findings.OkWhenNothing("state", $"{StateDirectories.Run} and {StateDirectories.Persistent} are root's alone");
        if (unseen.Count > 0)
        {
            string where = unseen.TrueForAll(IsInRun) ? StateDirectories.Run
                : unseen.Exists(IsInRun) ? $"{StateDirectories.Run} and {StateDirectories.Persistent}"
                : StateDirectories.Persistent;
            findings.Unseen("state", $"the directories in {where}");
        }

        return findings.All;
    }

    private static bool IsInRun(string path) => path.StartsWith(StateDirectories.Run + "/", StringComparison.Ordinal);

    private static string? DefectOf(HostPath directory) =>
        directory.Presence == Presence.Missing ? "does not exist"
        : !directory.IsDirectory ? "is not a directory"
        : directory.Owner != 0 ? "is not root's"
        : directory.Permissions != OwnerOnly ? $"has mode 0{Convert.ToString(directory.Permissions, 8)}, not 0700"
        : null;
}
