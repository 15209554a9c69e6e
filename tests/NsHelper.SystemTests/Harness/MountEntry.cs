namespace NsHelper.SystemTests.Harness;

/// <summary>One line of mountinfo (proc_pid_mountinfo(5)).</summary>
internal sealed record MountEntry(int Id, int Parent, string Root, string Target, IReadOnlyList<string> Options, IReadOnlyList<string> Tags, string Type, string Source, string SuperOptions)
{
    public static IReadOnlyList<MountEntry> Read(int pid) => Parse(File.ReadAllLines($"/proc/{pid}/mountinfo"));

    /// <summary>Those of the first process of the test's own pid namespace: the "host" of the tests.</summary>
    public static IReadOnlyList<MountEntry> OfHost() => Read(1);

    public static IReadOnlyList<MountEntry> Parse(IEnumerable<string> lines) => [.. lines.Select(Parse)];

    /// <summary>The mount that a path leads to; of several at one place the one on top, which is no other's parent there. Numbers are used again and say nothing.</summary>
    public static MountEntry Holding(IReadOnlyList<MountEntry> mounts, string path)
    {
        MountEntry[] above = [.. mounts.Where(mount => mount.Target == "/" || path == mount.Target || path.StartsWith(mount.Target + "/", StringComparison.Ordinal))];
        MountEntry[] nearest = [.. above.Where(mount => mount.Target.Length == above.Max(other => other.Target.Length))];
        return nearest.Single(mount => !nearest.Any(other => other.Parent == mount.Id));
    }

    private static MountEntry Parse(string line)
    {
        string[] words = line.Split(' ');
        int dash = Array.IndexOf(words, "-");
        return new MountEntry(
            int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
            words[3], words[4].Replace("\\040", " ", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal), words[5].Split(','), words[6..dash], words[dash + 1], words[dash + 2], words[dash + 3]);
    }
}
