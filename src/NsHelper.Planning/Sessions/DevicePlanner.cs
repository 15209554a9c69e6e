using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// private_devices as the mounts it stands for: a /dev of root's in which nothing is but pseudo devices of the host, and what the profile
/// adds. Comes after the profile's own mounts, to which it gives way.
/// </summary>
internal sealed class DevicePlanner(ProtectSettings protect, bool hasOwnQueues, SessionMounts mounts)
{
    private const long DirectorySize = 65536; // holds names alone
    private const int DirectoryInodes = 1024;
    private const int OpenMode = 0x1ed; // 0755
    private const int StickyWorldWritable = 0x3ff; // 1777

    /// <summary>What is there by itself.</summary>
    public static readonly ImmutableArray<(string Name, DeviceNumber Number)> PseudoDevices =
    [
        ("null", new(1, 3)), ("zero", new(1, 5)), ("full", new(1, 7)), ("random", new(1, 8)), ("urandom", new(1, 9)), ("tty", new(5, 0)),
    ];

    /// <summary>What programs look for beside them.</summary>
    private static readonly ImmutableArray<(string Name, string Text)> Links =
    [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"), ("core", "/proc/kcore"), ("ptmx", "pts/ptmx"),
    ];

    public static AbsolutePath Directory => AbsolutePath.Parse("/dev");

    private static AbsolutePath SharedMemory => AbsolutePath.Parse("/dev/shm");

    public void AddMounts()
    {
        if (!protect.PrivateDevices)
        {
            return;
        }

        mounts.Add(Tmpfs(Directory, DirectorySize, DirectoryInodes, OpenMode) with { Attributes = MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec });
        foreach ((string name, DeviceNumber number) in PseudoDevices)
        {
            Add(Device(AbsolutePath.Parse($"{Directory}/{name}"), number, protect.DevicesLocation));
        }

        foreach (AllowedDevice allowed in protect.AllowedDevices)
        {
            Add(Device(allowed.Path, null, allowed.Location));
        }

        AddKernel(KernelFileSystem.Devpts, MountType.Devpts, MountAttributes.NoSuid | MountAttributes.NoExec);
        Add(Tmpfs(SharedMemory, protect.PrivateTmpSize, Amounts.DefaultInodes, StickyWorldWritable));
        if (hasOwnQueues)
        {
            AddKernel(KernelFileSystem.Mqueue, MountType.Mqueue, MountAttributes.NoSuid | MountAttributes.NoDev | MountAttributes.NoExec);
        }

        foreach ((string name, string text) in Links)
        {
            var link = new SetupStep.Symlink { Location = protect.DevicesLocation, Target = AbsolutePath.Parse($"{Directory}/{name}"), Text = text };
            if (!mounts.IsTaken(link.Target))
            {
                mounts.Add(link);
            }
        }
    }

    private void Add(SetupStep.MountStep step)
    {
        if (!mounts.IsTaken(step.Target))
        {
            mounts.Add(step);
        }
    }

    private void AddKernel(KernelFileSystem fileSystem, MountType type, MountAttributes attributes) => Add(new SetupStep.KernelMount
    {
        Location = protect.DevicesLocation,
        Target = MountPlaces.PlaceOf(type) ?? throw new InvalidOperationException("a file system of /dev without a place"),
        FileSystem = fileSystem,
        Attributes = attributes,
        Propagation = Propagation.Private,
        Create = CreateTarget.Directory,
    });

    private SetupStep.TmpfsMount Tmpfs(AbsolutePath target, long size, int inodes, int mode) => MountPlanner.Tmpfs(
        target, size, inodes, mode, new UserId(0), new GroupId(0), default, Propagation.Private, CreateTarget.Directory, protect.DevicesLocation);

    private static SetupStep.DeviceMount Device(AbsolutePath path, DeviceNumber? number, SourceLocation location) => new()
    {
        Location = location,
        Target = path,
        Number = number,
        Attributes = MountAttributes.NoSuid | MountAttributes.NoExec,
        Propagation = Propagation.Private,
        Create = CreateTarget.File,
    };
}
