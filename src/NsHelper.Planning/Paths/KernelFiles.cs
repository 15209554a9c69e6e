using System.Collections.Immutable;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Paths;

/// <summary>
/// What the kernel shows below /proc of itself. A new /proc has what the host's has, so what is to be protected there is looked up in the host's:
/// where that is mounted with subset=pid it shows none of it, and what is not known must not be left as it is.
/// </summary>
internal static class KernelFiles
{
    public static readonly AbsolutePath Proc = AbsolutePath.Parse("/proc");

    /// <summary>There in every /proc that shows more than processes.</summary>
    public static readonly AbsolutePath Known = AbsolutePath.Parse("/proc/version");

    /// <summary>Only where it matters: each question is a system call of every start.</summary>
    public static void AddQuestion(Profile profile, ImmutableArray<AbsolutePath>.Builder targets)
    {
        if (StandsIn(profile))
        {
            targets.Add(Known);
            return;
        }

        foreach (AbsolutePath target in targets)
        {
            if (target.IsBelow(Proc))
            {
                targets.Add(Known);
                return;
            }
        }
    }

    /// <summary>
    /// The host's /proc names nobody in a process namespace of the session's own, so a new one takes its place; another root has a /proc only where
    /// the profile says so.
    /// </summary>
    public static bool StandsIn(Profile profile) => profile.Namespaces.PrivatePid && profile.Root.Mode == RootMode.Host;

    public static void RefuseUnknown(Profile profile, PathFacts facts, SessionMounts mounts)
    {
        if (facts.Missing.Contains(Known) && mounts.At(Proc) is SetupStep.KernelMount { ProcessesOnly: false } && AskedFor(profile) is SourceLocation line)
        {
            throw new PlanningRefusal("what it protects of the session's new /proc is not known: the host's is mounted with subset=pid (proc_subset = \"pid\" makes the session's one like it)", line);
        }
    }

    /// <summary>The first line that protects something below /proc.</summary>
    private static SourceLocation? AskedFor(Profile profile)
    {
        foreach (PresetSettings preset in profile.Protect.Presets)
        {
            foreach (PresetPlace place in PresetPlaces.All)
            {
                if (place.Preset == preset.Preset && IsBelow(place.Path))
                {
                    return preset.Location;
                }
            }
        }

        foreach (ListedPath listed in profile.Protect.Paths)
        {
            if (IsBelow(listed.Text))
            {
                return listed.Location;
            }
        }

        foreach (MountSettings mount in profile.Mounts)
        {
            if (mount is MountSettings.Mask && IsBelow(mount.Target))
            {
                return mount.Location;
            }
        }

        return null;
    }

    private static bool IsBelow(string path) => path.StartsWith("/proc/", StringComparison.Ordinal);
}
