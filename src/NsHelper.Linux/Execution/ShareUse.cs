using System.Text;
using NsHelper.Planning;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Which shares have a session: locks on bytes of two empty files, which nobody but root can open; a byte a share in each. One file is locked to write
/// while the share is made or taken away, and open no longer than that. The other is locked to read by each init that has the share, until the kernel
/// lets go of it when the init ends, however it does. They are two because an init is the user's: whoever gets hold of its descriptor can keep shares
/// from being taken away, and no start from being made. Two shares with one byte would only wait for each other, and be kept for each other.
/// </summary>
internal static class ShareUse
{
    /// <summary>Both in the directory of shares, whose other names have a dot.</summary>
    public const string ChangeFile = "change";
    public const string UseFile = "use";

    public const int Mode = 0x180; // 0600

    /// <summary>Below the kernel's greatest offset.</summary>
    public static long ByteOf(string key) => (long)(ByteDigest.AddBytes(ByteDigest.Start, Encoding.UTF8.GetBytes(key)) >> 2);
}
