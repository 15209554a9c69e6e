using System.Globalization;
using System.Text;

namespace NsHelper.Planning.Identity;

/// <summary>Whose a process is, from its /proc/PID/status: the real ids.</summary>
internal readonly record struct ProcessOwner(UserId UserId, GroupId GroupId)
{
    /// <summary>Null when the text has not the lines of proc_pid_status(5).</summary>
    public static ProcessOwner? Of(ReadOnlySpan<byte> status) =>
        FirstIn(status, "\nUid:\t"u8) is uint user && FirstIn(status, "\nGid:\t"u8) is uint group ? new ProcessOwner(new UserId(user), new GroupId(group)) : null;

    private static uint? FirstIn(ReadOnlySpan<byte> status, ReadOnlySpan<byte> label)
    {
        int start = status.IndexOf(label);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = status[(start + label.Length)..];
        int length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length > 0 && uint.TryParse(Encoding.ASCII.GetString(rest[..length]), NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : null;
    }
}
