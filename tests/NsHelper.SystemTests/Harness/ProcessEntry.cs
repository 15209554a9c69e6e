using System.Globalization;

namespace NsHelper.SystemTests.Harness;

/// <summary>A process of the test's pid namespace, as /proc shows it to root.</summary>
internal sealed record ProcessEntry(int Pid, IReadOnlyList<uint> UserIds, string CommandLine)
{
    public static IEnumerable<ProcessEntry> All()
    {
        foreach (string directory in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && Read(pid) is ProcessEntry entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Processes any of whose ids is that of an ordinary test user; zombies do not count.</summary>
    public static IReadOnlyList<ProcessEntry> OfTestUsers() =>
        [.. All().Where(process => process.UserIds.Any(id => TestUser.Ordinary.Any(user => user.UserId == id)))];

    /// <summary>The helper's processes, of all sessions: monitors, inits, and commands that are none yet.</summary>
    public static IReadOnlyList<int> OfHelper() => [.. All().Where(process => Executable(process.Pid) == TestHost.Helper).Select(process => process.Pid)];

    /// <summary>The first child of the first child and so on, up to the third: monitor, init, command; the process itself when it has none.</summary>
    public static int LastDescendant(int pid)
    {
        for (int generation = 0; generation < 2 && FirstChild(pid) is int child; generation++)
        {
            pid = child;
        }

        return pid;
    }

    public static int? FirstChild(int pid) => Children(pid) is { Length: > 0 } children ? int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture) : null;

    private static string Children(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/task/{pid}/children").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static string? Executable(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/exe").LinkTarget;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>The value of a line of /proc/PID/status, or null when the process is gone.</summary>
    public static string? Status(int pid, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static ProcessEntry? Read(int pid)
    {
        try
        {
            string[] lines = File.ReadAllLines($"/proc/{pid}/status");
            bool zombie = lines.Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal) || line.StartsWith("State:\tX", StringComparison.Ordinal));
            string ids = lines.First(line => line.StartsWith("Uid:", StringComparison.Ordinal))[4..];
            string command = File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
            return zombie ? null : new ProcessEntry(pid, [.. ids.Split('\t', StringSplitOptions.RemoveEmptyEntries).Select(id => uint.Parse(id, CultureInfo.InvariantCulture))], command);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
