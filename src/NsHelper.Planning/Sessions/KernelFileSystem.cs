namespace NsHelper.Planning.Sessions;

/// <summary>The kernel's own file systems that a session may have; there is no other way to name a file system type.</summary>
internal enum KernelFileSystem
{
    Proc,

    /// <summary>Shows the devices of the network namespace it is made in.</summary>
    Sysfs,

    /// <summary>Always an instance of its own.</summary>
    Devpts,

    /// <summary>Shows the queues of the IPC namespace it is made in.</summary>
    Mqueue,
}

/// <summary>What a process sees of the processes of others: hidepid of proc(5), in the words of systemd.exec(5).</summary>
internal enum ProcessVisibility
{
    NoAccess,
    Invisible,
    Ptraceable,
}
