using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Linux.Native;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Process;

/// <summary>
/// Whether the root put aside is worth what a session needs: all capabilities permitted, in the host's user namespace, and given by the setuid
/// bit. One clear refusal otherwise; there is no second way that needs less.
/// </summary>
internal static unsafe class PrivilegeCheck
{
    private const int UidMapSize = 128;

    private static ReadOnlySpan<(int Capability, string Name)> Needed => new[]
    {
        (CAP_CHOWN, "cap_chown"), (CAP_DAC_OVERRIDE, "cap_dac_override"), (CAP_FOWNER, "cap_fowner"), (CAP_SETGID, "cap_setgid"),
        (CAP_SETPCAP, "cap_setpcap"), (CAP_NET_ADMIN, "cap_net_admin"), (CAP_SYS_ADMIN, "cap_sys_admin"),
    };

    /// <summary>Throws <see cref="StartFaultException"/> with the cause a user can pass on.</summary>
    public static ParkedPrivileges Require(CleanProcess process)
    {
        if (process.Privileges is not { } privileges)
        {
            throw new StartFaultException(Libc.prctl(Libc.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1
                ? "no root rights: no_new_privs is set for this process, so the setuid bit has no effect (nested use, or a hardened service)"
                : "no root rights: nshelper is not installed setuid root, or lies on a file system mounted nosuid, or runs in a user namespace; nshelper doctor says more");
        }

        if (!process.RealUser.IsRoot && Libc.getauxval((nuint)Libc.AT_SECURE) != 1)
        {
            throw new StartFaultException("no root rights: the kernel did not start this process as a setuid program");
        }

        RequireCapabilities();
        RequireHostUserNamespace();
        return privileges;
    }

    /// <summary>The kernel's last capability: the bounding set ends there.</summary>
    public static int LastCapability()
    {
        int last = CAP_LAST_CAP_OF_5_12;
        while (last < MaxCapability && Libc.prctl(Libc.PR_CAPBSET_READ, last + 1, 0, 0, 0) >= 0)
        {
            last++;
        }

        return last;
    }

    /// <summary>Bit n is capability n.</summary>
    public static (ulong Effective, ulong Permitted) Sets()
    {
        uint* header = stackalloc uint[] { LINUX_CAPABILITY_VERSION_3, 0 };
        uint* data = stackalloc uint[6];
        SystemCallException.ThrowIfNegative(Libc.capget(header, data), "capget", "capabilities");
        return (data[0] | ((ulong)data[3] << 32), data[1] | ((ulong)data[4] << 32));
    }

    /// <summary>What a start needs and no program could get any more, set-user-ID or not.</summary>
    public static ImmutableArray<string> MissingFromBoundingSet()
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach ((int capability, string name) in Needed)
        {
            if (Libc.prctl(Libc.PR_CAPBSET_READ, capability, 0, 0, 0) == 0)
            {
                missing.Add(name);
            }
        }

        return missing.ToImmutable();
    }

    private static void RequireCapabilities()
    {
        (_, ulong permitted) = Sets();
        foreach ((int capability, string name) in Needed)
        {
            if ((permitted & (1UL << capability)) == 0)
            {
                throw new StartFaultException($"no full root rights: {name} is missing from the bounding set (a container, or a hardened service)");
            }
        }
    }

    private static void RequireHostUserNamespace()
    {
        if (!IsInHostUserNamespace())
        {
            throw new StartFaultException("this is not the host's user namespace");
        }
    }

    /// <summary>In another user namespace root is not the host's root, and a mount is not what a profile promises.</summary>
    public static bool IsInHostUserNamespace()
    {
        byte* buffer = stackalloc byte[UidMapSize];
        long length;
        fixed (byte* path = "/proc/self/uid_map\0"u8)
        {
            using FileDescriptor map = FileDescriptor.Take(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), "open", "/proc/self/uid_map");
            length = (long)read(map.Number, buffer, UidMapSize);
            SystemCallException.ThrowIfNegative(length, "read", "/proc/self/uid_map");
        }

        // Safe: `length` is at most the size of the buffer.
        string[] fields = Encoding.ASCII.GetString(buffer, (int)length).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return fields.Length == 3 && fields[0] == "0" && fields[1] == "0" && fields[2] == uint.MaxValue.ToString(CultureInfo.InvariantCulture);
    }
}
