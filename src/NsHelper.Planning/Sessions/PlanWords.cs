using System.Diagnostics;
using System.Globalization;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The values of a plan in the words of the profile, for both forms of explain.</summary>
internal static class PlanWords
{
    /// <summary>RLIMIT_* in the order of their numbers, as [limits] names them.</summary>
    private static readonly string[] LimitNames =
    [
        "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile",
        "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
    ];

    public static readonly string[] StreamNames = ["stdin", "stdout", "stderr"];

    private static readonly (MountAttributes Attribute, string Word)[] AttributeWords =
    [
        (MountAttributes.ReadOnly, "ro"), (MountAttributes.NoSuid, "nosuid"), (MountAttributes.NoDev, "nodev"),
        (MountAttributes.NoExec, "noexec"), (MountAttributes.NoAtime, "noatime"), (MountAttributes.NoSymFollow, "nosymfollow"),
    ];

    public static IEnumerable<string> PrivateNamespaces(NamespaceSet unshare) => Namespaces(unshare, arePrivate: true);

    public static IEnumerable<string> HostNamespaces(Isolation isolation) =>
        Namespaces(isolation.Unshare | (isolation.JoinedNetwork is null ? 0 : NamespaceSet.Network), arePrivate: false);

    public static string Of(Propagation propagation) => propagation switch
    {
        Propagation.Inherit => "inherit",
        Propagation.Private => "private",
        Propagation.Slave => "slave",
        Propagation.Shared => "shared",
        Propagation.Unbindable => "unbindable",
        Propagation.Unchanged => "unchanged",
        _ => throw new UnreachableException(),
    };

    /// <summary>What the session has of terminals, in pieces.</summary>
    public static List<string> Of(Supervision supervision)
    {
        if (supervision.Terminal != SessionTerminal.Own)
        {
            return [supervision.IsDetached ? "none: /dev/null for stdin, stdout and stderr" : supervision.Terminal == SessionTerminal.None ? "none: a session of its own" : "the caller's"];
        }

        List<string> pieces = [supervision.TerminalIsOfSession ? "its own, of the session's /dev/pts," : "its own, of the host's /dev/ptmx,"];
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            if ((supervision.TerminalDescriptors & (1 << descriptor)) != 0)
            {
                pieces.Add(StreamNames[descriptor]);
            }
        }

