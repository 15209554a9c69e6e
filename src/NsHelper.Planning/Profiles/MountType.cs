namespace NsHelper.Planning.Profiles;

/// <summary>mount.type, in the order of the schema's words.</summary>
internal enum MountType
{
    Bind,
    Tmpfs,
    Overlay,
    Proc,
    Sysfs,
    Devpts,
    Mqueue,
    Mask,
    Symlink,
    Directory,
    File,
}
