using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Views;

/// <summary>Plans written by hand, so that the views are tested without the planner.</summary>
internal static class HandMadePlan
{
    public static SourceLocation At(int line) => new("/etc/nshelper/profiles/build.toml", line, 1);

    public static ByteString Bytes(string text) => ByteString.FromText(text);

    public static CallerState State => new()
    {
        Arguments = [Bytes("nshelper")],
        Environment = [],
        WorkingDirectory = Bytes("/home/alice"),
        Umask = 0x12,
        ChangedLimits = [new ResourceLimit(0, ulong.MaxValue, ulong.MaxValue), new ResourceLimit(1, 4096, 8192)],
        HardLimits = [.. Enumerable.Repeat(ulong.MaxValue, 16)],
        BlockedSignals = 0,
        IgnoredSignals = 1UL << 12,
        Timers = [default, new IntervalTimer(1, 2, 3, 4)],
    };

    /// <summary>Every kind of step, every kind of share, two users of one name, awkward arguments.</summary>
    public static SessionPlan Full => new()
    {
        Profile = ProfileName.Parse("build"),
        SessionId = "0123456789abcdef0123456789abcdef",
        Digest = 1,
        Sessions = new SessionSettings { Label = "work", MayBeJoined = false, Limits = new SessionLimits(SessionLimits.UsualOfProfile, SessionLimits.UsualOfUser, 500), Location = At(3) },
        Caller = Alice,
        Parameters = ParameterValues.None,
        Backings =
        [
            Backing("u1000.scratch", null, new UserId(1000), new GroupId(1000), 0x1c0, 20),
            Backing("all.reference", AbsolutePath.Parse("/srv/reference"), new UserId(0), new GroupId(0), 0x1ed, 27),
        ],
        Isolation = new Isolation
        {
            Unshare = NamespaceSet.Mount | NamespaceSet.Pid | NamespaceSet.Uts | NamespaceSet.Network,
            Root = new SessionRoot.Host(),
            RootPropagation = Propagation.Slave,
            RootReadOnly = false,
            NamespacesLocation = At(9),
            RootLocation = At(14),
        },
        Supervision = new Supervision
        {
            Terminal = SessionTerminal.Own,
            TerminalIsOfSession = true,
            TerminalDescriptors = 0b101,
            EndsWithParent = true,
            WaitsForAll = true,
            RuntimeMax = 3600,
            HasProcessNamespace = true,
            Location = At(12),
        },
        Steps = Steps,
        Credentials = new Credentials { UserId = new UserId(1000), GroupId = new GroupId(1000), SupplementaryGroups = [new GroupId(27), new GroupId(100)], LastCapability = 40 },
        Launch = new Launch
        {
            WorkingDirectories = [Bytes("/home/alice/work"), Bytes("/")],
            Environment = [.. "HOME LANG LOGNAME NSHELPER_PROFILE NSHELPER_SESSION PATH SHELL TERM TOKEN USER".Split(' ').Select(name => Bytes($"{name}=secret-value"))],
            Command = new RequestedCommand([new(Bytes("/usr/local/bin/make"), Bytes("make")), new(Bytes("/usr/bin/make"), Bytes("make"))], [Bytes("make"), Bytes("-j2"), Bytes("CC=gcc -O2"), Bytes(""), new ByteString([0x1b, 0xff])]),
            Restore = State,
        },
    };

    private static Caller Alice => new()
    {
        UserId = new UserId(1000),
        GroupId = new GroupId(1000),
        SupplementaryGroups = [new GroupId(27), new GroupId(100)],
        Name = "alice",
        GroupName = "alice",
        Home = AbsolutePath.Parse("/home/alice"),
        Shell = AbsolutePath.Parse("/bin/bash"),
    };

