using NsHelper.SystemTests.Harness;

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

    /// <summary>SHELL: the profile's where it has one, else the caller's.</summary>
    public string Shell { get; init; } = "/bin/sh";

    /// <summary>PATH.</summary>
    public string SearchPath { get; init; } = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where the caller's cannot be found again.</summary>
    public string Fallback { get; init; } = "/";

    /// <summary>Variables that the profile sets, NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The whole mount table, made of the host's.</summary>
    public required Func<MountExpectation, IEnumerable<string>> Mounts { get; init; }

    /// <summary>Fields of the probe that are the profile's instead of the caller's, such as "umask"; values as <see cref="ProbeField.Found"/> gives them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Fields that are the caller's but for a part.</summary>
    public IReadOnlyDictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>> Changed { get; init; } =
        new Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>>();

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
                .. PrivateDevices(host),
            ],
        },
        new("agent")
        {
            Fallback = TestUser.Alice.Home,
            Mounts = host =>
            [
                .. host.Tree("ro"), OwnProc("rw"), .. host.Bind("/sys", "rw"), .. PrivateDevices(host), .. NoHomes, Home("1048576k", 200000), .. host.Bind(ShippedSession.Work, "rw"), .. LargeTmp,
            ],
        },
        new("throwaway-home")
        {
            WorkingDirectory = TestUser.Alice.Home,
            Mounts = host => [.. host.Tree("rw"), .. PrivateTmp, OwnProc("rw"), Home("1048576k", 200000)],
        },
        new("kiosk-guest")
        {
            WorkingDirectory = TestUser.Alice.Home,
            Fields = new Dictionary<string, IReadOnlyList<string>> { ["umask"] = ["63"] },
            Changed = new Dictionary<string, Func<IReadOnlyList<string>, IReadOnlyList<string>>>
            {
                ["limits"] = limits => [.. limits.Select(limit => limit.StartsWith("core ", StringComparison.Ordinal) ? "core 0:0" : limit)],
            },
            Mounts = host =>
            [
                .. host.Tree("ro"), .. PrivateTmp, OwnProc("rw"), .. host.Bind("/sys", "rw"), .. host.Bind("/dev", "/dev", "rw", "nosuid"), .. NoHomes, Home("1048576k", 200000),
                Own("/dev/shm", "rw,size=262144k,nr_inodes=16384"), .. new[] { "/proc/kmsg", "/dev/kmsg" }.Where(File.Exists).Select(Hidden),
            ],
        },
        new("login-jail")
        {
            Private = ["pid", "ipc", "uts"],
            WorkingDirectory = TestUser.Alice.Home,
            Shell = "/bin/bash",
            Mounts = host =>
            [
                .. OwnRoot(host), .. PrivateTmp,
                .. new[]
                {
                    "hosts", "host.conf", "resolv.conf", "services", "protocols", "profile", "profile.d", "bash.bashrc", "bashrc", "inputrc", "terminfo", "alternatives", "ssl", "ca-certificates", "pki", "gitconfig",
                }.Select(name => $"/etc/{name}").Where(Path.Exists).SelectMany(target => host.Bind(target, "ro")),
            ],
        },
        new("sftp-only")
        {
            Private = ["pid", "ipc", "uts", "net"],
            WorkingDirectory = TestUser.Alice.Home,
            Mounts = OwnRoot,
        },
        new("deploy")
        {
            Private = ["pid", "ipc", "uts", "net"],
            WorkingDirectory = ShippedSession.Site,
            Mounts = host =>
            [
                MountExpectation.New("/", "tmpfs", "rw,nosuid,nodev", "rw,size=1024k,nr_inodes=16384,mode=755"), OwnProc("rw"), .. PrivateDevices(host), .. PrivateTmp, .. host.Bind(ShippedSession.Site, "rw"),
                .. new[] { "/usr", "/bin", "/lib", "/lib64", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache" }.Where(Path.Exists).SelectMany(target => host.Bind(target, "ro")),
            ],
        },
        new("vendor-toolchain")
        {
            SearchPath = $"{ShippedSession.Toolchain}/bin:/usr/local/bin:/usr/bin:/bin",
            Mounts = host => [.. host.Tree("rw"), .. PrivateTmp, OwnProc("rw"), .. host.Bind($"{ShippedSession.Versions}/1", ShippedSession.Toolchain, "ro", "nosuid", "nodev")],
        },
        new("chroot-build")
        {
            Private = ["pid", "ipc", "uts", "net"],
            HostName = "chroot-build",
            WorkingDirectory = "/build",
            Mounts = host =>
            [
                MountExpectation.New("/", "overlay", "rw,nosuid,nodev", $"rw,lowerdir=0,upperdir=upper,workdir=work,redirect_dir=nofollow{host.OverlayIdentity}"), OwnProc("rw"), .. PrivateDevices(host), .. LargeTmp,
                Home("262144k", 16384), .. host.Bind(ShippedSession.Work, "/build", "rw", "nosuid", "nodev"), .. host.Bind("/etc/passwd", "ro"), .. host.Bind("/etc/group", "ro"),
            ],
        },
    ];

    /// <summary>An empty tree with the system's programs, the names of users and the home.</summary>
    private static IEnumerable<string> OwnRoot(MountExpectation host) =>
    [
        MountExpectation.New("/", "tmpfs", "rw,nosuid,nodev", "rw,size=1024k,nr_inodes=16384,mode=755"), OwnProc("rw"), .. PrivateDevices(host), .. host.Bind(TestUser.Alice.Home, "rw"),
        MountExpectation.New("/run/user/12001", "tmpfs", "rw,nosuid,nodev", $"{Tmpfs},mode=700,uid=12001,gid=12001"),
        .. new[] { "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/localtime" }.Where(Path.Exists).SelectMany(target => host.Bind(target, "ro")),
    ];

    private static IEnumerable<string> PrivateTmp =>
        [MountExpectation.New("/tmp", "tmpfs", "rw,nosuid,nodev", Tmpfs), MountExpectation.New("/var/tmp", "tmpfs", "rw,nosuid,nodev", Tmpfs)];

    private static IEnumerable<string> LargeTmp => [Own("/tmp", "rw,size=1048576k,nr_inodes=200000"), Own("/var/tmp", "rw,size=262144k,nr_inodes=16384")];

    private static IEnumerable<string> NoHomes => new[] { "/home", "/root" }.Select(target => MountExpectation.New(target, "tmpfs", "rw,nosuid,nodev", "rw,size=64k,nr_inodes=1024,mode=755"));

    public static ShippedPromise Of(string name) => All.FirstOrDefault(promise => promise.Name == name)
        ?? throw new InvalidOperationException($"ShippedPromise has no row for the profile {name}: say there what it promises");

    private static string OwnProc(string mode) => MountExpectation.New("/proc", "proc", $"{mode},nosuid,nodev,noexec", "rw");

    private static IEnumerable<string> PrivateDevices(MountExpectation host) =>
    [
        MountExpectation.New("/dev", "tmpfs", "rw,nosuid,nodev,noexec", "rw,size=64k,nr_inodes=1024,mode=755"),
        MountExpectation.New("/dev/pts", "devpts", "rw,nosuid,noexec", "rw,gid=5,mode=620,ptmxmode=666"),
        MountExpectation.New("/dev/shm", "tmpfs", "rw,nosuid,nodev", Tmpfs),
        MountExpectation.New("/dev/mqueue", "mqueue", "rw,nosuid,nodev,noexec", "rw"),
        .. new[] { "null", "zero", "full", "random", "urandom", "tty" }.SelectMany(device => host.Device($"/dev/{device}")),
    ];

    private static string Hidden(string target) =>
        MountExpectation.New(target, "tmpfs", "ro,nosuid,nodev,noexec", "rw,size=4k,nr_inodes=2,mode=700,uid=12001,gid=12001").Replace($"{target} / ", $"{target} /mask ", StringComparison.Ordinal);

    private static string Home(string size, int inodes) =>
        MountExpectation.New(TestUser.Alice.Home, "tmpfs", "rw,nosuid,nodev", $"rw,size={size},nr_inodes={inodes},mode=700,uid=12001,gid=12001");

    /// <summary>A tmpfs of the user's that others may write to.</summary>
    private static string Own(string target, string bounds) => MountExpectation.New(target, "tmpfs", "rw,nosuid,nodev", $"{bounds},uid=12001,gid=12001");
}
