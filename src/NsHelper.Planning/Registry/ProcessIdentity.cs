using System.Buffers.Text;

namespace NsHelper.Planning.Registry;

/// <summary>One process for as long as the host is up: its number, which may be given away again, and when it began.</summary>
/// <param name="Pid">As the host's /proc numbers it.</param>
/// <param name="StartTime">Clock ticks since the host came up.</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTime)
{
    /// <summary>Fields of proc_pid_stat(5) between the name, which is field 2, and the start time, which is field 22.</summary>
    private const int FieldsBefore = 19;

    /// <summary>
    /// The process of a /proc/PID/stat, or of the beginning of one; null when that is no such text. The process chooses its name, brackets and all, and nothing
    /// behind it: so the last bracket is where the name ends.
    /// </summary>
    public static ProcessIdentity? OfStat(ReadOnlySpan<byte> stat)
    {
        int end = stat.LastIndexOf((byte)')');
        if (end < 0 || !Utf8Parser.TryParse(stat, out int pid, out int digits) || pid <= 0 || digits >= stat.Length || stat[digits] != (byte)' ')
        {
            return null;
        }

        ReadOnlySpan<byte> rest = stat[(end + 1)..];
        for (int field = 0; field < FieldsBefore; field++)
        {
            int space = rest.StartsWith(" "u8) ? rest[1..].IndexOf((byte)' ') : -1;
            if (space <= 0)
            {
                return null;
            }

            rest = rest[(space + 1)..];
        }

        return rest.StartsWith(" "u8) && Utf8Parser.TryParse(rest[1..], out ulong start, out int length) && length > 0 && rest.Length > length + 1 && rest[length + 1] == (byte)' '
            ? new ProcessIdentity(pid, start)
            : null;
    }
}
