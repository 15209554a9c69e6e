using System.Collections.Immutable;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Namespaces;

namespace NsHelper.Planning.Tests.Doctor;

/// <summary>A host on which nothing is wrong, and small changes to it.</summary>
internal static class Hosts
{
    public const uint Directory0755 = 0x41ed;
    public const uint Directory0700 = 0x41c0;
    public const uint File4755 = 0x89ed;

    public static HostState Good => new()
    {
        Program = new ProgramState
        {
            File = There("/usr/bin/nshelper", File4755),
            Above = [There("/usr/bin", Directory0755), There("/usr", Directory0755), There("/", Directory0755)],
            GroupName = "root",
            IsOnNoSuidMount = false,
            LoginShell = There("/usr/bin/nshelper-shell", File4755),
            LoginShellIsProgram = true,
        },
        Process = new ProcessState { IsAskedByRoot = false, HadRoot = true, HasNoNewPrivileges = false, IsInHostUserNamespace = true, Tracer = 0, MissingCapabilities = [] },
        Kernel = new KernelState
        {
            Release = "6.18.44-generic",
            MissingCalls = [],
            FilteredCalls = [],
            Namespaces = new NamespaceIds([.. NamespaceKinds.All.Select(kind => (ulong?)(4026531835 + (ulong)kind))]),
            ForbiddenNamespaces = [],
            Filesystems = File("/proc/filesystems", "nodev\ttmpfs\n\text4\nnodev\toverlay\n"),
            Mounts = [Mount("/", "rw", shared: 1), Mount("/proc", "rw", shared: 2)],
            SecurityModules = [],
        },
        Directories = [.. StateRules.Places.Select(place => There(place, Directory0700))],
        Profiles = new ProfilesState { Untrusted = [], SettingsHaveMistakes = false, LoginsHaveMistakes = false, Usable = 2, Broken = [], Unseen = [] },
        Logins = null,
    };

    /// <summary>Ada and bob log in by nshelper, and every way around it is closed.</summary>
    public static LoginsState Logins => new()
    {
        Accounts = [Account("ada", 1001), Account("bob", 1002)],
        AccountsAreSeen = true,
        Shells = File("/etc/shells", "# shells\n/bin/sh\n/bin/bash\n"),
        Groups = File("/etc/group", "root:x:0:\ndocker:x:998:carol\nlxd:x:997:\nada:x:1001:\n"),
        Sshd = [File("/etc/ssh/sshd_config", "Subsystem sftp /usr/lib/openssh/sftp-server\nDisableForwarding yes\nPermitUserRC no\n")],
        Pam = [File("/etc/pam.d/common-session", "session required pam_unix.so\n# session optional pam_systemd.so\n")],
        IsSystemd = true,
        Cron = new ScheduleState(true, Missing("/etc/cron.allow"), File("/etc/cron.deny", "ada\nbob\n")),
        At = new ScheduleState(true, Missing("/etc/at.allow"), File("/etc/at.deny", "ada\nbob\n")),
    };

    public static LoginAccount Account(string name, uint id) => new(name, id, id) { IsMapped = true, Linger = Presence.Missing, IsInstanceMasked = false };

    public static HostPath There(string path, uint mode) => new(path, Presence.There, 0, 0, mode);

    public static HostFile File(string path, string text) => new(path, Presence.There, ByteString.FromText(text));

    public static HostFile Missing(string path) => new(path, Presence.Missing, default);

    public static HostFile Unseen(string path) => new(path, Presence.Unseen, default);

    public static MountEntry Mount(string target, string options, int? shared) => new()
    {
        Id = 1,
        ParentId = 1,
        DeviceMajor = 0,
        DeviceMinor = 1,
        Root = ByteString.FromText("/"),
        Target = ByteString.FromText(target),
        Options = ByteString.FromText("rw"),
        Propagation = new MountPropagation(shared, null, null, false),
        FilesystemType = ByteString.FromText("proc"),
        Source = ByteString.FromText("proc"),
        FilesystemOptions = ByteString.FromText(options),
    };

    /// <summary>"LEVEL id" of every finding that is not good, but for the remark that goes with all about sshd.</summary>
    public static string[] Troubles(this HostState host) => Troubles(Diagnosis.Of(host).Findings);

    public static string[] Troubles(this LoginsState logins) => Troubles(LoginStateRules.Judge(logins));

    public static string[] Troubles(ImmutableArray<HostFinding> findings) =>
        [.. findings.Where(finding => finding.Level != FindingLevel.Ok && (finding.Level, finding.Id) != (FindingLevel.Note, "sshd")).Select(finding => $"{DiagnosisWords.Of(finding.Level)} {finding.Id}")];

    public static HostFinding Find(this HostState host, string id) => Assert.Single(Diagnosis.Of(host).Findings, finding => finding.Id == id);

    public static HostFinding Find(this LoginsState logins, string id) => Assert.Single(LoginStateRules.Judge(logins), finding => finding.Id == id);
}
