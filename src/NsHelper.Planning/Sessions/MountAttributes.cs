namespace NsHelper.Planning.Sessions;

/// <summary>Attributes of a mount; the values are MOUNT_ATTR_* of mount_setattr(2).</summary>
[Flags]
internal enum MountAttributes
{
    None = 0,
    ReadOnly = 0x0000_0001,
    NoSuid = 0x0000_0002,
    NoDev = 0x0000_0004,
    NoExec = 0x0000_0008,
    NoAtime = 0x0000_0010,
    NoSymFollow = 0x0020_0000,
}
