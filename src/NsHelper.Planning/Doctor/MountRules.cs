using System.Collections.Immutable;
using NsHelper.Planning.Mounts;

namespace NsHelper.Planning.Doctor;

/// <summary>How the host's mounts are set, as far as sessions depend on it.</summary>
internal static class MountRules
{
    private const string HidePid = "hidepid=";

    public static ImmutableArray<HostFinding> Judge(ImmutableArray<MountEntry> mounts)
    {
        var findings = new HostFindings(HostArea.Mounts);
        if (At("/"u8, mounts) is not { } root)
        {
            findings.Unseen("propagation", "the mount table of this process");
        }
        else if (root.Propagation.Shared is null)
        {
            findings.Warn("propagation", "/ is not shared: what the host mounts later shows in running sessions below shares only", "mount --make-rshared /");
        }
        else
        {
            findings.Ok("propagation", "/ is shared: later mounts of the host show in sessions");
        }

        if (At("/proc"u8, mounts) is { } proc && HiddenBy(proc) is string option)
        {
            findings.Note("hidepid", $"/proc is mounted with {Escaped.Text(option)}: ns, mounts and diff show nobody but root the processes of others, nor the host's");
        }

        return findings.All;
    }

    /// <summary>The last at this target, which is the one that shows.</summary>
    private static MountEntry? At(ReadOnlySpan<byte> target, ImmutableArray<MountEntry> mounts)
    {
        for (int i = mounts.Length - 1; i >= 0; i--)
        {
            if (mounts[i].Target.Span.SequenceEqual(target))
            {
                return mounts[i];
            }
        }

        return null;
    }

    private static string? HiddenBy(MountEntry proc)
    {
        foreach (string option in proc.FilesystemOptions.ToString().Split(','))
        {
            if (option.StartsWith(HidePid, StringComparison.Ordinal) && option[HidePid.Length..] is not ("0" or "off"))
            {
                return option;
            }
        }

        return null;
    }
}
