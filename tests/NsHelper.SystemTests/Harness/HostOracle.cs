using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NsHelper.SystemTests.Harness;

/// <summary>What a test must leave as it was: taken before, compared after. Every difference is a sentence.</summary>
internal sealed class HostOracle
{
    private static readonly string[] SetuidRoots = ["/mnt", "/run", "/dev", "/etc", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/var/tmp", "/home"];
    private readonly string mounts = File.ReadAllText("/proc/1/mountinfo");
    private readonly SortedDictionary<string, string> configuration = TreeHashes("/etc");
    private readonly SortedSet<string> setuidFiles = FindSetuid();
    private readonly SortedSet<string> sessions = RunListing();
    private readonly string binary = Hash(TestHost.Helper);
    private readonly string name = File.ReadAllText("/proc/sys/kernel/hostname");

    /// <summary>The output of a user's command never holds what only root may read.</summary>
    public static void MustNotContainCanary(byte[] bytes)
    {
        if (bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TestHost.Canary)) >= 0)
        {
            throw new InvalidOperationException("the content of a file that only root may read appeared in a user's output");
        }
    }

    /// <summary>Differences; shares that stay in /run/nshelper/share by design are named in <paramref name="expectedShares"/>.</summary>
    public IReadOnlyList<string> Differences(IReadOnlyCollection<string> expectedShares)
    {
        var found = new List<string>();
        if (!Wait.Happens(() => ProcessEntry.OfTestUsers().Count == 0, 2000))
        {
            found.AddRange(ProcessEntry.OfTestUsers().Select(process => $"process {process.Pid} is left: {process.CommandLine}"));
        }

        AddMountDifferences(found, expectedShares);
        AddFileDifferences(found);
        Compare("setuid or setgid file", setuidFiles, FindSetuid(), found);
        Compare("below /run/nshelper", sessions, RunListing(), found, name => expectedShares.Any(share => name.Contains($"/share/{share}", StringComparison.Ordinal)));
        if (Hash(TestHost.Helper) != binary)
        {
            found.Add("the helper itself was changed");
        }

        if (File.ReadAllText(TestHost.CanaryFile) != TestHost.Canary)
        {
            found.Add("the file that only root may write was written");
        }

        if (File.ReadAllText("/proc/sys/kernel/hostname") != name)
        {
            found.Add("the host has another name");
        }

        found.AddRange(ForeignFiles());
        return found;
    }

    private static IEnumerable<string> ForeignFiles()
    {
        foreach (TestUser user in TestUser.Ordinary)
        {
            string owners = Output("find", user.Home, "-xdev", "!", "-uid", user.UserId.ToString(CultureInfo.InvariantCulture), "-print");
            foreach (string path in owners.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return $"{path} in the home of {user.Name} belongs to somebody else";
            }

            string cores = Output("find", user.Home, "-xdev", "-name", "core*", "-print");
            foreach (string path in cores.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return $"a core file: {path}";
            }
        }
    }

    private static void Compare(string what, SortedSet<string> before, SortedSet<string> after, List<string> found, Func<string, bool>? ignored = null)
    {
        found.AddRange(after.Except(before).Where(name => ignored is null || !ignored(name)).Select(name => $"new {what}: {name}"));
        found.AddRange(before.Except(after).Where(name => ignored is null || !ignored(name)).Select(name => $"missing {what}: {name}"));
    }

    private void AddMountDifferences(List<string> found, IReadOnlyCollection<string> expectedShares)
    {
        string[] before = mounts.Split('\n');
        string[] after = File.ReadAllText("/proc/1/mountinfo").Split('\n');
        bool Expected(string line) => line.Contains(" /run/nshelper/share", StringComparison.Ordinal) && (expectedShares.Count > 0);
        found.AddRange(after.Except(before).Where(line => !Expected(line)).Select(line => $"new mount on the host: {line}"));
        found.AddRange(before.Except(after).Where(line => !Expected(line)).Select(line => $"mount gone from the host: {line}"));
    }

    private void AddFileDifferences(List<string> found)
    {
        SortedDictionary<string, string> now = TreeHashes("/etc");
        found.AddRange(now.Where(file => !configuration.TryGetValue(file.Key, out string? hash) || hash != file.Value).Select(file => $"changed: {file.Key}"));
        found.AddRange(configuration.Keys.Where(path => !now.ContainsKey(path)).Select(path => $"removed: {path}"));
    }

    private static SortedDictionary<string, string> TreeHashes(string top)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string listing = Output("find", top, "-xdev", "-printf", "%p\\t%y %m %U %G %l %s %T@\\n");
        foreach (string line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split('\t', 2);
            hashes[parts[0]] = parts[1].StartsWith('d') ? string.Join(' ', parts[1].Split(' ')[..4]) : parts[1];
        }

        foreach (string path in new[] { "passwd", "group", "shadow", "nsswitch.conf", "ld.so.cache" }.Select(name => $"{top}/{name}").Where(File.Exists))
        {
            hashes[path] += Hash(path);
        }

        return hashes;
    }

    private static SortedSet<string> FindSetuid() =>
        [.. Output("find", [.. SetuidRoots.Where(Directory.Exists), "-xdev", "-type", "f", "-perm", "/6000", "-print"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static SortedSet<string> RunListing() =>
        // What was written down of sessions stays until there is no room for it, or `gc` takes it.
        [.. Output("find", "/run/nshelper", "-path", "/run/nshelper/sessions/*", "-prune", "-o", "-printf", "%p %y %m %U %G\\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Output(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = error.Result;
        return output;
    }
}
