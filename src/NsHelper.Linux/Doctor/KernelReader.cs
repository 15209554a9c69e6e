using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Mounts;
using NsHelper.Linux.Namespaces;
using NsHelper.Linux.Native;
using NsHelper.Linux.Registry;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Namespaces;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Doctor;

/// <summary>What the kernel says of itself, and to calls that mean nothing.</summary>
internal static unsafe class KernelReader
{
    private const int Nothing = -1;

    /// <summary>The calls that came with the newest kernels, up to the floor; and whether the kernel asks for a capability before it looks at what is wrong with them.</summary>
    private static readonly (string Name, int Number, bool IsAnybodys)[] Calls =
    [
        ("open_tree", SystemCalls.NumberOf(SystemCall.OpenTree), true), ("move_mount", SystemCalls.NumberOf(SystemCall.MoveMount), false),
        ("fsopen", SystemCalls.NumberOf(SystemCall.FsOpen), false), ("fsconfig", SystemCalls.NumberOf(SystemCall.FsConfig), false),
        ("fsmount", SystemCalls.NumberOf(SystemCall.FsMount), false), ("mount_setattr", SystemCalls.NumberOf(SystemCall.MountSetAttr), false),
        ("openat2", SystemCalls.NumberOf(SystemCall.OpenAt2), true), ("close_range", SystemCalls.NumberOf(SystemCall.CloseRange), true),
        ("pidfd_open", SessionProcess.PidFdOpen, true),
    ];

    public static KernelState Read()
    {
        (ImmutableArray<string> missing, ImmutableArray<string> filtered) = Probe();
        return new KernelState
        {
            Release = FirstLine("/proc/sys/kernel/osrelease"),
            MissingCalls = missing,
            FilteredCalls = filtered,
            Namespaces = Namespaces(),
            ForbiddenNamespaces = Forbidden(),
            Filesystems = HostFileReader.Read("/proc/filesystems"),
            Mounts = Mounts(),
            SecurityModules = SecurityModules(),
        };
    }

    /// <summary>Every argument is one that the kernel refuses: descriptor -1, no memory, a range from its end to its beginning. Nothing is opened, closed or mounted.</summary>
    private static (ImmutableArray<string> Missing, ImmutableArray<string> Filtered) Probe()
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        var filtered = ImmutableArray.CreateBuilder<string>();
        foreach ((string name, int number, bool isAnybodys) in Calls)
        {
            long result = (long)syscall(number, Nothing, 0, Nothing, 0, Nothing);
            int error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == ENOSYS)
            {
                missing.Add(name);
            }
            else if (isAnybodys && error == EPERM)
            {
                filtered.Add(name);
            }
        }

        return (missing.ToImmutable(), filtered.ToImmutable());
    }

    private static NamespaceIds? Namespaces()
    {
        try
        {
            return NamespaceReader.Read(null);
        }
        catch (SystemCallException)
        {
            return null; // said to be not seen
        }
    }

    private static ImmutableArray<NamespaceKind> Forbidden()
    {
        var kinds = ImmutableArray.CreateBuilder<NamespaceKind>();
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            if (FirstLine($"/proc/sys/user/max_{NamespaceKinds.NameOf(kind)}_namespaces") == "0")
            {
                kinds.Add(kind);
            }
        }

        return kinds.ToImmutable();
    }

    private static ImmutableArray<MountEntry> Mounts()
    {
        try
        {
            return MountTable.Read(null);
        }
        catch (Exception fault) when (fault is SystemCallException or FormatException)
        {
            return []; // said to be not seen
        }
    }

    private static ImmutableArray<string> SecurityModules()
    {
        var modules = ImmutableArray.CreateBuilder<string>();
        if (Array.IndexOf(FirstLine("/sys/kernel/security/lsm").Split(','), "apparmor") >= 0)
        {
            modules.Add("AppArmor");
        }

        if (FirstLine("/sys/fs/selinux/enforce") == "1")
        {
            modules.Add("SELinux");
        }

        return modules.ToImmutable();
    }

    private static string FirstLine(string path) => HostFileReader.Read(path).Lines()[0];
}
