using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning.Doctor;
using NsHelper.Planning.Identity;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Doctor;

/// <summary>What this process is made of, and what its start has left of its rights.</summary>
internal static unsafe class ProgramReader
{
    private const string Self = "/proc/self/exe";
    private const int PathMax = 4096;
    private const int StatfsSize = 128;
    private const int StatfsFlagsOffset = 80;
    private const ulong NoSuid = 2; // ST_NOSUID

    public static ProgramState Program()
    {
        string path = PathOfProgram();
        HostPath file = HostFileReader.LookBehind(Self, out var identity) with { Path = path };
        var above = ImmutableArray.CreateBuilder<HostPath>();
        for (int slash = path.LastIndexOf('/'); slash >= 0; slash = slash == 0 ? -1 : path.LastIndexOf('/', slash - 1))
        {
            above.Add(HostFileReader.LookBehind(slash == 0 ? "/" : path[..slash], out _));
        }

        HostPath shell = HostFileReader.LookBehind($"{path[..path.LastIndexOf('/')]}/{LoginStateRules.Shell}", out var shellIdentity);
        return new ProgramState
        {
            File = file,
            Above = above.ToImmutable(),
            GroupName = AccountDatabase.NameOf(new GroupId(file.Group)),
            IsOnNoSuidMount = IsOnNoSuidMount(),
            LoginShell = shell,
            LoginShellIsProgram = shellIdentity == identity,
        };
    }

    public static ProcessState Process(CleanProcess process) => new()
    {
        IsAskedByRoot = process.RealUser.IsRoot,
        HadRoot = process.Privileges is not null,
        HasNoNewPrivileges = Libc.prctl(Libc.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
        IsInHostUserNamespace = IsInHostUserNamespace(),
        Tracer = Tracer(),
        MissingCapabilities = PrivilegeCheck.MissingFromBoundingSet(),
    };

    private static bool? IsInHostUserNamespace()
    {
        try
        {
            return PrivilegeCheck.IsInHostUserNamespace();
        }
        catch (SystemCallException)
        {
            return null; // said to be not seen
        }
    }

    /// <summary>As the kernel has it now; where it cannot be told, the name by which the kernel reaches it.</summary>
    private static string PathOfProgram()
    {
        byte* buffer = stackalloc byte[PathMax];
        fixed (byte* link = "/proc/self/exe\0"u8)
        {
            long length = (long)readlink(link, buffer, PathMax);

            // Safe: `length` is at most the size of the buffer.
            string path = length > 0 ? Encoding.UTF8.GetString(buffer, (int)length) : Self;
            return path.StartsWith('/') ? path : Self;
        }
    }

    private static bool IsOnNoSuidMount()
    {
        byte* buffer = stackalloc byte[StatfsSize];
        fixed (byte* path = "/proc/self/exe\0"u8)
        {
            // Safe: struct statfs has 120 bytes on the architectures that are served.
            return (long)syscall(SystemCalls.NumberOf(SystemCall.Statfs), path, buffer) == 0
                && (BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(buffer + StatfsFlagsOffset, sizeof(ulong))) & NoSuid) != 0;
        }
    }

    private static int Tracer()
    {
        const string label = "TracerPid:";
        foreach (string line in HostFileReader.Read("/proc/self/status").Lines())
        {
            if (line.StartsWith(label, StringComparison.Ordinal))
            {
                return int.TryParse(line.AsSpan(label.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int tracer) ? tracer : 0;
            }
        }

        return 0;
    }
}
