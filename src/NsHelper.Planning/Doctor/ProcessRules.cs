using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Whether a start from where doctor was started would get root's rights.</summary>
internal static class ProcessRules
{
    public static ImmutableArray<HostFinding> Judge(ProcessState process, bool isProgramGood)
    {
        var findings = new HostFindings(HostArea.Process);
        if (process.HasNoNewPrivileges && !process.IsAskedByRoot)
        {
            findings.Wrong(
                "no-new-privs",
                "no_new_privs is set for this process, so set-user-ID bits have no effect (in a session, a container or a hardened service)",
                "start it from outside; a unit of systemd has NoNewPrivileges= or what implies it");
        }
        else if (process.HasNoNewPrivileges)
        {
            findings.Warn(
                "no-new-privs",
                "no_new_privs is set for this process: users who are started from here start no sessions",
                "start it from outside of the container or hardened service");
        }

        if (process.IsInHostUserNamespace is null)
        {
            findings.Unseen("user-namespace", "whose user namespace this is");
        }
        else if (process.IsInHostUserNamespace == false)
        {
            findings.Wrong("user-namespace", "this is not the host's user namespace: root is not the host's root here", "start it on the host, outside of the container");
        }

        if (process.Tracer != 0 && !process.HadRoot)
        {
            findings.Wrong(
                "traced",
                $"process {process.Tracer} traces this one, so the set-user-ID bit has no effect",
                "start it without a debugger or strace, or trace it as root");
        }

        if (!process.MissingCapabilities.IsEmpty)
        {
            findings.Wrong(
                "capabilities",
                $"the bounding set lacks {string.Join(", ", process.MissingCapabilities)}",
                "start it outside of the container, or in a unit without CapabilityBoundingSet=");
        }

        if (!process.HadRoot && isProgramGood && findings.All.IsEmpty)
        {
            findings.Wrong(
                "no-root",
                "the kernel gave no root rights, and nothing that doctor looks at says why",
                "see the kernel's log: a security module or another mount namespace may be behind it");
        }

        findings.OkWhenNothing("process", process.HadRoot ? "nothing takes its rights away" : "nothing else takes its rights away");
        return findings.All;
    }
}
