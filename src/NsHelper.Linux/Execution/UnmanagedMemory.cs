using System.Text;
using NsHelper.Planning;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The memory of a lowered plan: strings and structures that the kernel reads, at addresses that never move. It is never freed:
/// the process becomes the command or ends.
/// </summary>
internal sealed unsafe class UnmanagedMemory
{
    private const int ChunkSize = 64 * 1024;
    private byte* next;
    private int left;

    /// <summary>Zeroed memory, aligned for every structure.</summary>
    public byte* Allocate(int size)
    {
        int rounded = (size + 15) & ~15;
        if (rounded > left)
        {
            // Safe: a fresh block of at least `rounded` bytes; a request above the chunk size gets a block of its own. Its pages are there
            // at once: a plan of fifty kilobytes would otherwise cost a fault for each, which is more than all of its making.
            left = Math.Max(rounded, ChunkSize);
            void* block = mmap(null, left, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
            if (unchecked((long)block) == -1)
            {
                throw new InsufficientMemoryException();
            }

            next = (byte*)block;
        }

        byte* allocated = next;
        next += rounded;
        left -= rounded;
        return allocated;
    }

    public byte* String(ReadOnlySpan<byte> text)
    {
        byte* block = Allocate(text.Length + 1);
        text.CopyTo(new Span<byte>(block, text.Length));
        return block;
    }

    public byte* String(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* block = Allocate(length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(block, length));
        return block;
    }

    /// <summary>A NULL-terminated array of C strings, as execve(2) takes it.</summary>
    public byte** Strings(ReadOnlySpan<ByteString> texts)
    {
        var array = (byte**)Allocate(checked((texts.Length + 1) * sizeof(byte*)));
        for (int i = 0; i < texts.Length; i++)
        {
            array[i] = String(texts[i].Span);
        }

        return array;
    }
}
