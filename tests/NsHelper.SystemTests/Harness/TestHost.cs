using System.Security.Cryptography;

namespace NsHelper.SystemTests.Harness;

/// <summary>The place the tests run in, as tests/isolate made it.</summary>
internal static class TestHost
{
    public const string Helper = "/mnt/bin/nshelper";
    public const string ControlHelper = "/mnt/bin/nshelper-control";
    /// <summary>The link to it by whose name it is a login shell.</summary>
    public const string LoginShell = "/mnt/bin/nshelper-shell";
    public const string Probe = "/mnt/probe/probe";

    /// <summary>The same program where profiles that cover /mnt leave it visible.</summary>
    public const string ProbeOutsideMnt = "/usr/share/nshelper/probe";
    public const string Launch = "/mnt/probe/launch";
    public const string ProfileDirectory = "/etc/nshelper/profiles";
    public const string VendorProfileDirectory = "/usr/share/nshelper/profiles";

    /// <summary>A directory only root may enter, with one file whose content may appear nowhere.</summary>
    public const string CanaryDirectory = "/mnt/canary";
    public const string CanaryFile = CanaryDirectory + "/secret";

    private static readonly Lazy<string> LazyCanary = new(Prepare);

    /// <summary>Why the tests cannot run here, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Content of <see cref="CanaryFile"/>.</summary>
    public static string Canary => LazyCanary.Value;

    public static bool HasControl => File.Exists(ControlHelper);

    public static void Require()
    {
        if (Missing is string reason)
        {
            throw new InvalidOperationException(reason);
        }

        _ = LazyCanary.Value;
    }

    private static string? FindMissing()
    {
        string uids = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        string[] mounts = File.ReadAllLines("/proc/self/mountinfo");
        bool isolated = new[] { "/etc", "/run", "/mnt", "/dev" }.All(
            target => mounts.Any(line => line.Contains($" {target} ", StringComparison.Ordinal) && line.Contains(" nshelper-isolate ", StringComparison.Ordinal)));
        return uids.Split('\t')[2] == "0" && isolated && File.Exists(Helper)
            ? null
            : "the system tests change accounts and mounts: run them as root inside tests/isolate (NSHELPER_BINARY=... tests/isolate dotnet test tests/NsHelper.SystemTests)";
    }

    private static string Prepare()
    {
        foreach (string program in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "native")))
        {
            string installed = Path.Combine("/mnt/probe", Path.GetFileName(program));
            File.Copy(program, installed, overwrite: true);
            File.SetUnixFileMode(installed, Modes.Executable);
        }

        File.Copy(Probe, ProbeOutsideMnt, overwrite: true);
        File.SetUnixFileMode(ProbeOutsideMnt, Modes.Executable);
        string nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        Directory.CreateDirectory(CanaryDirectory, Modes.OwnerOnlyDirectory);
        File.WriteAllText(CanaryFile, nonce);
        File.SetUnixFileMode(CanaryFile, Modes.OwnerOnlyFile);
        return nonce;
    }
}