        return pieces;
    }

    /// <summary>When the session ends, in pieces.</summary>
    public static List<string> EndOf(Supervision supervision)
    {
        List<string> pieces = [supervision.WaitsForAll ? "when all its processes have ended" : "with the command"];
        if (supervision.RuntimeMax is long seconds)
        {
            pieces[^1] += ",";
            pieces.Add(string.Create(CultureInfo.InvariantCulture, $"after {seconds} s at the latest"));
        }

        if (supervision.IsDetached)
        {
            pieces[^1] += ",";
            pieces.Add("detached from nshelper");
        }
        else if (supervision.EndsWithParent)
        {
            pieces[^1] += ",";
            pieces.Add("or when nshelper is killed");
        }

        return pieces;
    }

    /// <summary>The kernel's name of the file system type.</summary>
    public static string Of(KernelFileSystem fileSystem) => fileSystem switch
    {
        KernelFileSystem.Proc => "proc",
        KernelFileSystem.Sysfs => "sysfs",
        KernelFileSystem.Devpts => "devpts",
        KernelFileSystem.Mqueue => "mqueue",
        _ => throw new UnreachableException(),
    };

    /// <summary>The value of proc's hidepid, which is also the word of protect_proc.</summary>
    public static string Of(ProcessVisibility visibility) => visibility switch
    {
        ProcessVisibility.NoAccess => "noaccess",
        ProcessVisibility.Invisible => "invisible",
        ProcessVisibility.Ptraceable => "ptraceable",
        _ => throw new UnreachableException(),
    };

    /// <summary>The mode of the root and what belongs to it, in pieces.</summary>
    public static List<string> Of(SessionRoot root) => root switch
    {
        SessionRoot.Host => ["host"],
        SessionRoot.Tmpfs tmpfs => ["tmpfs", $"size {Size(tmpfs.Size)}", string.Create(CultureInfo.InvariantCulture, $"inodes {tmpfs.Inodes}")],
        SessionRoot.Directory directory => [$"directory {Escaped.Text(directory.Path.Text)}"],
        SessionRoot.Overlay overlay => [$"overlay {Escaped.Text(overlay.Mount.Lowers[0].Path.Text)}", .. Of(overlay.Mount.Upper)],
        _ => throw new UnreachableException(),
    };

    /// <summary>Where the changes of an overlay go, in pieces.</summary>
    public static List<string> Of(OverlayUpper upper) => upper switch
    {
        OverlayUpper.Tmpfs tmpfs => ["changes in a tmpfs", $"size {Size(tmpfs.Size)}", string.Create(CultureInfo.InvariantCulture, $"inodes {tmpfs.Inodes}")],
        OverlayUpper.Kept kept => [$"changes kept in {Escaped.Text(kept.Place)}"],
        _ => throw new UnreachableException(),
    };

    public static string Of(CreateTarget create) => create switch
    {
        CreateTarget.No => "no",
        CreateTarget.Directory => "dir",
        CreateTarget.File => "file",
        CreateTarget.Auto => "auto",
        _ => throw new UnreachableException(),
    };

    /// <summary>What is set on the mount; what is not named stays as the source has it.</summary>
    public static IEnumerable<string> Of(MountAttributes attributes)
    {
        foreach ((MountAttributes attribute, string word) in AttributeWords)
        {
            if (attributes.HasFlag(attribute))
            {
                yield return word;
            }
        }
    }

    /// <summary>Bytes with the largest unit that loses nothing: 64M.</summary>
    public static string Size(long bytes) => bytes switch
    {
        > 0 when bytes % (1L << 30) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}G"),
        > 0 when bytes % (1L << 20) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}M"),
        > 0 when bytes % (1L << 10) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}K"),
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Permission bits in octal with a leading zero: 0755, 01777.</summary>
    public static string Mode(long bits) => "0" + Convert.ToString(bits, 8).PadLeft(3, '0');

    public static string LimitName(int number) =>
        number < LimitNames.Length ? LimitNames[number] : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Signals of a mask, bit n-1 = signal n.</summary>
    public static IEnumerable<int> Signals(ulong mask)
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((mask >> (signal - 1) & 1) != 0)
            {
                yield return signal;
            }
        }
    }

    /// <summary>The name of NAME=VALUE: values may be secrets and are shown nowhere.</summary>
    public static ByteString NameOf(ByteString variable)
    {
        int equals = variable.Span.IndexOf((byte)'=');
        return equals < 0 ? variable : new ByteString(variable.Span[..equals]);
    }

    private static IEnumerable<string> Namespaces(NamespaceSet unshare, bool arePrivate)
    {
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            if ((unshare & FlagOf(kind)) != 0 == arePrivate)
            {
                yield return NamespaceKinds.NameOf(kind);
            }
        }
    }

    public static NamespaceSet FlagOf(NamespaceKind kind) => kind switch
    {
        NamespaceKind.Cgroup => NamespaceSet.Cgroup,
        NamespaceKind.Ipc => NamespaceSet.Ipc,
        NamespaceKind.Mount => NamespaceSet.Mount,
        NamespaceKind.Network => NamespaceSet.Network,
        NamespaceKind.Pid => NamespaceSet.Pid,
        NamespaceKind.Time => NamespaceSet.Time,
        NamespaceKind.Uts => NamespaceSet.Uts,

        // No plan of this version can leave it.
        NamespaceKind.User => NamespaceSet.None,
        _ => throw new UnreachableException(),
    };
}
