using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Supervisors;

/// <summary>Bytes on their way in one direction.</summary>
internal sealed unsafe class RelayBuffer
{
    private const int Size = 16 * 1024;
    private const int EAGAIN_ = 11;
    private const int EINTR_ = 4;

    private readonly byte[] content = new byte[Size];
    private int start;
    private int end;

    public bool HasRoom => end < Size;

    public bool HasContent => start < end;

    /// <summary>How many bytes came; 0 when there are none now, -1 when none will come any more.</summary>
    public int Fill(int from)
    {
        fixed (byte* buffer = content)
        {
            // Safe: end is at most Size.
            long got = (long)read(from, buffer + end, Size - end);
            if (got > 0)
            {
                end += (int)got;
            }

            return got > 0 ? (int)got
                : got < 0 && Marshal.GetLastPInvokeError() is EAGAIN_ or EINTR_ ? 0
                : -1;
        }
    }

    /// <summary>Writes what the other side takes; false when it takes nothing any more, and the bytes are gone.</summary>
    public bool Empty(int to)
    {
        while (HasContent)
        {
            fixed (byte* buffer = content)
            {
                // Safe: start and end lie in the buffer.
                long put = (long)write(to, buffer + start, end - start);
                if (put > 0)
                {
                    start += (int)put;
                    continue;
                }

                if (Marshal.GetLastPInvokeError() is EAGAIN_ or EINTR_)
                {
                    break;
                }

                start = end = 0;
                return false;
            }
        }

        if (start == end)
        {
            start = end = 0;
        }
        else if (start > 0)
        {
            content.AsSpan(start, end - start).CopyTo(content);
            (start, end) = (0, end - start);
        }

        return true;
    }

    public void Add(byte value)
    {
        if (HasRoom)
        {
            content[end++] = value;
        }
    }
}