    private static ImmutableArray<SetupStep> Steps =>
    [
        new SetupStep.SetHostname("build") { Location = At(9) },
        new SetupStep.BringLoopbackUp { Location = At(9) },
        new SetupStep.TmpfsMount
        {
            Location = At(17),
            Target = AbsolutePath.Parse("/tmp"),
            Size = 64L << 20,
            Inodes = 16384,
            Mode = 0x3ff,
            Owner = new UserId(0),
            Group = new GroupId(0),
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,
            Propagation = Propagation.Private,
            Create = CreateTarget.No,
        },
        Bind("/usr/include", "/usr/include", recursive: false, optional: false, 36),
        Bind("/srv/teams/compilers/toolchains/2026/stable", "/opt/toolchain", recursive: true, optional: true, 41),
        new SetupStep.ShareMount
        {
            Location = At(20),
            Name = ProfileName.Parse("scratch"),
            Key = "u1000.scratch",
            Target = AbsolutePath.Parse("/home/alice/scratch"),
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,
            Propagation = Propagation.Shared,
            Create = CreateTarget.Directory,
        },
        new SetupStep.KernelMount
        {
            Location = At(46),
            Target = AbsolutePath.Parse("/proc"),
            FileSystem = KernelFileSystem.Proc,
            Visibility = ProcessVisibility.Invisible,
            ProcessesOnly = true,
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec,
            Propagation = Propagation.Private,
            Create = CreateTarget.No,
        },
        new SetupStep.KernelMount
        {
            Location = At(50),
            Target = AbsolutePath.Parse("/dev/mqueue"),
            FileSystem = KernelFileSystem.Mqueue,
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec,
            Propagation = Propagation.Private,
            Create = CreateTarget.Directory,
        },
        new SetupStep.DeviceMount
        {
            Location = At(51),
            Target = AbsolutePath.Parse("/dev/null"),
            Number = new DeviceNumber(1, 3),
            Attributes = MountAttributes.NoSuid | MountAttributes.NoExec,
            Propagation = Propagation.Private,
            Create = CreateTarget.File,
            CreatedOn = AbsolutePath.Parse("/dev"),
        },
        new SetupStep.MaskMount
        {
            Location = At(54),
            Target = AbsolutePath.Parse("/etc/machine-id"),
            IsFile = true,
            Attributes = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec,
            Propagation = Propagation.Private,
            Create = CreateTarget.No,
        },
        new SetupStep.OverlayMount
        {
            Location = At(58),
            Target = AbsolutePath.Parse("/opt/sdk"),
            Lowers = [new OverlayLower(AbsolutePath.Parse("/srv/sdk/patches"), 0xef53), new OverlayLower(AbsolutePath.Parse("/srv/sdk/base"), 0xef53)],
            Upper = new OverlayUpper.Tmpfs(256L << 20, 16384),
            Mode = 0x1ed,
            Group = new GroupId(0),
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,
            Propagation = Propagation.Private,
            Create = CreateTarget.No,
        },
        new SetupStep.OverlayMount
        {
            Location = At(62),
            Target = AbsolutePath.Parse("/home/alice/try"),
            Lowers = [new OverlayLower(AbsolutePath.Parse("/srv/template"), 0xef53)],
            Upper = new OverlayUpper.Kept(LayerScope.User, new UserId(1000), "build", @"build.home-alice-try"),
            Mode = 0x1e8,
            Group = new GroupId(27),
            Attributes = MountAttributes.NoSuid | MountAttributes.NoDev,
            Propagation = Propagation.Private,
            Create = CreateTarget.Directory,
        },
        new SetupStep.Symlink { Location = At(51), Target = AbsolutePath.Parse("/dev/fd"), CreatedOn = AbsolutePath.Parse("/dev"), Text = "/proc/self/fd" },
        new SetupStep.NewDirectory { Location = At(70), Target = AbsolutePath.Parse("/dev/below"), CreatedOn = AbsolutePath.Parse("/dev"), Mode = 0x3ff, Owner = new UserId(1000), Group = new GroupId(27) },
        new SetupStep.NewFile
        {
            Location = At(74),
            Target = AbsolutePath.Parse("/dev/below/note"),
            CreatedOn = AbsolutePath.Parse("/dev"),
            Mode = 0x180,
            Owner = new UserId(0),
            Group = new GroupId(0),
            Content = ByteString.FromText("secret\n"),
        },
    ];

    private static SetupStep.BindMount Bind(string source, string target, bool recursive, bool optional, int line) => new()
    {
        Location = At(line),
        Source = AbsolutePath.Parse(source),
        Within = null,
        Target = AbsolutePath.Parse(target),
        Recursive = recursive,
        Attributes = MountAttributes.ReadOnly | MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec | MountAttributes.NoAtime | MountAttributes.NoSymFollow,
        Propagation = Propagation.Private,
        Optional = optional,
        Create = CreateTarget.Auto,
    };

    private static ShareBacking Backing(string key, AbsolutePath? source, UserId owner, GroupId group, int mode, int line) => new()
    {
        Key = key,
        Source = source is null ? ShareSource.Tmpfs : ShareSource.Directory,
        SourcePath = source,
        Owner = owner,
        Group = group,
        Mode = mode,
        Size = 1L << 30,
        Inodes = 16384,
        Location = At(line),
    };
}
