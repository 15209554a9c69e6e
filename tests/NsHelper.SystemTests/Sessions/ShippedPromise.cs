namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// What a shipped profile promises, in the words of its own comments and of nshelper-profile(5) for what it leaves to defaults: one row a
/// profile. A profile without a row fails every test that asks for it.
/// </summary>
internal sealed record ShippedPromise(string Name)
{
    private const string Tmpfs = "rw,size=65536k,nr_inodes=16384";

    /// <summary>The kinds of namespaces that are the session's own; a mount namespace always is.</summary>
    public IReadOnlyList<string> Private { get; init; } = ["pid", "ipc"];

    /// <summary>The host's name when null.</summary>
    public string? HostName { get; init; }

    /// <summary>The caller's directory when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables that the profile sets, NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The whole mount table, made of the host's.</summary>
    public required Func<MountExpectation, IEnumerable<string>> Mounts { get; init; }

    /// <summary>Fields of the probe that are the profile's instead of the caller's, such as "umask"; values as <see cref="ProbeField.Found"/> gives them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public bool HasOwnProcesses => Private.Contains("pid");

    private static readonly ShippedPromise[] All =
    [
        new("private-tmp") { Private = [], Mounts = host => [.. host.Tree("rw"), .. PrivateTmp] },
        new("no-network") { Private = ["pid", "ipc", "net"], Mounts = host => [.. host.Tree("rw"), .. PrivateTmp, OwnProc("rw")] },
        new("readonly-system")
        {
            Mounts = host => [.. host.Tree("ro"), .. PrivateTmp, OwnProc("ro"), .. host.Bind("/mnt/home/alice", "rw")],
        },
        new("shared-workspace")
        {
            Mounts = host =>
            [
                .. host.Tree("rw"), .. PrivateTmp, OwnProc("rw"),
                MountExpectation.New("/mnt", "tmpfs", "rw,nosuid,nodev", $"{Tmpfs},mode=700,uid=12001,gid=12001", "shared"),
            ],
        },
        new("build")
        {
            Private = ["pid", "ipc", "uts", "net", "cgroup"],
            HostName = "build",
            WorkingDirectory = "/tmp",
            Mounts = host =>
            [
                MountExpectation.New("/", "tmpfs", "rw,nosuid,nodev", $"{Tmpfs},mode=755"), .. PrivateTmp, OwnProc("rw"),
                .. new[] { "/usr", "/etc", "/opt", "/bin", "/sbin", "/lib", "/lib64" }.Where(Directory.Exists).SelectMany(target => host.Bind(target, "ro")),
                MountExpectation.New("/dev", "tmpfs", "rw,nosuid,nodev,noexec", "rw,size=64k,nr_inodes=1024,mode=755"),
                MountExpectation.New("/dev/pts", "devpts", "rw,nosuid,noexec", "rw,gid=5,mode=620,ptmxmode=666"),
                MountExpectation.New("/dev/shm", "tmpfs", "rw,nosuid,nodev", Tmpfs),
                MountExpectation.New("/dev/mqueue", "mqueue", "rw,nosuid,nodev,noexec", "rw"),
                .. new[] { "null", "zero", "full", "random", "urandom", "tty" }.SelectMany(device => host.Device($"/dev/{device}")),
            ],
        },
    ];

    private static IEnumerable<string> PrivateTmp =>
        [MountExpectation.New("/tmp", "tmpfs", "rw,nosuid,nodev", Tmpfs), MountExpectation.New("/var/tmp", "tmpfs", "rw,nosuid,nodev", Tmpfs)];

    public static ShippedPromise Of(string name) => All.FirstOrDefault(promise => promise.Name == name)
        ?? throw new InvalidOperationException($"ShippedPromise has no row for the profile {name}: say there what it promises");

    private static string OwnProc(string mode) => MountExpectation.New("/proc", "proc", $"{mode},nosuid,nodev,noexec", "rw");
}
