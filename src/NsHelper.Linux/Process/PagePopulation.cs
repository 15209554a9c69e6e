using System.Runtime;
using System.Runtime.InteropServices;

namespace NsHelper.Linux.Process;

/// <summary>
/// The pages of the program, asked for at once. The runtime lays out its types and strings in half a megabyte of zero pages at
/// every start, and a fault for each costs more than the laying out itself.
/// </summary>
/// <remarks>
/// This is DT_INIT of the file: the loader calls it, before the runtime exists. So it has the stack, two functions of libc and
/// nothing else: no allocation, no exception (hence unchecked), no type that must be initialised, no transition of the
/// collector. It reads what the kernel said of this file, and no result: without madvise(2) the pages fault as ever.
/// </remarks>
internal static unsafe class PagePopulation
{
    // elf.h
    private const nuint AT_PHDR = 3;
    private const nuint AT_PHNUM = 5;
    private const nuint AT_PAGESZ = 6;
    private const uint PT_LOAD = 1;
    private const uint PT_PHDR = 6;
    private const uint PF_W = 2;

    // sys/mman.h, since Linux 5.14
    private const int MADV_POPULATE_READ = 22;
    private const int MADV_POPULATE_WRITE = 23;

    [RuntimeExport("nshelper_populate_pages")]
    private static void Populate()
    {
        unchecked
        {
            var headers = (ProgramHeader*)getauxval(AT_PHDR);
            nuint count = getauxval(AT_PHNUM);
            nuint pageMask = getauxval(AT_PAGESZ) - 1;
            nuint bias = 0;
            for (ProgramHeader* header = headers; header < headers + count; header++)
            {
                nuint start = bias + header->VirtualAddress;
                nuint end = start + header->MemorySize;
                if (header->Type == PT_PHDR)
                {
                    bias = (nuint)headers - header->VirtualAddress;
                }
                else if (header->Type == PT_LOAD && (header->Flags & PF_W) == 0)
                {
                    start &= ~pageMask;
                    _ = madvise(start, end - start, MADV_POPULATE_READ);
                }
                else if (header->Type == PT_LOAD)
                {
                    // What follows the bytes of the file: those before are written by the loader, or read-only by now.
                    start = (start + header->FileSize + pageMask) & ~pageMask;
                    _ = madvise(start, end - start, MADV_POPULATE_WRITE);
                }
            }
        }
    }

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern nuint getauxval(nuint type);

    [DllImport("libc")]
    [SuppressGCTransition]
    private static extern int madvise(nuint start, nuint length, int advice);

    /// <summary>Elf64_Phdr of elf(5).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ProgramHeader
    {
        public readonly uint Type;
        public readonly uint Flags;
        public readonly nuint Offset;
        public readonly nuint VirtualAddress;
        public readonly nuint PhysicalAddress;
        public readonly nuint FileSize;
        public readonly nuint MemorySize;
        public readonly nuint Alignment;
    }
}
