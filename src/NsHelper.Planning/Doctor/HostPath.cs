namespace NsHelper.Planning.Doctor;

/// <summary>What the caller sees of a path: whether it is there, whose it is, and its mode with the bits of its type.</summary>
internal sealed record HostPath(string Path, Presence Presence, uint Owner, uint Group, uint Mode)
{
    private const uint TypeBits = 0xf000; // S_IFMT
    private const uint DirectoryType = 0x4000; // S_IFDIR
    private const uint PermissionBits = 0xfff;
    private const uint WritableByOthers = 0x12; // S_IWGRP | S_IWOTH, and the mask of an ACL

    public bool IsThere => Presence == Presence.There;

    public bool IsDirectory => (Mode & TypeBits) == DirectoryType;

    public uint Permissions => Mode & PermissionBits;

    public bool OthersMayWrite => (Mode & WritableByOthers) != 0;

    /// <summary>Nobody but root can have shaped it.</summary>
    public bool IsRootsAlone => Owner == 0 && !OthersMayWrite;
}

/// <summary>Whether something is there for the caller.</summary>
internal enum Presence
{
    There,
    Missing,

    /// <summary>The caller may not see whether it is, or what is in it.</summary>
    Unseen,
}
