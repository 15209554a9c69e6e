namespace NsHelper.Linux.Execution;

/// <summary>Constants of the kernel's interface that lowering uses and Tmds.LibC lacks; C names and values, the same on x86-64 and arm64.</summary>
internal static class KernelConstants
{
    public const int AT_RECURSIVE = 0x8000;

    // open_tree(2), move_mount(2)
    public const int OPEN_TREE_CLONE = 1;
    public const int MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    public const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    // fsopen(2), fsconfig(2), fsmount(2)
    public const int FSOPEN_CLOEXEC = 1;
    public const int FSCONFIG_SET_FLAG = 0;
    public const int FSCONFIG_SET_STRING = 1;
    public const int FSCONFIG_CMD_CREATE = 6;
    public const int FSMOUNT_CLOEXEC = 1;

    // renameat2(2)
    public const int RENAME_NOREPLACE = 1;

    // flock(2)
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int LOCK_UN = 8;

    // capabilities(7), capset(2)
    public const uint LINUX_CAPABILITY_VERSION_3 = 0x20080522;
    public const int CAP_CHOWN = 0;
    public const int CAP_DAC_OVERRIDE = 1;
    public const int CAP_FOWNER = 3;
    public const int CAP_FSETID = 4;
    public const int CAP_SETGID = 6;
    public const int CAP_SETPCAP = 8;
    public const int CAP_NET_ADMIN = 12;
    public const int CAP_SYS_CHROOT = 18;
    public const int CAP_SYS_PTRACE = 19;
    public const int CAP_SYS_ADMIN = 21;
    public const int CAP_SYS_RESOURCE = 24;

    /// <summary>CAP_CHECKPOINT_RESTORE, the last one of the oldest kernel served.</summary>
    public const int CAP_LAST_CAP_OF_5_12 = 40;
    public const int MaxCapability = 63;

    /// <summary>CLONE_THREAD in unshare(2): refused by the kernel unless the process has one thread.</summary>
    public const int OneThreadOnly = 0x0001_0000;

    // netdevice(7)
    public const short IFF_UP = 0x1;
    public const short IFF_RUNNING = 0x40;

    /// <summary>f_type of proc(5).</summary>
    public const long PROC_SUPER_MAGIC = 0x9fa0;
    public const long NSFS_MAGIC = 0x6e736673;

    public const int STATX_MNT_ID = 0x1000;
}
