namespace NsHelper.Linux.Execution;

/// <summary>
/// Which shares have a session: locks on bytes of one empty file, which nobody but root can open. Two bytes a share. One is locked to write while the
/// share is made or taken away; the other to read by each init that has the share, until the kernel lets go of it when the init ends, however it does.
/// Two shares with the same bytes would only wait for each other, and be kept for each other.
/// </summary>
internal static class ShareUse
{
    /// <summary>In the directory of shares, whose other names have a dot.</summary>
    public const string File = "lock";

    public const int Mode = 0x180; // 0600

    public static long ChangeOf(string key) => BytesOf(key);

    public static long UseOf(string key) => BytesOf(key) + 1;

    /// <summary>FNV-1a, an even offset below the kernel's greatest.</summary>
    private static long BytesOf(string key)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (char character in key)
        {
            hash = unchecked((hash ^ character) * 0x100000001b3);
        }

        return (long)(hash >> 2) * 2;
    }
}
