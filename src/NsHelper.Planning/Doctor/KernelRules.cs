using System.Collections.Immutable;
using System.Globalization;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Planning.Doctor;

/// <summary>Whether the kernel has what sessions are made of.</summary>
internal static class KernelRules
{
    private const int FloorMajor = 5;
    private const int FloorMinor = 12;

    public static ImmutableArray<HostFinding> Judge(KernelState kernel)
    {
        var findings = new HostFindings(HostArea.Kernel);
        string release = Escaped.Shown(kernel.Release);
        if (!kernel.MissingCalls.IsEmpty)
        {
            findings.Wrong(
                "calls",
                $"Linux {release} does not have {string.Join(", ", kernel.MissingCalls)}, or a filter hides them",
                "boot Linux 5.12 or newer; in a container, take the filter away");
        }

        if (!kernel.FilteredCalls.IsEmpty)
        {
            findings.Wrong(
                "filter",
                $"a filter of system calls (seccomp) refuses {string.Join(", ", kernel.FilteredCalls)}",
                "start it outside of the container or service that has the filter");
        }

        if (kernel.MissingCalls.IsEmpty && IsOlder(kernel.Release))
        {
            findings.Warn("release", $"Linux {release} is older than {FloorMajor}.{FloorMinor}, with which nshelper is tested", "boot Linux 5.12 or newer");
        }

        JudgeNamespaces(findings, kernel);
        JudgeFilesystems(findings, kernel.Filesystems);
        findings.OkWhenNothing("kernel", $"Linux {release} has all that sessions are made of");
        foreach (string module in kernel.SecurityModules)
        {
            findings.Note("security-module", $"{module} is in force: what it refuses stands in the kernel's log or the audit log");
        }

        return findings.All;
    }

    private static void JudgeNamespaces(HostFindings findings, KernelState kernel)
    {
        if (kernel.Namespaces is not { } namespaces)
        {
            findings.Unseen("namespaces", "the namespaces of this process");
            return;
        }

        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            string name = NamespaceKinds.NameOf(kind);
            bool isForbidden = kernel.ForbiddenNamespaces.Contains(kind);
            if (kind == NamespaceKind.User || (namespaces[kind] is not null && !isForbidden))
            {
                continue;
            }

            string text = isForbidden ? $"user.max_{name}_namespaces is 0: nobody gets a namespace of this kind" : $"the kernel has no {name} namespaces";
            string repair = isForbidden ? $"sysctl user.max_{name}_namespaces=1024" : "boot a kernel that is built with them";

            // Every session has the first of these, and those of most profiles all three.
            if (kind is NamespaceKind.Mount or NamespaceKind.Pid or NamespaceKind.Ipc)
            {
                findings.Wrong("namespaces", text, repair);
            }
            else
            {
                findings.Warn("namespaces", $"{text}: profiles with one do not start", repair);
            }
        }
    }

    private static void JudgeFilesystems(HostFindings findings, HostFile filesystems)
    {
        if (filesystems.Presence != Presence.There)
        {
            findings.Unseen("file-systems", "which file systems the kernel has");
            return;
        }

        if (!Has(filesystems, "tmpfs"))
        {
            findings.Wrong("file-systems", "the kernel has no tmpfs", "boot a kernel that is built with it");
        }

        if (!Has(filesystems, "overlay"))
        {
            findings.Warn("file-systems", "overlayfs is not there: profiles with overlays start only if the kernel can load it", "modprobe overlay");
        }
    }

    private static bool Has(HostFile filesystems, string type)
    {
        foreach (string line in filesystems.Lines())
        {
            // "nodev\ttmpfs"
            if (line == type || line.EndsWith("\t" + type, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>By the two numbers it begins with; what does not begin with two is not judged.</summary>
    private static bool IsOlder(string release)
    {
        string[] parts = release.Split('.', '-', '+');
        return parts.Length > 1
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            && (major < FloorMajor || (major == FloorMajor && minor < FloorMinor));
    }
}
