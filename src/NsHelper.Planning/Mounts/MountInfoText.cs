using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace NsHelper.Planning.Mounts;

/// <summary>The whole text of /proc/PID/mountinfo. It is only ever shown: no decision of this program rests on it.</summary>
internal static class MountInfoText
{
    /// <summary>False when a line is not in the documented form; <paramref name="badLine"/> then counts from 1.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ImmutableArray<MountEntry>? mounts, out int badLine)
    {
        mounts = null;
        badLine = 0;
        ImmutableArray<MountEntry>.Builder entries = ImmutableArray.CreateBuilder<MountEntry>();
        while (!text.IsEmpty)
        {
            badLine++;
            int end = text.IndexOf((byte)'\n');
            if (end < 0 || !MountInfoLine.TryParse(text[..end], out MountEntry? entry))
            {
                return false;
            }

            entries.Add(entry);
            text = text[(end + 1)..];
        }

        mounts = entries.ToImmutable();
        return true;
    }
}
